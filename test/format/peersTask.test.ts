/** The file that `bench/peers` gives its programs: goldspike's program reads what was written. */
import { expect, test } from "vitest";
import { problem, taskBytes, taskOf } from "../../bench/peers/problem.mjs";
import type { Network } from "../../src/index.ts";

const weights = (network: Network) => network.projections.map(({ weight }) => weight);

test("the task of the comparison is read back as it was written", async () => {
  const written = await problem(2, undefined);
  const read = taskOf(taskBytes(written));
  expect(read.duration).toBe(1000);
  expect(read.train.offsets).toEqual(Uint32Array.of(0, 8000, 16000));
  expect(read.train.labels).toEqual(Uint16Array.of(0, 7));
  for (const name of ["times", "sources"] as const)
    expect(Array.from(read.train[name])).toEqual(Array.from(written.train[name]));
  expect(weights(read.network)).toEqual(weights(written.network));
});
