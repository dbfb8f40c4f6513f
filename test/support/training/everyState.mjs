/**
 * Settings with every kind of state that a run carries from batch to batch or from epoch to epoch: a neuron that starts
 * silent, a learning rate that grows and drops, drawn augmentation and dropout, trained time constants. In plain JavaScript,
 * so that benches have them too.
 */
export const everyState = {
  precision: "f32",
  augmentation: [
    { kind: "blend", total: 36 },
    { kind: "jitter", sd: 0.5 },
    { kind: "dropout", probability: 0.1 },
  ],
  network: {
    hidden: [{ size: 8, recurrent: true, train: ["tau_mem", "tau_syn", "threshold"], threshold: 1.5 }],
    output: { train: ["tau_mem", "tau_syn"] },
    delays: { hidden_hidden: { min: 0.5, max: 4 } },
  },
  regularization: {
    spike_count: { target: 2, upper: 1e-3, lower: 1e-3 },
    silent: { policy: "redraw" },
    dropout: 0.2,
  },
  optimizer: {
    kind: "adam",
    learning_rate: 0.02,
    ease_in: { from: 0.1 },
    decay: 0.9,
    plateau: { patience: 1, fast: 0.1, slow: 0.9 },
  },
};
