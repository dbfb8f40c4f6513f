// What each experiment varies: conditions as changes of a base configuration, and seeds. Settings were chosen on part of
// the training trials, never on the test trials.

const seeds = [1, 2, 3];

export const experiments = {
  yinyang: { base: "configs/yinyang.yaml", conditions: { yinyang: {} }, seeds },
  latency_mnist: { base: "configs/latency_mnist.yaml", conditions: { latency_mnist: {} }, seeds },
  fsdd: { base: "configs/fsdd.yaml", conditions: { fsdd: {} }, seeds },
};
