/** The adjoint that habits are put into is right without one. */
import { expect, test } from "vitest";
import { gradientsWithHabits } from "../../../src/conformance/habits/adjointVariants.ts";
import { exactReference } from "../../../src/conformance/reference/exactReference.ts";
import { readGolden } from "../../../src/conformance/suite/golden.ts";
import { bundledSuite, listSuite } from "../../../src/conformance/suite/suite.ts";
import { exactClasses } from "../../../src/conformance/verdict/classes.ts";
import { loadCase } from "../../../src/format/loadCase.ts";

test("without a habit it is the certified gradient, of class T2", async () => {
  let [n, small] = [0, 0];
  for (const { group, name, folder } of await listSuite(bundledSuite)) {
    if (group === "batch" || group === "metamorphic") continue;
    const { answer } = await readGolden(folder);
    if (!answer) continue;
    const problem = await loadCase(folder);
    n++;
    const t0 = performance.now();
    let make: Awaited<ReturnType<typeof gradientsWithHabits>>;
    try {
      make = await gradientsWithHabits(problem, answer);
    } catch (e) {
      console.log(group, name, String(e));
      continue;
    }
    if (!make) {
      console.log("declined", group, name);
      continue;
    }
    small++;
    const found = make({ name: "", phrase: "" });
    const ms = performance.now() - t0;
    const ref = exactReference(answer, exactClasses.T2, problem);
    for (const [key, { tensor, tolerance }] of ref.gradients) {
      const got = found.get(key)!.values;
      const error = Math.hypot(...tensor.values.map((x, k) => x - got[k]!));
      if (!(error <= tolerance))
        console.log(group, name, key, error / tolerance, error, Math.hypot(...tensor.values));
    }
    if (ms > 300) console.log(name, ms.toFixed(0));
  }
  console.log(n, small);
}, 600_000);
