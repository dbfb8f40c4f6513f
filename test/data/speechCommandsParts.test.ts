/** Which part of Spiking Speech Commands a recording is in: by its name alone, as the data set's own program decides. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { hashPercent, partOf } from "../../src/data/encode/speechCommands/published.ts";
import { withShdRecordings } from "../../src/data/shd/shdRecordings.ts";

/** By Python's hashlib and the README's formula; the first ones are, of 400,000 names, the nearest to where a part ends. */
const published = [
  ["ce8126a4_nohash_0.wav", 9.9998184293495, "valid"],
  ["4c1e9b14_nohash_0.wav", 10.000347420575823, "test"],
  ["5104c3de_nohash_0.wav", 29.9998024851069, "test"],
  ["3ada652b_nohash_0.wav", 30.00060044229478, "train"],
  ["7e6c12da_nohash_1.wav", 0.00019073486470233547, "valid"],
  ["cedef27f_nohash_2.wav", 99.9998368322837, "train"],
  ["0a2b400e_nohash_0.wav", 49.629312378386494, "train"],
  ["0a2b400e_nohash_13.wav", 49.629312378386494, "train"],
] as const;

test.each(published)("%s is at %f percent, which is %s", (file, percent, part) => {
  expect(hashPercent(file)).toBe(percent);
  expect(partOf(file)).toBe(part);
});

const data = process.env.GOLDSPIKE_DATA ?? fileURLToPath(new URL("../../../shared/data", import.meta.url));

test.each(["train", "valid"] as const)(
  "every speaker of gsc15_%s, recordings of the real set, is in that part (skipped where it is absent)",
  async (part) => {
    const file = join(data, "gsc15", `gsc15_${part}.h5.gz`);
    if (!existsSync(file)) return;
    const names = await withShdRecordings(file, 700, ({ speakerNames }) => speakerNames!);
    expect(names.length).toBe(part === "train" ? 1661 : 237);
    expect(names.filter((name) => partOf(`${name}_nohash_0.wav`) !== part)).toEqual([]);
  },
);
