/**
 * Whether Node 20, 22 and 24 give the same bytes: solves suite/core in both precisions with each, and compares.
 *
 *   npm run build && node bench/reproducibility.mjs [version ...]      e.g. 20 22.12.0 24
 *
 * Needs the network: the binaries are those of npm's `node` package, put into a temporary folder and removed again.
 * Prints a line per version with the SHA-256 of all results; exits with 1 if any result differs.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { bundledSuite, listSuite } from "../dist/conformance/index.js";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../", import.meta.url));
const main = join(root, "dist/cli/main.js");
const cases = (await listSuite(bundledSuite)).filter(({ group }) => group === "core");
const versions = process.argv.length > 2 ? process.argv.slice(2) : ["20", "22", "24"];

/** Path of a Node of that version, installed into `folder`. */
async function install(folder, version) {
  await writeFile(join(folder, "package.json"), "{}");
  await run("npm", ["install", "--no-audit", "--no-fund", `node@${version}`], { cwd: folder });
  return join(folder, "node_modules/node/bin/node");
}

/** Results of all cases, by name and precision. */
async function solveAll(node) {
  const results = new Map();
  for (const { name, folder } of cases) {
    for (const precision of ["f64", "f32"]) {
      const command = [main, "solve", folder, "--precision", precision];
      const { stdout } = await run(node, command, { maxBuffer: 2 ** 26 });
      results.set(`${name} in ${precision}`, stdout);
    }
  }
  return results;
}

let first;
const temporary = await mkdtemp(join(tmpdir(), "goldspike-"));
try {
  for (const version of versions) {
    const folder = await mkdtemp(join(temporary, "node-"));
    const node = await install(folder, version);
    const { stdout } = await run(node, ["--version"]);
    const results = await solveAll(node);
    first ??= results;
    const different = [...results].filter(([name, text]) => text !== first.get(name)).map(([name]) => name);
    const hash = createHash("sha256")
      .update([...results.values()].join(""))
      .digest("hex");
    const verdict = different.length === 0 ? "the same bytes" : `differs: ${different.join(", ")}`;
    console.log(`${stdout.trim().padEnd(10)} ${results.size} results  ${hash}  ${verdict}`);
    if (different.length > 0) process.exitCode = 1;
  }
} finally {
  await rm(temporary, { recursive: true });
}
