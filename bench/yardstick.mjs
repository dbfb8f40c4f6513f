// How does the engine compare with another program on the same case? Both run in turn, and each round gives a ratio.
//   node bench/yardstick.mjs CASE f32 -- ./native_f32 CASE_DIR
// COMMAND prints one line of JSON with total_ms, and spikes to compare.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const main = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const separator = process.argv.indexOf("--");
const [path, precision, rounds = "7"] = process.argv.slice(2, separator);
const [command, ...args] = process.argv.slice(separator + 1);
if (separator < 0 || !path || !precision || !command) {
  console.error("usage: node bench/yardstick.mjs CASE f32|f64 [ROUNDS] -- COMMAND [ARG…]");
  process.exit(2);
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const ratios = [];
for (let round = 0; round < Number(rounds); round++) {
  const ours = JSON.parse(
    (await run(process.execPath, [main, "time", path, "--precision", precision, "--json"])).stdout,
  );
  const theirs = JSON.parse((await run(command, args)).stdout);
  ratios.push(ours.total_ms / theirs.total_ms);
  const spikes =
    ours.spikes === theirs.spikes ? `${ours.spikes} spikes` : `spikes ${ours.spikes} ≠ ${theirs.spikes}`;
  console.log(
    `${ours.total_ms.toFixed(2)} ms / ${theirs.total_ms.toFixed(2)} ms = ${ratios.at(-1).toFixed(3)}   ${spikes}`,
  );
}
console.log(`median ratio ${median(ratios).toFixed(3)} over ${rounds} rounds, ${precision}`);
