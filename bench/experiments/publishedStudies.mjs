// What the published studies would cost on this machine, by `goldspike sweep estimate`, as bench/results/published_studies.json,
// from which tables.mjs makes the table. Spoken words of Google Speech Commands stand in for both data sets: as many recordings as
// SHD has, and 11,172 for the 75,466 of SSC, whose hours are told for all of them.
//
//   npm run build && node bench/experiments/publishedStudies.mjs --data FOLDER [--sample 24] [--seconds 5]
import { execFileSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { withShdRecordings } from "../../dist/data/shd/shdRecordings.js";
import { writeShdFile } from "../../dist/data/shd/writeShdFile.js";
import { machine } from "./machine.mjs";

const { values } = parseArgs({
  options: {
    data: { type: "string" },
    sample: { type: "string", default: "24" },
    seconds: { type: "string", default: "5" },
  },
});
if (values.data === undefined) {
  console.error("usage: publishedStudies.mjs --data FOLDER [--sample 24] [--seconds 5]");
  process.exit(2);
}
const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "goldspike-published-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

/** Of SHD's training part; two more speak in its test part alone. */
const speakers = [0, 1, 2, 3, 6, 7, 8, 9, 10, 11];
const [trained, all] = [11172, 75466];

for (const name of ["configs", "studies"]) cpSync(join(root, name), join(folder, name), { recursive: true });
mkdirSync(join(folder, "data"));
const words = await recordings(8156);
await standInForShd("shd_train.h5", words);
await standInForShd("shd_test.h5", words.slice(0, 2264));
for (const [part, name] of [
  ["train", "train"],
  ["valid", "valid"],
  ["test", "valid"],
])
  symlinkSync(resolve(values.data, `gsc15_${name}.h5.gz`), join(folder, "data", `ssc_${part}.h5.gz`));
// Twice the trials that there are here.
for (const name of readdirSync(join(folder, "studies")).filter((one) => one.startsWith("ssc"))) {
  const file = join(folder, "studies", name);
  writeFileSync(file, readFileSync(file, "utf8").replaceAll(String(2 * all), String(2 * trained)));
}

const rows = [];
for (const study of ["shd_xval", "shd_test", "ssc", "ssc_test", "shd_losses_xval", "shd_losses_test"]) {
  const options = ["--data", join(folder, "data"), "--sample", values.sample, "--seconds", values.seconds];
  const command = [
    join(root, "dist/cli/main.js"),
    "sweep",
    "estimate",
    join("studies", `${study}.yaml`),
    ...options,
  ];
  const line = execFileSync(process.execPath, command, {
    ...{ cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] },
  });
  const {
    points,
    timed,
    core_hours: hours,
  } = Object.fromEntries(
    line
      .trim()
      .split(" ")
      .map((pair) => [pair.split("=")[0], Number(pair.split("=")[1])]),
  );
  const share = study.startsWith("ssc") ? all / trained : 1;
  rows.push({ study, points, timed, core_hours: Number((hours * share).toPrecision(3)) });
  console.log(JSON.stringify(rows.at(-1)));
}
const sample = { points: Number(values.sample), seconds: Number(values.seconds) };
writeFileSync(
  join(root, "bench/results/published_studies.json"),
  `${JSON.stringify({ machine, sample, studies: rows }, null, 1)}\n`,
);

async function recordings(count) {
  const spikes = [];
  await withShdRecordings(join(values.data, "gsc15_train.h5.gz"), 700, async (file) => {
    for await (const { times, sources } of file.read()) {
      if (spikes.push({ times, channels: sources }) === count) break;
    }
  });
  return spikes;
}

async function standInForShd(name, spikes) {
  await writeShdFile(join(folder, "data", name), {
    spikes,
    labels: spikes.map((_, k) => k % 20),
    classes: Array.from({ length: 20 }, (_, k) => `word ${k}`),
    speakers: spikes.map((_, k) => speakers[k % speakers.length]),
    speakerNames: Array.from({ length: 12 }, (_, k) => `speaker ${k}`),
  });
}
