/** goldspike: exact gradients of spiking neural networks by Eventprop. Runs in Node and in a browser. */

export { ConfigError, KernelError } from "./base/errors.ts";
export { version } from "./base/version.ts";
export type { EarOptions, EarSpikes, HairCellTrace } from "./ear/ear.ts";
export { Ear } from "./ear/ear.ts";
export type { EngineOptions, ProjectionTensors, Timing, TrialLoss } from "./engine/engine.ts";
export { defaultMaxEvents, Engine } from "./engine/engine.ts";
export type { SolveOptions } from "./engine/solve.ts";
export { gradient, simulate, solveCase } from "./engine/solve.ts";
export { jsonChunks } from "./format/jsonChunks.ts";
export { parseCase } from "./format/parseCase.ts";
export { resultOf } from "./format/resultOf.ts";
export type { PopulationSpecification, ProjectionSpecification } from "./model/buildNetwork.ts";
export { buildNetwork } from "./model/buildNetwork.ts";
export type { Case } from "./model/case.ts";
export type {
  AverageCrossEntropy,
  FirstSpike,
  IntegralCrossEntropy,
  Loss,
  MaxCrossEntropy,
  NoLoss,
  Penalty,
  SpikeTimeMse,
  Weighting,
} from "./model/loss.ts";
export type { Model, Network, PerNeuron, Population, Projection, SpikeTrain } from "./model/network.ts";
export type {
  ClosestGraze,
  Gradients,
  PopulationGradient,
  PopulationSpikes,
  Precision,
  ProjectionGradient,
  Simulation,
  Solution,
} from "./model/solution.ts";
