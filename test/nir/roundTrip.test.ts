/** A network that is written as NIR and read again has the same bits. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { exportNetwork } from "../../src/nir/exportNetwork.ts";
import { importGraph } from "../../src/nir/importGraph.ts";
import { readNir, writeNir } from "../../src/nir.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";
import { expressible } from "./expressible.ts";

const folder = temporaryFolder();
const start = "metadata" as const;

test("as a graph", async () => {
  await fc.assert(
    fc.asyncProperty(expressible, async (network) => {
      const graph = exportNetwork(network, "network", { start });
      expect(await importGraph(graph, "graph")).toStrictEqual(network);
    }),
    { numRuns: 300, seed: 1 },
  );
});

test("and as a file, whose bytes are the same every time", { timeout: 120_000 }, async () => {
  const [one, two] = [join(folder, "one.nir"), join(folder, "two.nir")];
  await fc.assert(
    fc.asyncProperty(expressible, async (network) => {
      await writeNir(network, one, { start });
      const found = await readNir(one);
      expect(found).toStrictEqual(network);
      await writeNir(found, two, { start });
      expect(readFileSync(two).equals(readFileSync(one))).toBe(true);
    }),
    { numRuns: 8, seed: 2 },
  );
});

test("in seconds every time is off by a rounding at most, and nothing else is", async () => {
  await fc.assert(
    fc.asyncProperty(expressible, async (network) => {
      const graph = exportNetwork(network, "network", { start, timeUnit: "s" });
      const found = await importGraph(graph, "graph");
      for (const [k, { tauMem, tauSyn, ...rest }] of found.populations.entries()) {
        const { tauMem: mem, tauSyn: syn, ...others } = network.populations[k]!;
        expect(rest).toStrictEqual(others);
        for (const [j, tau] of [...tauMem, ...tauSyn].entries())
          expect(Math.abs(tau / [...mem, ...syn][j]! - 1)).toBeLessThan(2 ** -51);
      }
      for (const [k, { weight }] of found.projections.entries())
        expect(weight).toStrictEqual(network.projections[k]!.weight);
    }),
    { numRuns: 100, seed: 3 },
  );
});
