/**
 * Writes golden.json beside a case of one's own: what a correct implementation must find, from 50 decimal digits.
 *
 *   node test/oracle/certify.mjs SUITE/GROUP/NAME [--catches "the bug it is there to catch"] [--at 1,2.5,40]
 *
 * The folder holds case.json, and batch.json for a batch. --at: times of state and adjoint traces, ms; not of a batch.
 */

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { runnerImport } from "vite";

const load = async (file) => (await runnerImport(new URL(file, import.meta.url).pathname)).module;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { catches: { type: "string", default: "" }, at: { type: "string" } },
});
const [given] = positionals;
if (positionals.length !== 1) {
  console.error("usage: node test/oracle/certify.mjs SUITE/GROUP/NAME [--catches TEXT] [--at MS,MS…]");
  process.exit(2);
}
const folder = resolve(given);
const at = values.at?.split(",").map(Number);
const { ownGolden } = await load("suite/own.ts");
try {
  const about = { group: basename(dirname(folder)), catches: values.catches, at };
  const others = readdirSync(folder).filter((name) => /^(case|batch)/.test(name));
  const files = Object.fromEntries(others.map((name) => [name, readFileSync(join(folder, name))]));
  for (const [name, content] of Object.entries(await ownGolden(folder, files, about)))
    writeFileSync(join(folder, name), content);
} catch (error) {
  console.error(`${given}: ${error.message}`);
  process.exit(2);
}
