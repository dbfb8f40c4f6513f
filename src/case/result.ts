/** The result format `goldspike/result@1`. */
import type { Precision } from "../engine.ts";
import { KernelError } from "../errors.ts";
import type { Model, Network } from "../network/network.ts";
import { pathText } from "../parseWith.ts";
import type { PopulationGradient, Solution } from "../solution.ts";
import { version } from "../version.ts";
import type { Case } from "./case.ts";
import type { JsonTree } from "./jsonChunks.ts";

/**
 * What a result file holds, for `jsonChunks` to write. Times in ms; weight and delay gradients as [post][pre]. A case without a loss has no `loss`, `readout` and `gradients`.
 *
 * @throws KernelError if a number is not finite, which JSON could not hold
 */
export function resultOf(problem: Case, solution: Solution, precision: Precision): JsonTree {
  const { closestGraze } = solution;
  const result = {
    format: "goldspike/result@1",
    case: problem.name,
    backend: `goldspike ${version}`,
    precision,
    spikes: mapValues(solution.spikes, ({ times, neurons }) => ({ times, neurons })),
    ...(problem.loss.kind === "none" ? {} : lossPart(problem.network, solution)),
    diagnostics: {
      slopes: { ...solution.slopes },
      ...(closestGraze === undefined ? {} : { closest_graze: { ...closestGraze } }),
    },
  };
  requireFinite(result, []);
  return result;
}

function lossPart(network: Network, { loss, readout, gradients }: Solution): { [key: string]: JsonTree } {
  return {
    loss,
    readout,
    gradients: {
      projections: network.projections.map(({ from, to }, k) => {
        const { weight, delay } = gradients.projections[k]!;
        const post = sizeOf(network, to);
        return { from, to, weight: rowsOf(weight, post), delay: rowsOf(delay, post) };
      }),
      populations: Object.fromEntries(
        network.populations.map(({ name, model }, k) => [
          name,
          populationGradient(model, gradients.populations[k]!),
        ]),
      ),
      input_times: gradients.inputTimes,
      spike_times: { ...gradients.spikeTimes },
    },
  };
}

function populationGradient(model: Model, gradient: PopulationGradient): JsonTree {
  const { tauMem, tauSyn, threshold, reset, bias, v0, i0 } = gradient;
  return {
    tau_mem: tauMem,
    tau_syn: tauSyn,
    ...(model === "lif" ? { threshold: threshold!, reset: reset! } : {}),
    bias,
    v0,
    i0,
  };
}

function sizeOf(network: Network, name: string): number {
  return network.populations.find((population) => population.name === name)!.size;
}

function rowsOf(values: Float64Array, rows: number): Float64Array[] {
  const columns = values.length / rows;
  return Array.from({ length: rows }, (_, row) => values.subarray(row * columns, (row + 1) * columns));
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, of: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, of(value)]));
}

/** `path` leads to `tree`; one array for the whole walk. */
function requireFinite(tree: JsonTree, path: PropertyKey[]): void {
  if (typeof tree === "string") return;
  if (typeof tree === "number") {
    if (Number.isFinite(tree)) return;
    throw new KernelError(
      `${pathText(path)} came out as ${tree}: values too large or too small for the precision`,
    );
  }
  if (tree instanceof Float64Array || tree instanceof Int32Array) {
    const first = tree.findIndex((value) => !Number.isFinite(value));
    if (first >= 0) requireFinite(tree[first]!, [...path, first]);
    return;
  }
  for (const [key, entry] of Array.isArray(tree) ? tree.entries() : Object.entries(tree)) {
    path.push(key);
    requireFinite(entry, path);
    path.pop();
  }
}
