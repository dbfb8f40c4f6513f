/** goldspike: exact gradients of spiking neural networks by Eventprop. Runs in Node and in a browser. */
export type { Case } from "./case/case.ts";
export { jsonChunks } from "./case/jsonChunks.ts";
export { parseCase } from "./case/parseCase.ts";
export { resultOf } from "./case/result.ts";
export type { EarOptions, EarSpikes, HairCellTrace } from "./cochlea/ear.ts";
export { Ear } from "./cochlea/ear.ts";
export type { EngineOptions, ProjectionTensors, Timing, TrialLoss } from "./engine.ts";
export { defaultMaxEvents, Engine } from "./engine.ts";
export { ConfigError, KernelError } from "./errors.ts";
export type { Precision } from "./kernel/kernel.ts";
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
} from "./losses/loss.ts";
export type { PopulationSpecification, ProjectionSpecification } from "./network/buildNetwork.ts";
export { buildNetwork } from "./network/buildNetwork.ts";
export type { Model, Network, PerNeuron, Population, Projection, SpikeTrain } from "./network/network.ts";
export type {
  ClosestGraze,
  Gradients,
  PopulationGradient,
  PopulationSpikes,
  ProjectionGradient,
  Simulation,
  Solution,
} from "./solution.ts";
export type { SolveOptions } from "./solve.ts";
export { gradient, simulate, solveCase } from "./solve.ts";
export { version } from "./version.ts";
