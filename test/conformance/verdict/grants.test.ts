/** How much of a gradient class T3 grants, and that the guide says where it is much. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { exactReference } from "../../../src/conformance/reference/exactReference.ts";
import { readGolden } from "../../../src/conformance/suite/golden.ts";
import { bundledSuite, listSuite, type SuiteEntry } from "../../../src/conformance/suite/suite.ts";
import { exactClasses } from "../../../src/conformance/verdict/classes.ts";
import { loadCase } from "../../../src/format/loadCase.ts";
import { norm } from "../../../src/format/tensor.ts";

const entries = (await listSuite(bundledSuite)).filter(
  ({ group }) => group !== "batch" && group !== "metamorphic",
);

const guidePath = new URL("../../../docs/conformance.md", import.meta.url);

/** By tensor, the part of its norm that it may be off by; of 0 anything is infinitely much, and left out. */
async function shares({ folder }: SuiteEntry, name: "T2" | "T3"): Promise<Map<string, number>> {
  const { answer } = await readGolden(folder);
  if (!answer) return new Map();
  const { gradients } = exactReference(answer, exactClasses[name], await loadCase(folder));
  return new Map(
    [...gradients]
      .map(([tensor, { tensor: own, tolerance }]) => [tensor, tolerance / norm(own.values)] as const)
      .filter(([, share]) => share < 1e30),
  );
}

const spokenWord = entries.find(({ name }) => name === "spoken-word")!;

test("of the spoken word as much as the guide says", async () => {
  const [t2, t3] = [await shares(spokenWord, "T2"), await shares(spokenWord, "T3")];
  expect(100 * t3.get("projections[0].weight")!).toBeCloseTo(17, 0);
  expect(100 * t3.get("projections[1].weight")!).toBeCloseTo(16, 0);
  expect(100 * t3.get("projections[2].weight")!).toBeCloseTo(0.002, 3);
  expect(100 * Math.max(...t3.values())).toBeCloseTo(26, 0);
  expect(t2.get("projections[0].weight")).toBeCloseTo(2e-8, 9);
  const guide = readFileSync(guidePath, "utf8");
  expect(guide).toMatch(
    /17 % of the norm is granted of\s+`projections\[0\].weight`, 16 % of `projections\[1\].weight`/,
  );
});

test("of no other weights more than 4 %, but where V touches the threshold, or spikes hundreds of times", async () => {
  const wide = new Set<string>();
  for (const entry of entries)
    for (const [tensor, share] of await shares(entry, "T3"))
      if (tensor.endsWith("weight") && share > 0.04) wide.add(entry.name);
  expect([...wide].sort()).toEqual([
    "many-spikes",
    "spoken-word",
    ...["15", "6", "9"].map((digits) => `touch-reaches-1e-${digits}`),
  ]);
  const guide = readFileSync(guidePath, "utf8");
  for (const name of ["many-spikes", "touch-reaches-*"]) expect(guide).toContain(`\`${name}\``);
});
