// Runs a study of studies/ in runs/, where it goes on if it was stopped, and keeps what it has found as
// bench/results/NAME.json, from which tables.mjs makes the tables:
//
//   npm run build && node bench/experiments/study.mjs NAME [--data FOLDER] [--jobs N] [--threads N]
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { parse } from "yaml";
import { machine } from "./machine.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { data: { type: "string" }, jobs: { type: "string" }, threads: { type: "string" } },
});
const [name] = positionals;
if (name === undefined) {
  console.error("usage: study.mjs NAME [--data FOLDER] [--jobs N] [--threads N]");
  process.exit(2);
}
const study = join("studies", `${name}.yaml`);
const folder = join("runs", name);
const goldspike = [join(root, "dist/cli/main.js"), "sweep"];
const options = Object.entries(values).flatMap(([option, value]) => [`--${option}`, value]);
const { status } = spawnSync(process.execPath, [...goldspike, study, "-o", folder, ...options], {
  cwd: root,
  stdio: "inherit",
});
if (status !== 0) process.exit(status ?? 1);
const table = [...goldspike, "table", folder, "--json", "--time"];
const rows = JSON.parse(execFileSync(process.execPath, table, { cwd: root, encoding: "utf8" }));
// A run's share, where more of them go at once than there are processors for.
const cores = Math.min(Number(values.threads ?? 1), cpus().length / Number(values.jobs ?? cpus().length));
// With its base, but for where the data were.
const settings = parse(readFileSync(join(root, folder, "study.yaml"), "utf8"));
delete settings.base.dataset.folder;
writeFileSync(
  join(root, "bench/results", `${name}.json`),
  `${JSON.stringify({ study, settings, machine, cores, rows }, null, 1)}\n`,
);
