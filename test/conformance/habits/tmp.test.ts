import { test } from "vitest";
import { gradientsWithHabits } from "../../../src/conformance/habits/adjointVariants.ts";
import { adjointHabits } from "../../../src/conformance/habits/habit.ts";
import { readGolden } from "../../../src/conformance/suite/golden.ts";
import { bundledSuite, listSuite } from "../../../src/conformance/suite/suite.ts";
import { loadCase } from "../../../src/format/loadCase.ts";

test("x", async () => {
  for (const { name, folder } of await listSuite(bundledSuite)) {
    if (!["hidden-spikes"].includes(name)) continue;
    const { answer } = await readGolden(folder);
    const problem = await loadCase(folder);
    const make = (await gradientsWithHabits(problem, answer!))!;
    for (const h of adjointHabits) {
      const found = make(h);
      console.log(h.name, found.get("input_times")!.values, found.get("projections[0].weight")!.values);
    }
  }
});
