/** The certified cases of the suite say what the oracle says, and their derivatives fit together. */
import { describe, expect, test } from "vitest";
import { caseFromJson } from "../../src/oracle/certify/caseJson.ts";
import { certifiedCases } from "../support/conformance/certifiedCases.ts";
import { consult } from "./consult.ts";

describe.each(certifiedCases)("$name", ({ json, answer }) => {
  const oracle = consult(caseFromJson(json));

  test("spikes, loss and readout are the oracle's", () => {
    expect(Object.keys(answer.spikes)).toEqual(Object.keys(oracle.spikes));
    for (const [population, { times, neurons }] of Object.entries(answer.spikes)) {
      expect(times).toEqual(oracle.spikes[population]!.times);
      expect(Array.from(neurons)).toEqual(Array.from(oracle.spikes[population]!.neurons));
    }
    expect([answer.loss, ...answer.readout!]).toEqual([oracle.loss, ...oracle.readout]);
  });

  test("dL/dϑ = Σ (dL/dt_k)/V̇_k over a neuron's spikes, dL/dt_k by moving them", () => {
    for (const [population, { neurons }] of Object.entries(answer.spikes)) {
      const shares = Array.from(neurons, (_, index) => {
        const moved = oracle.derivative({ of: "spikeTime", population, index });
        return moved / oracle.slopes[population]![index]!;
      });
      const thresholds = answer.gradients.get(`populations.${population}.threshold`)!.values;
      for (const neuron of new Set(neurons)) {
        const own = shares.filter((_, k) => neurons[k] === neuron);
        const sum = own.reduce((total, share) => total + share, 0);
        const scale = own.reduce((total, share) => total + Math.abs(share), 0);
        expect(Math.abs(sum - thresholds[neuron]!)).toBeLessThanOrEqual(1e-14 * scale);
      }
    }
  });
});
