/** The result format `goldspike/result@1`. */
import type { Precision } from "../engine.ts";
import { KernelError } from "../errors.ts";
import type { Model, Network } from "../network/network.ts";
import { pathText } from "../parseWith.ts";
import type { PopulationGradient, Solution } from "../solution.ts";
import { version } from "../version.ts";
import type { Case } from "./case.ts";

/**
 * What a result file holds, ready for JSON.stringify, which writes the shortest digits that round-trip. Times in ms;
 * weight and delay gradients as [post][pre]. A case without a loss has no `loss`, `readout` and `gradients`.
 *
 * @throws KernelError if a number is not finite, which JSON could not hold
 */
export function resultOf(problem: Case, solution: Solution, precision: Precision): object {
  const { closestGraze } = solution;
  const result = {
    format: "goldspike/result@1",
    case: problem.name,
    backend: `goldspike ${version}`,
    precision,
    spikes: mapValues(solution.spikes, ({ times, neurons }) => ({
      times: [...times],
      neurons: [...neurons],
    })),
    ...(problem.loss.kind === "none" ? {} : lossPart(problem.network, solution)),
    diagnostics: {
      slopes: mapValues(solution.slopes, (slopes) => [...slopes]),
      ...(closestGraze === undefined ? {} : { closest_graze: { ...closestGraze } }),
    },
  };
  requireFinite(result, []);
  return result;
}

function lossPart(network: Network, { loss, readout, gradients }: Solution): object {
  return {
    loss,
    readout: [...readout],
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
      input_times: [...gradients.inputTimes],
      spike_times: mapValues(gradients.spikeTimes, (values) => [...values]),
    },
  };
}

function populationGradient(model: Model, gradient: PopulationGradient): object {
  const { tauMem, tauSyn, threshold, reset, bias, v0, i0 } = gradient;
  return {
    tau_mem: [...tauMem],
    tau_syn: [...tauSyn],
    ...(model === "lif" ? { threshold: [...threshold!], reset: [...reset!] } : {}),
    bias: [...bias],
    v0: [...v0],
    i0: [...i0],
  };
}

function sizeOf(network: Network, name: string): number {
  return network.populations.find((population) => population.name === name)!.size;
}

function rowsOf(values: Float64Array, rows: number): number[][] {
  const columns = values.length / rows;
  return Array.from({ length: rows }, (_, row) => [...values.subarray(row * columns, (row + 1) * columns)]);
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, of: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, of(value)]));
}

/** `path` leads to `value`; one array for the whole walk. */
function requireFinite(value: unknown, path: PropertyKey[]): void {
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new KernelError(
      `${pathText(path)} came out as ${value}: values too large or too small for the precision`,
    );
  }
  if (typeof value !== "object" || value === null) return;
  for (const [key, entry] of Array.isArray(value) ? value.entries() : Object.entries(value)) {
    path.push(key);
    requireFinite(entry, path);
    path.pop();
  }
}
