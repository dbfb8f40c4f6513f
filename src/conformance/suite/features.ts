/** What a case asks of a backend, by name: derived from the case itself, so that a backend picks what it can do. */
import { join } from "node:path";
import { exists } from "../../base/files.ts";
import { loadCase } from "../../format/loadCase.ts";
import type { Case } from "../../model/case.ts";
import { type Loss, losses } from "../../model/losses.ts";
import { inputName, type Network, type Projection } from "../../model/network.ts";
import type { SuiteEntry } from "./suite.ts";

/** Whether a case has it. */
type Has = (problem: Case) => boolean;

const anyNeuron =
  (test: (population: Network["populations"][number], neuron: number) => boolean): Has =>
  ({ network }) =>
    network.populations.some((population) =>
      Array.from({ length: population.size }, (_, neuron) => neuron).some((neuron) =>
        test(population, neuron),
      ),
    );

const ratio = ({ tauMem, tauSyn }: Network["populations"][number], neuron: number) =>
  tauMem[neuron]! / tauSyn[neuron]!;

const ofLoss =
  (test: (loss: Loss) => boolean): Has =>
  ({ loss }) =>
    test(loss);

const weightings = ["uniform", "exponential", "linear", "sigmoid", "input"] as const;

/** Whether any spike arrives later than it was sent. */
export const hasDelays: Has = ({ network }) =>
  network.projections.some(({ delay }) => delaysOf(delay).some((ms) => ms !== 0));

/** In the order in which they are listed. */
const tests: Readonly<Record<string, Has>> = {
  delays: hasDelays,
  delays_per_synapse: ({ network }) =>
    network.projections.some(({ delay }) => new Set(delaysOf(delay)).size > 1),
  recurrence: ({ network }) => network.populations.some(({ name }) => reached(network, name).has(name)),
  autapses: ({ network }) => network.projections.some((projection) => hasAutapses(network, projection)),
  skip_connections: ({ network }) => network.projections.some((projection) => skips(network, projection)),
  several_layers: ({ network }) =>
    network.projections.some(({ from, to }) => from !== to && spikes(network, from) && spikes(network, to)),
  parallel_projections: ({ network }) =>
    new Set(network.projections.map(({ from, to }) => JSON.stringify([from, to]))).size <
    network.projections.length,
  resets: anyNeuron(({ model, reset }, neuron) => model === "lif" && reset[neuron] !== 0),
  thresholds: anyNeuron(({ model, threshold }, neuron) => model === "lif" && threshold[neuron] !== 1),
  bias: anyNeuron(({ bias }, neuron) => bias[neuron] !== 0),
  start_states: anyNeuron(({ v0, i0 }, neuron) => v0[neuron] !== 0 || i0[neuron] !== 0),
  time_constants_per_neuron: anyNeuron(
    ({ tauMem, tauSyn }, neuron) => tauMem[neuron] !== tauMem[0] || tauSyn[neuron] !== tauSyn[0],
  ),
  time_constants_per_population: ({ network: { populations } }) =>
    new Set(populations.map(({ tauMem, tauSyn }) => `${tauMem[0]} ${tauSyn[0]}`)).size > 1,
  equal_time_constants: anyNeuron((population, neuron) => ratio(population, neuron) === 1),
  other_ratios: anyNeuron((population, neuron) => ![1, 2].includes(ratio(population, neuron))),
  no_input: ({ input }) => input.times.length === 0,
  coincident_inputs: ({ input: { times } }) => new Set(times).size < times.length,
  many_inputs: ({ input, network }) =>
    network.inputChannels > 3 || Math.max(0, ...perChannel(input.sources)) > 10,
  many_neurons: ({ network }) => network.populations.reduce((sum, { size }) => sum + size, 0) > 8,
  long: ({ duration }) => duration > 100,
  ...Object.fromEntries(
    Object.keys(losses).map((kind) => [`loss_${kind}`, ofLoss((loss) => loss.kind === kind)]),
  ),
  ...Object.fromEntries(
    weightings.map((name) => [
      `weighting_${name}`,
      ofLoss((loss) => loss.kind === "integral_cross_entropy" && loss.weighting === name),
    ]),
  ),
  penalty: ofLoss((loss) => loss.kind === "first_spike" && loss.alpha !== 0),
  spiking_readout: ofLoss(
    (loss) =>
      loss.kind === "first_spike" ||
      loss.kind === "spike_time_mse" ||
      (loss.kind === "linear" && Object.keys(loss.spikeTimes ?? {}).length > 0),
  ),
};

/** Names, those of cases as a whole last. */
export const features: readonly string[] = [...Object.keys(tests), "batch", "relation", "refusal"];

/**
 * Those that a case of a suite has; of a case that must be refused nothing but that is known.
 *
 * @throws ConfigError the case's files are damaged
 */
export async function featuresOf({ group, folder }: SuiteEntry): Promise<string[]> {
  const problem = await loadCase(folder).catch((error: unknown) => error as Error);
  if (problem instanceof Error) {
    if (group === "adversarial" && (await exists(join(folder, "golden.json")))) return ["refusal"];
    throw problem;
  }
  const own = Object.keys(tests).filter((name) => tests[name]!(problem));
  if (await exists(join(folder, "batch.json"))) own.push("batch");
  if (group === "metamorphic") own.push("relation");
  return own;
}

function delaysOf(delay: Projection["delay"]): number[] {
  return typeof delay === "number" ? [delay] : Array.from(delay);
}

/** Populations that a spike of one can go on to make spike, or move. */
function reached({ projections }: Network, from: string): Set<string> {
  const found = new Set<string>();
  const walk = (name: string): void => {
    for (const projection of projections)
      if (projection.from === name && !found.has(projection.to)) {
        found.add(projection.to);
        walk(projection.to);
      }
  };
  walk(from);
  return found;
}

function hasAutapses({ populations }: Network, { from, to, weight }: Projection): boolean {
  if (from !== to) return false;
  const size = populations.find(({ name }) => name === to)!.size;
  return Array.from({ length: size }, (_, k) => weight[k * size + k]).some((own) => own !== 0);
}

/** Whether its ends are joined by a longer way too. */
function skips(network: Network, { from, to }: Projection): boolean {
  if (from === to) return false;
  const others = network.projections.filter(
    (other) => other.from === from && other.to !== from && other.to !== to,
  );
  return others.some((other) => reached(network, other.to).has(to));
}

function spikes({ populations }: Network, population: string): boolean {
  return population !== inputName && populations.find(({ name }) => name === population)!.model === "lif";
}

function perChannel(sources: Int32Array): number[] {
  const counts = new Map<number, number>();
  for (const source of sources) counts.set(source, (counts.get(source) ?? 0) + 1);
  return [...counts.values()];
}
