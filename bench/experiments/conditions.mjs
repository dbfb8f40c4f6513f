// What each experiment varies: conditions as changes of a base configuration, and seeds. Settings were chosen on part of
// the training recordings, never on the test recordings.

const seeds = [1, 2, 3];

const losses = {
  sum: { loss: { kind: "integral_cross_entropy", weighting: "uniform" } },
  sum_exp: { loss: { kind: "integral_cross_entropy", weighting: "exponential" } },
  sum_linear: { loss: { kind: "integral_cross_entropy", weighting: "linear" } },
  sum_sigmoid: { loss: { kind: "integral_cross_entropy", weighting: "sigmoid" } },
  max: { loss: { kind: "max_cross_entropy" } },
  first_spike: { loss: { kind: "first_spike" } },
};

export const experiments = {
  yinyang: { base: "configs/yinyang.yaml", conditions: { yinyang: {} }, seeds },
  latency_mnist: { base: "configs/latency_mnist.yaml", conditions: { latency_mnist: {} }, seeds },
  fsdd: { base: "configs/fsdd.yaml", conditions: { fsdd: {} }, seeds },
};
export { losses };
