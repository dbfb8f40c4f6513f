/** The bundled golden cases say what the oracle says, and their derivatives fit together. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { caseFromJson, type GoldenJson } from "./caseJson.ts";
import { entryOf } from "./keys.ts";
import { consult } from "./oracle.ts";

const folder = new URL("../../golden/", import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith(".json"));

describe.each(files)("%s", (file) => {
  const { case: json, expected } = JSON.parse(readFileSync(new URL(file, folder), "utf8")) as GoldenJson;
  const oracle = consult(caseFromJson(json));

  test("spikes, loss and readout are the oracle's, and so is every fifth gradient", () => {
    for (const [population, { times, neurons }] of Object.entries(expected.spikes)) {
      expect(Array.from(oracle.spikes[population]!.times)).toEqual(times);
      expect(Array.from(oracle.spikes[population]!.neurons)).toEqual(neurons);
    }
    expect([oracle.loss, ...oracle.readout]).toEqual([expected.loss, ...expected.readout]);
    const sample = Object.keys(expected.gradients).filter((_, k) => k % 5 === 0);
    expect(sample.map((key) => oracle.derivative(entryOf(key)))).toEqual(
      sample.map((key) => expected.gradients[key]),
    );
  });

  test("dL/dϑ = Σ (dL/dt_k)/V̇_k over a neuron's spikes, dL/dt_k by moving them", () => {
    for (const [population, { neurons }] of Object.entries(expected.spikes)) {
      const shares = neurons.map((_, index) => {
        const moved = oracle.derivative({ of: "spikeTime", population, index });
        return moved / oracle.slopes[population]![index]!;
      });
      for (const neuron of new Set(neurons)) {
        const own = shares.filter((_, k) => neurons[k] === neuron);
        const sum = own.reduce((total, share) => total + share, 0);
        const scale = own.reduce((total, share) => total + Math.abs(share), 0);
        const direct = expected.gradients[`${population}/threshold/${neuron}`]!;
        expect(Math.abs(sum - direct)).toBeLessThanOrEqual(1e-14 * scale);
      }
    }
  });
});
