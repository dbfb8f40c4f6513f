/** The kinds of things the kernel and its host tell each other, and the sizes that both count in. */

/** Outcome of a kernel call; the host turns it into a sentence. */
export enum Status {
  ok = 0,
  eventsFull = 1,
  spikeCountDiffers = 2,
  notFinite = 3,
  piecesFull = 4,
}

export enum LossKind {
  none = 0,
  integral = 1,
  maximum = 2,
  average = 3,
  firstSpike = 4,
  spikeTimeMse = 5,
  linear = 6,
}

/** Weighting ω(t) of the integral loss. */
export enum Weighting {
  uniform = 0,
  exponential = 1,
  linear = 2,
  sigmoid = 3,
  /** The low-passed activity of the input. */
  input = 4,
}

export enum Penalty {
  exponential = 0,
  hyperbolic = 1,
}

export enum PopulationFlag {
  /** All neurons share tauMem and tauSyn, so one set of flow coefficients serves them. */
  uniform = 1,
  /** Every threshold lies above the resting voltage, so a crossing neuron's voltage is concave up to it. */
  aboveRest = 2,
  /** Some voltages are not measured from the bias, so that they flow towards a rest that is not 0. */
  hasRest = 4,
}

export enum DelayKind {
  none = 0,
  /** One delay for all synapses. */
  shared = 1,
  /** Each synapse its own: deliveries one by one. */
  own = 2,
}

export enum EventKind {
  input = 0,
  spike = 1,
  /** A delayed delivery of an earlier input or spike. */
  delivery = 2,
}

export enum WorkKind {
  evaluate = 0,
  evaluateForGradients = 1,
  differentiate = 2,
  normalize = 3,
  update = 4,
}

/** Bytes. */
export enum Size {
  /** Every array starts at a multiple of it. */
  vector = 16,
  /** Every array is padded to a multiple of it: four vectors, the unit in which the crossing test reports. */
  chunk = 64,
  /** Of a tensor, what one task of an update moves. */
  part = 65536,
}

/** Arrays of a population's flow, one behind the other: see neuron/coefficients.ts. */
export enum FlowArray {
  factor = 0,
  current = 1,
  gain = 2,
  approach = 3,
  gainAlpha = 4,
  gainBeta = 5,
  count = 6,
}

/** Arrays of a readout whose neurons have time constants of their own, one behind the other: see losses/own_influence.ts. */
export enum OwnArray {
  alpha = 0,
  beta = 1,
  rise = 2,
  fall = 3,
  kappa = 4,
  riseAlpha = 5,
  fallAlpha = 6,
  riseBeta = 7,
  fallBeta = 8,
  dReadout = 9,
  dAlpha = 10,
  dBeta = 11,
  count = 12,
}

/** Most entries of arrays of a fixed size. */
export enum Most {
  /** Of a divided difference. */
  points = 5,
  /** Of rows that are added in one sweep. */
  rows = 16,
  /** Vectors of constants, see neuron/short_flow.ts. */
  constants = 21,
}

/** In place of a number of spikes: any number will do. */
export enum Count {
  any = -1,
}

/** What the time of a trial goes to, see profile.ts. */
export enum Phase {
  /** Whatever is in none of the others. */
  other = 0,
  /** Flow of the state, and the test of who may cross. */
  flow = 1,
  /** Bounds of the crossings of those. */
  candidates = 2,
  solves = 3,
  /** Rows that are added to currents. */
  jumps = 4,
  /** Events, instants and checkpoints. */
  record = 5,
  loss = 6,
  /** Rows that are added to gradients. */
  adjointRows = 7,
  adjointFlow = 8,
  /** States that the adjoint pass needs, computed again. */
  replay = 9,
  count = 10,
}

export enum Counter {
  intervals = 0,
  /** Chunks of neurons that the vector test lists. */
  chunks = 1,
  /** Neurons of them that are looked at. */
  considered = 2,
  candidates = 3,
  solves = 4,
  /** Steps of the solver. */
  steps = 5,
  count = 6,
}
