/** Where everything lies in memory. The host writes these structures; the kernel has no state of its own. */

/**
 * A population. Voltages are kept relative to the bias, u = V − bias, so that free flow is homogeneous.
 * `real[stride]` arrays are padded with neurons that never spike.
 */
@unmanaged
export class Population {
  size: u32;
  stride: u32;
  flags: u32;
  /** Outgoing projections, [projections, projectionsEnd) in the plan's table. */
  projections: u32;
  projectionsEnd: u32;
  flaggedCount: u32;
  /** real[stride]: state u and I, and the sensitivities ∂L/∂u and ∂L/∂I. */
  u: usize;
  i: usize;
  gu: usize;
  gi: usize;
  /** real[stride]: state at time 0. */
  u0: usize;
  i0: usize;
  /** f64[stride]: rates α = 1/τ_m, β = 1/τ_s; threshold and reset relative to the bias; bias. */
  alpha: usize;
  beta: usize;
  threshold: usize;
  reset: usize;
  bias: usize;
  /** real[stride] copies for vector arithmetic. */
  alphaReal: usize;
  betaReal: usize;
  thresholdReal: usize;
  /** real[stride]: sum of the weight rows that arrive at one instant, and the row to add (0: none). */
  drive: usize;
  row: usize;
  /** u32[stride/chunk]: chunks with neurons that may cross before the next arrival, see tangent_test.ts. */
  flagged: usize;
  /** real[5][stride]: coefficients of the current flow, see coefficients.ts. */
  flow: usize;
  /** u32[stride]: spikes of each neuron in the trial. */
  counts: usize;
  /** real[stride]: what a regulariser adds to gu at each spike of a neuron. */
  regularization: usize;
  /** real[stride] each: gradients with respect to α, β, threshold, reset, bias, V(0), I(0). */
  dAlpha: usize;
  dBeta: usize;
  dThreshold: usize;
  dReset: usize;
  dBias: usize;
  dV0: usize;
  dI0: usize;
  end: usize;
}

/** A projection; rows are the outgoing synapses of one source neuron. */
@unmanaged
export class Projection {
  target: u32;
  pre: u32;
  /** Elements of a row, the target's stride. */
  stride: u32;
  delayKind: u32;
  /** ms, of kind `shared`. */
  delay: f64;
  /** real[pre][stride] */
  weight: usize;
  dWeight: usize;
  dDelay: usize;
  /** f64[pre][stride], of kind `own`: delays in ascending order within a row, and u32[pre][stride]: whose they are. */
  delays: usize;
  order: usize;
  /** f64[pre][stride or 1][4]: sums of influences over arrivals, of projections to the integral loss's readout. */
  sums: usize;
  end: usize;
}

/** One input spike, network spike or delayed delivery. */
@unmanaged
export class Event {
  /** Total derivative ∂L/∂t of an input or spike, 1/ms. */
  derivative: f64;
  /** Current I of a spiking neuron just before its spike. */
  current: f64;
  /** dV/dt of a spiking neuron just before its spike, 1/ms. */
  slope: f64;
  kind: u32;
  /** Source group: 0 the input, 1 + p population p; and the channel or neuron in it. */
  group: u32;
  source: u32;
  /** Of a delivery: the event that it delivers, the projection, and the synapses [first, first + count) of `order`. */
  origin: u32;
  projection: u32;
  first: u32;
  count: u32;
  end: u32;
}

/** A time at which something happens: the arrivals, or the spikes, [events, next instant's events). */
@unmanaged
export class Instant {
  /** Time hi + lo in ms: twice the digits of f64, so that rounding a time late in a trial does not disturb τ_s. */
  hi: f64;
  lo: f64;
  events: u32;
  end: u32;
}

/** A delivery on its way. */
@unmanaged
export class Pending {
  hi: f64;
  lo: f64;
  origin: u32;
  projection: u32;
  /** Next synapse of the row's `order`. */
  next: u32;
  end: u32;
}

/** A neuron that may cross before the next arrival. */
@unmanaged
export class Candidate {
  /** Bounds of its crossing time, ms from now; `late` is +∞ where none is known. */
  early: f64;
  late: f64;
  population: u32;
  neuron: u32;
  end: u32;
}

@unmanaged
export class Plan {
  /** Trial length T in ms. */
  duration: f64;
  populations: usize;
  /** Spiking populations come first; the others follow and are simulated only if the loss needs their course. */
  spikingCount: u32;
  simulatedCount: u32;
  populationCount: u32;
  projectionCount: u32;
  /** The input's outgoing projections come first in the table. */
  inputProjectionsEnd: u32;
  projections: usize;
  inputTimes: usize;
  inputSources: usize;
  inputCount: u32;
  eventCapacity: u32;
  events: usize;
  eventCount: u32;
  instantCount: u32;
  instants: usize;
  /** Next arrival from outside, hi + lo in ms (T if none), and the next input spike. */
  nextHi: f64;
  nextLo: f64;
  nextInput: u32;
  pendingCount: u32;
  pending: usize;
  /** Neurons that may cross next, and a time by which one of them has crossed (or the next arrival comes). */
  latest: f64;
  candidateCount: u32;
  /** Running mean of the time from an event to the spike that follows it, ms. */
  wait: f64;
  candidates: usize;
  /** Spikes that cross at the same instant, as pairs (population, neuron), in order. */
  tiedCount: u32;
  tied: usize;
  /** real[max stride] of zeros. */
  zeros: usize;
  /** State of all populations, `stateBytes` long: u and I of each in turn. */
  state: usize;
  stateBytes: u32;
  /** A copy of the state is kept at the start of every `segment`-th interval. */
  keepCheckpoints: u32;
  checkpoints: usize;
  segment: u32;
  /** First interval of the segment whose states were recomputed last. */
  replayFirst: u32;
  /** Which gradients are wanted beside those of the weights. */
  neuronGradients: u32;
  delayGradients: u32;
  inputGradients: u32;
  segmentStates: usize;
  /** f64[16]: small results of helpers. */
  scratch: usize;
  /** Gradients of populations and projections, [gradients, gradientsEnd). */
  gradients: usize;
  gradientsEnd: usize;
  /** Outcome of `evaluate`. */
  status: u32;
  /** Loss: parameters in, value and readout out. */
  lossKind: u32;
  lossPopulation: u32;
  target: u32;
  weighting: u32;
  penalty: u32;
  tau0: f64;
  tau1: f64;
  alpha: f64;
  /** Time constant of the weighting `input`, ms. */
  tauInput: f64;
  /** Whether a label's output that never spikes is pulled up; and the ∂L/∂t by which it then is. */
  phantomSpikes: u32;
  phantomSlope: f64;
  loss: f64;
  /** f64[stride of the loss's population] each: readout, ∂L/∂readout, logits; f64[stride][8] of the loss's own. */
  readout: usize;
  dReadout: usize;
  logits: usize;
  lossScratch: usize;
  /** f64 wanted spike times, u32 offsets per neuron, of `spike_time_mse`. */
  targets: usize;
  targetOffsets: usize;
  /** f64[instants]: K′ of the influence K of a spike on the readout, see losses/influence.ts. */
  influenceSlopes: usize;
  /** f64[instants]: activity of the input just after an instant, see losses/input_weighting.ts. */
  activity: usize;
  /** Closest graze: population, neuron, time in ms, margin. */
  grazePopulation: u32;
  grazeNeuron: u32;
  grazeTime: f64;
  grazeMargin: f64;
  end: usize;
}

export function populationAt(plan: Plan, p: u32): Population {
  return changetype<Population>(plan.populations + <usize>p * offsetof<Population>());
}

export function projectionAt(plan: Plan, p: u32): Projection {
  return changetype<Projection>(plan.projections + <usize>p * offsetof<Projection>());
}

export function eventAt(plan: Plan, e: u32): Event {
  return changetype<Event>(plan.events + <usize>e * offsetof<Event>());
}

export function instantAt(plan: Plan, k: u32): Instant {
  return changetype<Instant>(plan.instants + <usize>k * offsetof<Instant>());
}

/** First event after instant k's. */
export function eventsEnd(plan: Plan, k: u32): u32 {
  return k + 1 < plan.instantCount ? instantAt(plan, k + 1).events : plan.eventCount;
}

/** Length of interval k: from instant k − 1 (or 0) to instant k (or T). */
export function intervalLength(plan: Plan, k: u32): f64 {
  let hi = plan.duration;
  let lo = 0.0;
  if (k < plan.instantCount) {
    hi = instantAt(plan, k).hi;
    lo = instantAt(plan, k).lo;
  }
  if (k == 0) return hi + lo;
  const start = instantAt(plan, k - 1);
  return hi - start.hi + (lo - start.lo);
}

/** Outgoing projections of a source group as a range: first in the low, end in the high 32 bits. */
export function outgoing(plan: Plan, group: u32): u64 {
  if (group == 0) return <u64>plan.inputProjectionsEnd << 32;
  const population = populationAt(plan, group - 1);
  return (<u64>population.projectionsEnd << 32) | population.projections;
}
