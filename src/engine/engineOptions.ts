/** What an engine is given room for, and what it is asked for. */
import type { Precision } from "../model/solution.ts";
import { checkOptions, optionRules } from "./checks.ts";

/** Most network spikes and delayed deliveries of a trial unless the caller says otherwise. */
export const defaultMaxEvents = 2 ** 20;

/** Most places at which a trial's states are read unless the caller says otherwise. */
const defaultMaxReadings = 2 ** 14;

/** What an engine has room for. */
export interface EngineOptions {
  /** Of states, weights and gradients; default f64. Times are f64 in either. */
  readonly precision?: Precision;
  /** Length T of a trial in ms. */
  readonly duration: number;
  /** Most input spikes a trial may have. */
  readonly maxInputSpikes: number;
  /** Most network spikes and delayed deliveries a trial may have before it stops with a KernelError; default 2²⁰. */
  readonly maxEvents?: number;
  /** Most places at which a loss looks at voltages or a trace is taken, in one trial; default 2¹⁴. */
  readonly maxReadings?: number;
}

/** Which gradients add up: of all parameters, of all weights, or tensors by name as results have them. */
export type GradientChoice = "all" | "weights" | readonly string[];

/** What `solve` is to find beside the solution. */
export interface SolveChoice {
  /** Whether to look for the closest graze; default false, since it looks at every neuron in every interval. */
  readonly closestGraze?: boolean;
}

/** Best times of many runs, in ms. */
export interface Timing {
  /** Spikes of the trial. */
  readonly spikes: number;
  /** Forward pass and loss, ms. */
  readonly forwardMs: number;
  /** Adjoint pass, ms. */
  readonly adjointMs: number;
}

/** What a run of `time` repeats. */
export interface TimingOptions {
  /** Runs of each pass. */
  readonly repetitions: number;
  /** As in training, or all of them. */
  readonly gradients: "weights" | "all";
}

/** @throws ConfigError for an option out of range or unknown */
export function completeOptions(options: EngineOptions): Required<EngineOptions> {
  const { precision, duration, maxInputSpikes, maxEvents, maxReadings } = optionRules;
  checkOptions(options, { precision, duration, maxInputSpikes, maxEvents, maxReadings });
  return {
    precision: options.precision ?? "f64",
    duration: options.duration,
    maxInputSpikes: options.maxInputSpikes,
    maxEvents: options.maxEvents ?? defaultMaxEvents,
    maxReadings: options.maxReadings ?? defaultMaxReadings,
  };
}
