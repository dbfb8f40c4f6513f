/** The adjoint that habits are put into is right where none is, so that what it finds with one is the habit's. */
import { expect, test } from "vitest";
import { gradientsWithHabits } from "../../../src/conformance/habits/adjointVariants.ts";
import { exactReference } from "../../../src/conformance/reference/exactReference.ts";
import { readGolden } from "../../../src/conformance/suite/golden.ts";
import { bundledSuite, listSuite } from "../../../src/conformance/suite/suite.ts";
import { exactClasses } from "../../../src/conformance/verdict/classes.ts";
import { loadCase } from "../../../src/format/loadCase.ts";
import { norm } from "../../../src/format/tensor.ts";

const groups = ["smoke", "core", "adversarial"];
const entries = (await listSuite(bundledSuite)).filter(({ group }) => groups.includes(group));

test.each(entries.map(({ name, folder }) => [name, folder] as const))(
  "without a habit the gradient is the certified one, of class T2: %s",
  async (_, folder) => {
    const { answer } = await readGolden(folder);
    if (!answer) return;
    const problem = await loadCase(folder);
    const found = (await gradientsWithHabits(problem, answer))!({ name: "", phrase: "" });
    for (const [name, { tensor, tolerance }] of exactReference(answer, exactClasses.T2, problem).gradients) {
      const error = norm(tensor.values.map((value, k) => value - found.get(name)!.values[k]!));
      expect(error, name).toBeLessThanOrEqual(tolerance);
    }
  },
);

test("a case that would take too long is left alone", async () => {
  const { folder } = (await listSuite(bundledSuite)).find(({ name }) => name === "spoken-word")!;
  const { answer } = await readGolden(folder);
  expect(await gradientsWithHabits(await loadCase(folder), answer!)).toBeUndefined();
});
