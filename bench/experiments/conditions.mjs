// What each experiment varies: conditions as changes of a base configuration, and seeds. Settings were chosen on part of
// the training trials, never on the test trials. Scored is the test part, or the one that `part` names.

const seeds = [1, 2, 3];

/** One spoken-digit network of 128 neurons as the others vary it. */
const small = { hidden: [{ size: 128, recurrent: true, tau_mem: 20, tau_syn: 10 }] };

const losses = {
  sum: { kind: "integral_cross_entropy", weighting: "uniform" },
  sum_exp: { kind: "integral_cross_entropy", weighting: "exponential" },
  sum_linear: { kind: "integral_cross_entropy", weighting: "linear" },
  sum_sigmoid: { kind: "integral_cross_entropy", weighting: "sigmoid" },
  max: { kind: "max_cross_entropy" },
  first_spike: { kind: "first_spike", tau0: 1, tau1: 100, alpha: 5e-5 },
};
