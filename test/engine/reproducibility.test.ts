/** Results are the same bytes whenever and wherever they are computed. */
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { Engine, jsonChunks, type Precision, resultOf, solveCase } from "../../src/index.ts";
import { certifiedCases } from "../support/conformance/certifiedCases.ts";

/**
 * SHA-256 of the results of all certified cases in both precisions. It changes only where the last bits of a result are
 * meant to change, or the cases are: the failing test then shows the new one, which belongs here.
 */
const pinned = "d15b23e979e1b8f223021d3ce6aa77d8c6f2c2ff1c2da23b0468da088c340c1a";

const precisions: Precision[] = ["f64", "f32"];
const cases = certifiedCases.map(({ problem }) => problem);

/** The result as text, but for the version that computed it. */
async function resultText(problem: (typeof cases)[number], precision: Precision): Promise<string> {
  const result = resultOf(problem, await solveCase(problem, { precision }), precision);
  return [...jsonChunks({ ...(result as object), backend: "" })].join("");
}

test("the results of the certified cases are these bytes on every machine", async () => {
  const hash = createHash("sha256");
  for (const problem of cases) {
    for (const precision of precisions) hash.update(await resultText(problem, precision));
  }
  expect(hash.digest("hex")).toBe(pinned);
});

test("a run repeated from the beginning gives the same bytes", async () => {
  for (const problem of cases) {
    for (const precision of precisions)
      expect(await resultText(problem, precision)).toBe(await resultText(problem, precision));
  }
});

test("a trial leaves no trace in the engine: the next one is as in a new engine", async () => {
  for (const problem of cases) {
    for (const precision of precisions) {
      const { network, duration, input, loss } = problem;
      const engine = await Engine.create(network, {
        precision,
        duration,
        maxInputSpikes: input.times.length,
      });
      const first = engine.solve(input, loss);
      engine.accumulate(input, loss);
      engine.evaluate(
        { times: input.times.slice(0, 3), sources: input.sources.slice(0, 3) },
        { kind: "none" },
      );
      expect(engine.solve(input, loss)).toEqual(first);
    }
  }
});
