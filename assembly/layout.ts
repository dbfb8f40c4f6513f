/** Byte offsets of the structures' fields, and the kernel's limits, as constants that the host reads. */
import { Step, Tensor } from "./adam";
import { chunkBytes as chunk } from "./flow";
import { vectorBytes as vector } from "./lanes";
import { Candidate, Event, Instant, Pending, Plan, Population, Projection } from "./plan";
import { Work, partBytes as part } from "./work";

export enum PlanAt {
  duration = offsetof<Plan>("duration"),
  populations = offsetof<Plan>("populations"),
  spikingCount = offsetof<Plan>("spikingCount"),
  simulatedCount = offsetof<Plan>("simulatedCount"),
  populationCount = offsetof<Plan>("populationCount"),
  projectionCount = offsetof<Plan>("projectionCount"),
  inputProjectionsEnd = offsetof<Plan>("inputProjectionsEnd"),
  projections = offsetof<Plan>("projections"),
  inputTimes = offsetof<Plan>("inputTimes"),
  inputSources = offsetof<Plan>("inputSources"),
  inputCount = offsetof<Plan>("inputCount"),
  eventCapacity = offsetof<Plan>("eventCapacity"),
  events = offsetof<Plan>("events"),
  eventCount = offsetof<Plan>("eventCount"),
  instantCount = offsetof<Plan>("instantCount"),
  instants = offsetof<Plan>("instants"),
  nextHi = offsetof<Plan>("nextHi"),
  nextLo = offsetof<Plan>("nextLo"),
  nextInput = offsetof<Plan>("nextInput"),
  pendingCount = offsetof<Plan>("pendingCount"),
  pending = offsetof<Plan>("pending"),
  latest = offsetof<Plan>("latest"),
  candidateCount = offsetof<Plan>("candidateCount"),
  wait = offsetof<Plan>("wait"),
  candidates = offsetof<Plan>("candidates"),
  tiedCount = offsetof<Plan>("tiedCount"),
  tied = offsetof<Plan>("tied"),
  zeros = offsetof<Plan>("zeros"),
  state = offsetof<Plan>("state"),
  stateBytes = offsetof<Plan>("stateBytes"),
  keepCheckpoints = offsetof<Plan>("keepCheckpoints"),
  checkpoints = offsetof<Plan>("checkpoints"),
  segment = offsetof<Plan>("segment"),
  replayFirst = offsetof<Plan>("replayFirst"),
  neuronGradients = offsetof<Plan>("neuronGradients"),
  delayGradients = offsetof<Plan>("delayGradients"),
  inputGradients = offsetof<Plan>("inputGradients"),
  segmentStates = offsetof<Plan>("segmentStates"),
  scratch = offsetof<Plan>("scratch"),
  gradients = offsetof<Plan>("gradients"),
  gradientsEnd = offsetof<Plan>("gradientsEnd"),
  status = offsetof<Plan>("status"),
  lossKind = offsetof<Plan>("lossKind"),
  lossPopulation = offsetof<Plan>("lossPopulation"),
  target = offsetof<Plan>("target"),
  weighting = offsetof<Plan>("weighting"),
  penalty = offsetof<Plan>("penalty"),
  tau0 = offsetof<Plan>("tau0"),
  tau1 = offsetof<Plan>("tau1"),
  alpha = offsetof<Plan>("alpha"),
  tauInput = offsetof<Plan>("tauInput"),
  phantomSpikes = offsetof<Plan>("phantomSpikes"),
  phantomSlope = offsetof<Plan>("phantomSlope"),
  loss = offsetof<Plan>("loss"),
  readout = offsetof<Plan>("readout"),
  dReadout = offsetof<Plan>("dReadout"),
  logits = offsetof<Plan>("logits"),
  lossScratch = offsetof<Plan>("lossScratch"),
  targets = offsetof<Plan>("targets"),
  targetOffsets = offsetof<Plan>("targetOffsets"),
  influenceSlopes = offsetof<Plan>("influenceSlopes"),
  activity = offsetof<Plan>("activity"),
  grazePopulation = offsetof<Plan>("grazePopulation"),
  grazeNeuron = offsetof<Plan>("grazeNeuron"),
  grazeTime = offsetof<Plan>("grazeTime"),
  grazeMargin = offsetof<Plan>("grazeMargin"),
  end = offsetof<Plan>(),
}

export enum PopulationAt {
  size = offsetof<Population>("size"),
  stride = offsetof<Population>("stride"),
  flags = offsetof<Population>("flags"),
  projections = offsetof<Population>("projections"),
  projectionsEnd = offsetof<Population>("projectionsEnd"),
  flaggedCount = offsetof<Population>("flaggedCount"),
  u = offsetof<Population>("u"),
  i = offsetof<Population>("i"),
  gu = offsetof<Population>("gu"),
  gi = offsetof<Population>("gi"),
  u0 = offsetof<Population>("u0"),
  i0 = offsetof<Population>("i0"),
  alpha = offsetof<Population>("alpha"),
  beta = offsetof<Population>("beta"),
  threshold = offsetof<Population>("threshold"),
  reset = offsetof<Population>("reset"),
  bias = offsetof<Population>("bias"),
  alphaReal = offsetof<Population>("alphaReal"),
  betaReal = offsetof<Population>("betaReal"),
  thresholdReal = offsetof<Population>("thresholdReal"),
  drive = offsetof<Population>("drive"),
  row = offsetof<Population>("row"),
  flagged = offsetof<Population>("flagged"),
  flow = offsetof<Population>("flow"),
  counts = offsetof<Population>("counts"),
  regularization = offsetof<Population>("regularization"),
  dAlpha = offsetof<Population>("dAlpha"),
  dBeta = offsetof<Population>("dBeta"),
  dThreshold = offsetof<Population>("dThreshold"),
  dReset = offsetof<Population>("dReset"),
  dBias = offsetof<Population>("dBias"),
  dV0 = offsetof<Population>("dV0"),
  dI0 = offsetof<Population>("dI0"),
  end = offsetof<Population>(),
}

export enum ProjectionAt {
  target = offsetof<Projection>("target"),
  pre = offsetof<Projection>("pre"),
  stride = offsetof<Projection>("stride"),
  delayKind = offsetof<Projection>("delayKind"),
  delay = offsetof<Projection>("delay"),
  weight = offsetof<Projection>("weight"),
  dWeight = offsetof<Projection>("dWeight"),
  dDelay = offsetof<Projection>("dDelay"),
  delays = offsetof<Projection>("delays"),
  order = offsetof<Projection>("order"),
  sums = offsetof<Projection>("sums"),
  end = offsetof<Projection>(),
}

export enum EventAt {
  derivative = offsetof<Event>("derivative"),
  current = offsetof<Event>("current"),
  slope = offsetof<Event>("slope"),
  kind = offsetof<Event>("kind"),
  group = offsetof<Event>("group"),
  source = offsetof<Event>("source"),
  origin = offsetof<Event>("origin"),
  projection = offsetof<Event>("projection"),
  first = offsetof<Event>("first"),
  count = offsetof<Event>("count"),
  end = offsetof<Event>(),
}

export enum InstantAt {
  hi = offsetof<Instant>("hi"),
  lo = offsetof<Instant>("lo"),
  events = offsetof<Instant>("events"),
  end = offsetof<Instant>(),
}

export enum PendingAt {
  end = offsetof<Pending>(),
}

export enum CandidateAt {
  end = offsetof<Candidate>(),
}

export enum StepAt {
  beta1 = offsetof<Step>("beta1"),
  beta2 = offsetof<Step>("beta2"),
  epsilon = offsetof<Step>("epsilon"),
  correction = offsetof<Step>("correction"),
  scale = offsetof<Step>("scale"),
  end = offsetof<Step>(),
}

export enum TensorAt {
  rate = offsetof<Tensor>("rate"),
  bytes = offsetof<Tensor>("bytes"),
  values = offsetof<Tensor>("values"),
  m = offsetof<Tensor>("m"),
  v = offsetof<Tensor>("v"),
  gradient = offsetof<Tensor>("gradient"),
  laneBytes = offsetof<Tensor>("laneBytes"),
  lanes = offsetof<Tensor>("lanes"),
  notFinite = offsetof<Tensor>("notFinite"),
  end = offsetof<Tensor>(),
}

export enum WorkAt {
  kind = offsetof<Work>("kind"),
  next = offsetof<Work>("next"),
  taskCount = offsetof<Work>("taskCount"),
  trialCount = offsetof<Work>("trialCount"),
  plans = offsetof<Work>("plans"),
  slots = offsetof<Work>("slots"),
  lanes = offsetof<Work>("lanes"),
  step = offsetof<Work>("step"),
  tensors = offsetof<Work>("tensors"),
  tensorCount = offsetof<Work>("tensorCount"),
  end = offsetof<Work>(),
}

export enum Layout {
  realBytes = sizeof<real>(),
  vectorBytes = <i32>vector,
  chunkBytes = <i32>chunk,
  /** Of an update's task. */
  partBytes = <i32>part,
}
