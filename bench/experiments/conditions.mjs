// What each experiment varies: conditions, each a list of changes of a base configuration, and seeds. Settings were chosen
// on part of the training trials, never on the test trials. Scored is the test part, or the one that `part` names.

const seeds = [1, 2, 3];

const losses = {
  sum: { loss: { weighting: "uniform" } },
  sum_exp: { loss: { weighting: "exponential" } },
  sum_linear: { loss: { weighting: "linear" } },
  sum_sigmoid: { loss: { weighting: "sigmoid" } },
  // These two have gradients of other sizes than integrals, and so of other relations to the regulariser's.
  max: {
    loss: { kind: "max_cross_entropy" },
    optimizer: { learning_rate: 0.002 },
    regularization: { spike_count: { upper: 3e-5, lower: 3e-4 } },
  },
  first_spike: {
    loss: { kind: "first_spike", tau0: 1, tau1: 100, alpha: 5e-5 },
    optimizer: { learning_rate: 0.002, groups: { "projections[2].weight": { rate_factor: 1 } } },
    network: { weights: { hidden_output: { mean: 0.5, sd: 0.3 } } },
  },
};

/** The base configuration's hidden layer with other settings: lists are replaced whole. */
const hiddenWith = (settings) => [{ size: 128, recurrent: true, tau_mem: 20, tau_syn: 10, ...settings }];
const feedForward = {
  network: { hidden: hiddenWith({ recurrent: false }), weights: { hidden_hidden: null } },
};

const lossConditions = Object.entries(losses).flatMap(([loss, changes]) => [
  [`${loss}, feed-forward`, [feedForward, changes]],
  [`${loss}, recurrent`, [changes]],
]);

/** The comparison below is with a delay line and a shift, without the others. */
const delayLine = {
  input: { delay_line: { copies: 5, step: 50 } },
  network: { weights: { input_hidden: { mean: 0.0005, sd: 0.02 } } },
  optimizer: { ease_in: { factor: 1.02 } },
};
const shift = { kind: "shift", channels: 3 };
const recurrentWith = (settings) => ({ network: { hidden: hiddenWith(settings) } });
const drawn = (mean, min) => ({ distribution: "gamma", shape: 3, mean, min, max: 3 * mean });
const ablation = {
  "delay line and shift": [delayLine],
  "no delay line": [],
  "no shift": [delayLine, { augmentation: [] }],
  blends: [delayLine, { augmentation: [shift, { kind: "blend", total: 5400 }] }],
  "drawn time constants": [delayLine, recurrentWith({ tau_mem: drawn(20, 3), tau_syn: drawn(10, 1) })],
  "trained time constants": [delayLine, recurrentWith({ train: ["tau_mem", "tau_syn"] })],
};

/**
 * Of the training recordings of each speaker in turn, in fewer epochs, and with a shift, since no voice of the training is
 * that of the test.
 */
const speakers = ["george", "jackson", "lucas", "nicolas", "theo", "yweweler"];
const otherVoices = {
  augmentation: [
    shift,
    { kind: "blend", keep: [0.55], total: 3400 },
    { kind: "dilate", factors: [0.8, 1.25] },
  ],
  epochs: 30,
  optimizer: { decay: 0.93 },
};
const heldOut = Object.fromEntries(
  speakers.map((name, speaker) => [
    name,
    [otherVoices, { split: { kind: "leave_one_speaker_out", speaker } }],
  ]),
);

export const experiments = {
  yinyang: { base: "configs/yinyang.yaml", conditions: { yinyang: [] }, seeds },
  latency_mnist: { base: "configs/latency_mnist.yaml", conditions: { latency_mnist: [] }, seeds },
  fsdd: { base: "configs/fsdd.yaml", conditions: { fsdd: [] }, seeds },
  fsdd_losses: {
    base: "bench/experiments/fsdd_small.yaml",
    conditions: Object.fromEntries(lossConditions),
    seeds,
  },
  fsdd_speakers: { base: "configs/fsdd.yaml", conditions: heldOut, seeds: [1], part: "validation" },
  fsdd_ablation: { base: "bench/experiments/fsdd_small.yaml", conditions: ablation, seeds },
};
