/** The adjoint's gradients against differences of the exact forward pass, tensor by tensor. */

import { ConfigError, KernelError } from "../base/errors.ts";
import { Engine } from "../engine/engine.ts";
import type { EngineOptions } from "../engine/engineOptions.ts";
import type { Case } from "../model/case.ts";
import type { Simulation } from "../model/solution.ts";
import { type ComparedEntry, compareEntry, type Kink, lossRounding } from "./entryDifference.ts";
import { type Tensor, tensorsOf } from "./tensors.ts";

interface CheckOptions {
  /**
   * Step as a fraction of an entry's scale, default 1e-5. The scale is: of a weight, the larger of its size and the
   * root mean square of the projection's weights; of a tau, the tau; of other parameters, the larger of the value and
   * the threshold (1 in `li`); of a delay or an input time, the shortest time constant it acts on.
   */
  readonly step?: number;
  /** Largest error that passes, relative to the tensor's largest entry; default 1e-6. */
  readonly tolerance?: number;
  /** Most entries compared per tensor: the one with the largest gradient, the others evenly spread; default 200. */
  readonly maxEntries?: number;
  /** As the engine's. */
  readonly maxEvents?: number;
  /** Called before each tensor. */
  readonly onTensor?: (name: string) => void;
}

/** How one tensor compares. */
export interface TensorCheck {
  readonly name: string;
  readonly entries: number;
  readonly compared: number;
  /** Places left out because perturbing them changes how often a neuron spikes: there is no difference to compare with. */
  readonly spikeSetChanges: readonly string[];
  /** Places left out because the loss has no derivative there. */
  readonly kinks: readonly Kink[];
  /** Absent where nothing was compared. */
  readonly worst?: ComparedEntry;
  /** All that was compared is within the tolerance, and something was, if there is anything. */
  readonly passes: boolean;
  /** The tensor is so small that rounding of the loss, not the tolerance, limits what the differences show. */
  readonly limitedByRounding: boolean;
}

/**
 * Compares every gradient of a case in f64 with
 *
 *   (L(x + h) − L(x − h)) / 2h,   or   (−3 L(x) + 4 L(x ± h) − L(x ± 2h)) / ±2h   where x ∓ h is no legal value.
 *
 * Both have an error of order h²; where it is beyond the tolerance, h/10, h/100 and so on are tried as far as rounding lets
 * them, alone and extrapolated to h = 0 with the step before. A delay given as a number is perturbed for one synapse at a
 * time.
 *
 * @throws ConfigError for a case without a loss
 * @throws KernelError if the unperturbed case cannot be solved
 */
export async function centralDifferences(problem: Case, options: CheckOptions = {}): Promise<TensorCheck[]> {
  const { network, input, loss } = problem;
  if (loss.kind === "none")
    throw new ConfigError(`${problem.name}: loss.kind: expected a loss with gradients, got "none"`);
  const engine = await Engine.create(network, engineOptions(problem, options));
  const { gradients, ...base } = engine.solve(input, loss);
  const checks: TensorCheck[] = [];
  for (const tensor of tensorsOf(problem, gradients)) {
    options.onTensor?.(tensor.name);
    checks.push(await checkTensor(tensor, base, options));
  }
  return checks;
}

function engineOptions({ duration, input }: Case, { maxEvents }: CheckOptions): EngineOptions {
  const maxInputSpikes = input.times.length;
  return { precision: "f64", duration, maxInputSpikes, ...(maxEvents !== undefined && { maxEvents }) };
}

async function checkTensor(
  tensor: Tensor,
  base: Simulation & { readonly loss: number },
  options: CheckOptions,
): Promise<TensorCheck> {
  const { step = 1e-5, tolerance = 1e-6, maxEntries = 200 } = options;
  const { name, gradient, values } = tensor;
  const unperturbed = tensor.withValues(values);
  const engine = await Engine.create(unperturbed.network, engineOptions(unperturbed, options));
  const changed = values.slice();
  const lossAt = (k: number, value: number): number | undefined => {
    changed[k] = value;
    const perturbed = tensor.withValues(changed);
    const result = evaluate(engine, perturbed);
    changed[k] = values[k]!;
    return result !== undefined && sameSpikes(base, engine.simulation(), perturbed.loss) ? result : undefined;
  };
  const largest = gradient.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const resolution = (lossRounding * Math.max(1, Math.abs(base.loss))) / (step * tolerance);
  const spikeSetChanges: string[] = [];
  const kinks: Kink[] = [];
  let worst: ComparedEntry | undefined;
  let limitedByRounding = false;
  const picked = pickEntries(gradient, maxEntries);
  for (const k of picked) {
    const scale = tensor.scale(k);
    const unit = Math.max(largest, resolution / scale);
    limitedByRounding ||= largest > 0 && unit > largest;
    const comparison = { tensor, lossAt, lossHere: base.loss, step: step * scale, unit, tolerance };
    const entry = compareEntry(k, comparison);
    if (entry === undefined) spikeSetChanges.push(tensor.place(k));
    else if ("below" in entry) kinks.push(entry);
    else if (worst === undefined || entry.error > worst.error) worst = entry;
  }
  const compared = picked.length - spikeSetChanges.length - kinks.length;
  // Where there is no derivative, there is nothing that could be wrong.
  const passes = worst === undefined ? picked.length === kinks.length : worst.error <= tolerance;
  return {
    name,
    entries: values.length,
    compared,
    spikeSetChanges,
    kinks,
    passes,
    limitedByRounding,
    ...(worst && { worst }),
  };
}

/** Undefined where the loss is not defined: the unperturbed one is, so the spikes are others. */
function evaluate(engine: Engine, { network, input, loss }: Case): number | undefined {
  engine.setNetwork(network);
  try {
    return engine.evaluate(input, loss).loss;
  } catch (error) {
    if (error instanceof KernelError) return undefined;
    throw error;
  }
}

/**
 * Whether every neuron spikes equally often. Spikes of different neurons may change places, but for those that have factors
 * of their own by their place.
 */
function sameSpikes(a: Simulation, b: Simulation, loss: Case["loss"]): boolean {
  const placed = loss.kind === "linear" ? (loss.spikeTimes ?? {}) : {};
  return Object.entries(a.spikes).every(([name, { neurons }]) => {
    const others = b.spikes[name]!.neurons;
    if (others.length !== neurons.length) return false;
    if (others.every((neuron, k) => neuron === neurons[k])) return true;
    if (name in placed) return false;
    const [sorted, sortedOthers] = [neurons.slice().sort(), others.slice().sort()];
    return sorted.every((neuron, k) => neuron === sortedOthers[k]);
  });
}

/** At most `most` indices, ascending: the largest gradient's, and others evenly spread. */
function pickEntries(gradient: Float64Array, most: number): number[] {
  const count = gradient.length;
  if (count <= most) return Array.from({ length: count }, (_, k) => k);
  const largest = gradient.reduce((at, value, k) => (Math.abs(value) > Math.abs(gradient[at]!) ? k : at), 0);
  const spread = Array.from({ length: most - 1 }, (_, k) => Math.floor(((k + 0.5) * count) / (most - 1)));
  return [...new Set([largest, ...spread])].sort((a, b) => a - b);
}
