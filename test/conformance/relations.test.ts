/** The relations of the metamorphic group hold of the engine, whatever the network and the loss. */
import { expect, test } from "vitest";
import { ConfigError } from "../../src/base/errors.ts";
import type { ClassChoice } from "../../src/conformance/reference/references.ts";
import { relate } from "../../src/conformance/relations/relation.ts";
import { relations } from "../../src/conformance/relations/relations.ts";
import { conventions } from "../../src/conformance/twin/convention.ts";
import { summed } from "../../src/conformance/verdict/verdict.ts";
import { solutionResult } from "../../src/format/solutionResult.ts";
import type { Case } from "../../src/model/case.ts";
import type { LossKind } from "../../src/model/losses.ts";
import { allKinds } from "../support/networks/arbitraries.ts";
import { solveSketch } from "../support/networks/build.ts";
import { holds } from "../support/networks/property.ts";

const choice: ClassChoice = { name: "T2", convention: conventions.euler, dt: 0.1, precision: "f64" };
/** Their own times mean nothing in another unit. */
const notDoubled: readonly LossKind[] = ["first_spike", "spike_time_mse"];

const resultOf = async (problem: Case) => solutionResult(problem, await solveSketch(problem));

test.each(
  Object.entries(relations).flatMap(([name, relation]) =>
    allKinds.map((kind) => [name, kind, relation] as const),
  ),
)("%s: %s", async (name, kind, relation) => {
  await holds({ kinds: [kind], runs: 6, mostSpikes: 20 }, async ({ problem }) => {
    if (name === "double_times" && notDoubled.includes(kind)) {
      expect(() => relation.change(problem)).toThrow(ConfigError);
      return;
    }
    const [own, related] = [await resultOf(problem), await resultOf(relation.change(problem))];
    const { status, message } = summed(
      relate(problem, relation, own, related, choice, { wanted: () => true }),
    );
    expect(status, message).toBe("pass");
  });
});
