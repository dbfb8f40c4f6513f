/** The exact engine for one network: trials run one after another, gradients add up. */
import { KernelError } from "../base/errors.ts";
import { complaint } from "../base/parseWith.ts";
import { checkLoss } from "../format/programLoss.ts";
import { type Loss, losses } from "../model/losses.ts";
import { copyNetwork, type Network, type SpikeTrain } from "../model/network.ts";
import type { ParameterGradients, Simulation, Solution, Trace, TrialLoss } from "../model/solution.ts";
import { tensorPlace } from "../model/tensors.ts";
import { checkNetwork, checkOptions, checkSpikeTrain, checkSynapses, optionRules } from "./checks.ts";
import {
  completeOptions,
  type EngineOptions,
  type GradientChoice,
  type SolveChoice,
  type Timing,
  type TimingOptions,
} from "./engineOptions.ts";
import { compileKernel } from "./kernel/kernel.ts";
import { KernelMemory } from "./kernel/memory.ts";
import { applyOwnLoss, checkOwnLoss, type OwnLoss } from "./ownLoss.ts";
import type { ReadingPlace } from "./readings.ts";
import { type TracedNeurons, traceOf, tracePlaces } from "./trace.ts";
import { everything, type Pass, roomOfOne, spikingIndex, Trial, weightsOnly } from "./trial.ts";

const forwardOnly: Pass = { ...weightsOnly, checkpoints: true };

/** One trial of one network at a time, as often as wanted, in memory that never grows. */
export class Engine {
  /** As given to `create`, defaults filled in. */
  readonly options: Required<EngineOptions>;
  readonly #module: WebAssembly.Module;
  /** Whether the last trial has kept the checkpoints that its states are recomputed from. */
  #replayable = false;
  #network: Network;
  #trial: Trial;
  #memory: KernelMemory;

  private constructor(module: WebAssembly.Module, network: Network, options: Required<EngineOptions>) {
    this.options = options;
    this.#module = module;
    this.#network = copyNetwork(network);
    [this.#memory, this.#trial] = trialFor(module, this.#network, options);
  }

  /**
   * Compiles the kernel (once per process) and allocates all memory a trial may need; nothing grows later.
   *
   * @throws ConfigError for an option out of range or unknown, for a network that is none, or if the network and its budgets
   *   need more than 4 GiB
   */
  static async create(network: Network, options: EngineOptions): Promise<Engine> {
    const complete = completeOptions(options);
    checkNetwork(network);
    return new Engine(await compileKernel(complete.precision), network, complete);
  }

  /** The network as it is now: with the weights that `setWeight` has set, as the kernel has rounded them. */
  network(): Network {
    const { projections, ...rest } = copyNetwork(this.#network);
    return { ...rest, projections: projections.map((p, index) => ({ ...p, weight: this.weight(index) })) };
  }

  /**
   * Replaces every parameter by those of a network of the same populations and projections, and clears the gradients.
   *
   * @throws ConfigError for a network that is none, or whose populations or projections differ in number, order, size or model
   */
  setNetwork(network: Network): void {
    checkNetwork(network);
    const own = copyNetwork(network);
    this.#replayable = false;
    if (this.#memory.setNetwork(own)) this.clearGradients();
    else [this.#memory, this.#trial] = trialFor(this.#module, own, this.options);
    this.#network = own;
  }

  /**
   * Weights of a projection, a copy, shape [post][pre], row-major; rounded where the precision is f32.
   *
   * @param projection its place in the network
   * @throws ConfigError if there is no such projection
   */
  weight(projection: number): Float64Array {
    return this.#trial.synapses(this.#projection(projection), "weight");
  }

  /**
   * Replaces the weights of a projection.
   *
   * @param projection its place in the network
   * @param weight shape [post][pre], row-major
   * @throws ConfigError if there is no such projection, for another number of weights, or one that is not finite
   */
  setWeight(projection: number, weight: Float64Array): void {
    const p = this.#projection(projection);
    const { pre, post, projection: own } = this.#memory.shape.projections[p]!;
    checkSynapses(weight, pre * post, ["projections", projection, "weight"]);
    own.weight.set(weight);
    this.#memory.writeProjection(p);
    this.#replayable = false;
  }

  /** Sets the sums of all gradients to zero. */
  clearGradients(): void {
    this.#trial.clearGradients();
  }

  /**
   * Forward pass and loss, no gradient.
   *
   * @throws ConfigError for an input or a loss that does not fit the network
   * @throws KernelError if a budget is used up or the loss is undefined for what the network did
   */
  evaluate(input: SpikeTrain, loss: Loss | OwnLoss): TrialLoss {
    return this.#forward(input, loss, forwardOnly);
  }

  /**
   * Forward pass, loss, adjoint: adds the trial's gradients to the sums that `gradients` and `gradient` read.
   *
   * @param choice which gradients; default weights, which are the cheapest
   * @throws ConfigError as `evaluate`; for a tensor that the network does not have
   * @throws KernelError as `evaluate`
   */
  accumulate(input: SpikeTrain, loss: Loss | OwnLoss, choice: GradientChoice = "weights"): TrialLoss {
    const result = this.#forward(input, loss, this.#passFor(choice));
    if (loss.kind !== "none") this.#trial.differentiate();
    return result;
  }

  /**
   * Gradients summed over the trials since they were last cleared, of every parameter; those that `accumulate` was not asked
   * for are not meant to be looked at.
   */
  gradients(): ParameterGradients {
    return this.#trial.gradients();
  }

  /**
   * The summed gradient of one tensor, such as `projections[0].weight` ([post][pre]) or `populations.hidden.tau_mem` ([size]).
   *
   * @throws ConfigError if the network has no tensor of this name
   */
  gradient(name: string): Float64Array {
    const place = tensorPlace(this.#network, name);
    if (place.kind === "parameter") {
      const { populations } = this.#memory.shape;
      return this.#trial.neurons(
        populations.findIndex(({ index }) => index === place.population),
        place.parameter,
      );
    }
    return this.#trial.synapses(
      this.#projection(place.projection),
      place.kind === "weight" ? "dWeight" : "dDelay",
    );
  }

  /**
   * Spikes of the last trial, and how well conditioned they are.
   *
   * @throws ConfigError for an unknown option
   * @throws Error if no trial was run before by `evaluate` or `solve`
   */
  simulation(choice: SolveChoice = {}): Simulation {
    checkOptions(choice, { closestGraze: optionRules.closestGraze });
    if (!this.#replayable)
      throw new Error("simulation() needs a trial run by evaluate() or solve() before it");
    return this.#trial.simulation(this.#trial.recorded(), choice.closestGraze ?? false);
  }

  /**
   * Number of spikes of each neuron of a `lif` population in the last trial, shape [size].
   *
   * @throws ConfigError if there is no such population
   */
  spikeCounts(population: string): Int32Array {
    return Int32Array.from(this.#trial.counts(spikingIndex(this.#memory.shape, population)));
  }

  /**
   * Forward pass, loss and every gradient of one trial; gradients summed before are cleared.
   *
   * @throws ConfigError as `evaluate`
   * @throws KernelError as `evaluate`
   */
  solve(input: SpikeTrain, loss: Loss | OwnLoss, choice: SolveChoice = {}): Solution {
    checkOptions(choice, { closestGraze: optionRules.closestGraze });
    this.clearGradients();
    const result = this.accumulate(input, loss, "all");
    const recorded = this.#trial.recorded();
    const spikeTimes = this.#trial.named((p) => recorded.populations[p]!.derivatives);
    const gradients = { ...this.#trial.gradients(), inputTimes: recorded.inputTimes, spikeTimes };
    return { ...this.#trial.simulation(recorded, choice.closestGraze ?? false), ...result, gradients };
  }

  /**
   * The course of a trial, V and I, and of its adjoint, of chosen neurons at chosen times. Gradients summed before are
   * cleared.
   *
   * @param times ms, ascending, in (0, T]; at an event's own time the state is that just before the event
   * @param neurons by population: indices, or "all"
   * @throws ConfigError as `evaluate`; for a time or a neuron that does not exist, or more of them than `maxReadings`
   * @throws KernelError as `evaluate`
   */
  trace(input: SpikeTrain, loss: Loss | OwnLoss, times: Float64Array, neurons: TracedNeurons): Trace {
    const places = tracePlaces(this.#network, times, neurons, this.options);
    this.clearGradients();
    this.#forward(input, loss, weightsOnly, places);
    this.#trial.differentiate();
    const found = traceOf(this.#network, times, neurons, this.#trial.readings, places.length);
    this.clearGradients();
    return found;
  }

  /** Best forward (loss included) and adjoint times over many runs. Throws as `evaluate`. */
  time(input: SpikeTrain, loss: Loss, options: TimingOptions): Timing {
    checkOptions(options, { repetitions: optionRules.repetitions, gradients: optionRules.gradients });
    const [trial, { repetitions, gradients }] = [this.#trial, options];
    this.#forward(input, loss, gradients === "all" ? everything : weightsOnly);
    let [forwardMs, adjointMs] = [Infinity, Infinity];
    for (let n = 0; n < repetitions; n++) {
      const start = performance.now();
      trial.evaluate();
      const middle = performance.now();
      trial.differentiate();
      forwardMs = Math.min(forwardMs, middle - start);
      adjointMs = Math.min(adjointMs, performance.now() - middle);
    }
    const spikes = trial.recorded().populations.reduce((sum, { times }) => sum + times.length, 0);
    return { spikes, forwardMs, adjointMs };
  }

  #forward(
    input: SpikeTrain,
    loss: Loss | OwnLoss,
    pass: Pass,
    places: readonly ReadingPlace[] = [],
  ): TrialLoss {
    const trial = this.#trial;
    checkSpikeTrain(input, this.#network.inputChannels, this.options.duration);
    const own = (loss as Partial<OwnLoss> | null)?.kind === "own" ? (loss as OwnLoss) : undefined;
    if (own) checkOwnLoss(own);
    const checked = own
      ? ({ kind: "none" } as const)
      : checkLoss(loss as Loss, this.#network, this.options.duration);
    this.#replayable = false;
    trial.prepare(checked, pass, [...(own?.voltages ?? []), ...places]);
    trial.setInput(input);
    trial.evaluate();
    const failure = trial.failure();
    if (failure) throw failure;
    this.#replayable = pass.checkpoints || losses[checked.kind].needsVoltage;
    if (own)
      return {
        loss: applyOwnLoss(trial, own, trial.simulation(trial.recorded(), false).spikes),
        readout: new Float64Array(0),
      };
    const outcome = trial.outcome();
    if (!Number.isFinite(outcome.loss))
      throw new KernelError(
        `the loss ${checked.kind} is not finite (${outcome.loss}) for what the network did in this trial`,
      );
    return outcome;
  }

  #passFor(choice: GradientChoice): Pass {
    if (choice === "all") return everything;
    if (choice === "weights") return weightsOnly;
    if (!Array.isArray(choice))
      throw complaint("gradients", [], 'expected "all", "weights" or names of tensors', choice);
    const kinds = choice.map((name) => tensorPlace(this.#network, name).kind);
    return { ...weightsOnly, neurons: kinds.includes("parameter"), delays: kinds.includes("delay") };
  }

  /** Place of a projection in the kernel's order. */
  #projection(projection: number): number {
    const p = this.#memory.shape.projections.findIndex(({ index }) => index === projection);
    if (p >= 0) return p;
    const last = this.#network.projections.length - 1;
    throw complaint("projection", [], `expected an integer from 0 to ${last}`, projection);
  }
}

function trialFor(
  module: WebAssembly.Module,
  network: Network,
  options: Required<EngineOptions>,
): [KernelMemory, Trial] {
  const memory = new KernelMemory(module, network, { ...options, ...roomOfOne });
  return [memory, new Trial(memory, memory.layouts[0]!, options)];
}
