/** Gradients keep their digits through silences of many time constants, in which everything decays. */
import { describe, expect, test } from "vitest";
import { solveCase } from "../../src/index.ts";
import { caseFromJson, type PopulationJson } from "../oracle/certify/caseJson.ts";
import { consult } from "../oracle/simulate/oracle.ts";

/** A spike or two long after time 0, asked to come half a millisecond later. */
function late(silence: number, population: Partial<PopulationJson>) {
  const cell = {
    name: "cell",
    size: 1,
    model: "lif",
    tau_mem: 20,
    tau_syn: 5,
    v0: 0.5,
    i0: 0.5,
    ...population,
  };
  const json = {
    format: "goldspike/case@1",
    name: "late",
    time_unit: "ms",
    duration: silence + 60,
    input: { channels: 1, times: [silence], sources: [0] },
    populations: [cell as PopulationJson],
    projections: [{ from: "input", to: "cell", weight: [[9]] }],
  };
  const quiet = caseFromJson({ ...json, loss: { kind: "none" } });
  const targets = [Array.from(consult(quiet).spikes.cell!.times, (time) => time + 0.5)];
  const loss = { kind: "spike_time_mse", population: "cell", targets } as const;
  return caseFromJson({ ...json, loss });
}

const populations: [string, Partial<PopulationJson>][] = [
  ["tau_mem > tau_syn", {}],
  ["tau_mem < tau_syn", { tau_mem: 10, tau_syn: 20 }],
  ["tau_mem = tau_syn", { tau_mem: 20, tau_syn: 20 }],
];

describe.each(populations)("%s", (_name, population) => {
  test.each([100, 240, 400])("dL/dV(0) and dL/dI(0) to 1e-12 of themselves after %i ms", async (silence) => {
    const given = late(silence, population);
    const { gradients } = await solveCase(given);
    const oracle = consult(given);
    for (const of of ["v0", "i0"] as const) {
      const exact = oracle.derivative({ of, population: "cell", neuron: 0 });
      expect(Math.abs(gradients.populations[0]![of][0]! - exact), of).toBeLessThan(1e-12 * Math.abs(exact));
    }
  });
});
