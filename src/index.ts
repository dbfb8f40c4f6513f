/** goldspike: exact gradients of spiking neural networks by Eventprop. Runs in Node and in a browser. */

export { ConfigError, KernelError } from "./base/errors.ts";
export { version } from "./base/version.ts";
export type { EarOptions, EarSpikes, HairCellTrace } from "./ear/ear.ts";
export { Ear } from "./ear/ear.ts";
export { Engine } from "./engine/engine.ts";
export type {
  EngineOptions,
  GradientChoice,
  SolveChoice,
  Timing,
  TimingOptions,
} from "./engine/engineOptions.ts";
export { defaultMaxEvents } from "./engine/engineOptions.ts";
export type { OwnDerivatives, OwnLoss, SeenTrial } from "./engine/ownLoss.ts";
export type { SolveOptions } from "./engine/solve.ts";
export { gradient, simulate, solveCase } from "./engine/solve.ts";
export type { TracedNeurons } from "./engine/trace.ts";
export { jsonChunks } from "./format/jsonChunks.ts";
export { networkJson } from "./format/networkJson.ts";
export { parseCase } from "./format/parseCase.ts";
export { parseNetwork } from "./format/parseNetwork.ts";
export { resultOf } from "./format/resultOf.ts";
export type {
  NetworkSpecification,
  ParameterSpecification,
  PopulationSpecification,
  ProjectionSpecification,
  Values,
} from "./model/buildNetwork.ts";
export { buildNetwork } from "./model/buildNetwork.ts";
export type { Case } from "./model/case.ts";
export type {
  AverageCrossEntropy,
  FirstSpike,
  IntegralCrossEntropy,
  Linear,
  Loss,
  MaxCrossEntropy,
  NoLoss,
  Penalty,
  SpikeTimeMse,
  VoltageTerm,
  Weighting,
} from "./model/losses.ts";
export type { Network, Population, PopulationParameters, Projection, SpikeTrain } from "./model/network.ts";
export type { Model, Parameter, Parameters, PerNeuron } from "./model/parameters.ts";
export type {
  ClosestGraze,
  Gradients,
  ParameterGradients,
  PopulationGradient,
  PopulationSpikes,
  PopulationTrace,
  Precision,
  ProjectionGradient,
  Simulation,
  Solution,
  Trace,
  TrialLoss,
} from "./model/solution.ts";
