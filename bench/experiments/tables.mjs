// Writes the tables of docs/experiments.md and README.md from bench/results: between `<!-- table NAME … -->` and
// `<!-- end -->` stands the table of bench/results/NAME.json and those after it.
//
//   node bench/experiments/tables.mjs
import { readFile, writeFile } from "node:fs/promises";

const root = new URL("../../", import.meta.url);

for (const file of ["docs/experiments.md", "README.md"]) {
  const text = await readFile(new URL(file, root), "utf8");
  const pieces = text.split(/(<!-- table [\w -]+ -->\n)[\s\S]*?(<!-- end -->)/);
  for (const [k, piece] of pieces.entries()) {
    const names = /^<!-- table ([\w -]+) -->/.exec(piece)?.[1];
    if (names !== undefined) pieces[k] = `${piece}\n${await tableOf(names.split(" "))}\n\n`;
  }
  await writeFile(new URL(file, root), pieces.join(""));
}

async function tableOf(names) {
  const files = names.map((name) => readFile(new URL(`bench/results/${name}.json`, root), "utf8"));
  const results = (await Promise.all(files)).map((text) => JSON.parse(text));
  if (results[0].rows !== undefined) return studyTable(results.flatMap(({ rows }) => rows));
  const runs = results.flatMap((result) => result.runs);
  const conditions = [...new Set(runs.map(({ condition }) => condition))];
  const rows = conditions.map((condition) =>
    row(
      condition,
      runs.filter((run) => run.condition === condition),
    ),
  );
  const heading = [
    "condition",
    "seeds",
    "epochs",
    "accuracy, %",
    "training accuracy, %",
    "hidden spikes",
    "seconds",
  ];
  return markdown(heading, rows);
}

function markdown(heading, rows) {
  return [heading, heading.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** Of what bench/experiments/study.mjs has kept. */
function studyTable(rows) {
  const axes = Object.keys(rows[0].settings);
  const heading = [...axes, "seeds", "epochs", "validation accuracy, %", "seconds a run"];
  const cells = rows.map(({ settings, runs, trained_epochs: epochs, seconds, ...found }) => [
    ...axes.map((name) => settings[name]),
    runs,
    epochs,
    `${(100 * found.validation_accuracy).toFixed(1)} ± ${(100 * found.validation_deviation).toFixed(1)}`,
    seconds.toFixed(0),
  ]);
  return markdown(heading, cells);
}

function row(condition, runs) {
  const percent = (key) =>
    meanAndDeviation(
      runs.map((run) => 100 * run[key]),
      1,
    );
  const plain = (key) =>
    meanAndDeviation(
      runs.map((run) => run[key]),
      0,
    );
  const epochs = [...new Set(runs.map((run) => run.epochs))].join(", ");
  return [
    condition,
    runs.length,
    epochs,
    percent("accuracy"),
    percent("train"),
    plain("hidden_spikes"),
    plain("seconds"),
  ];
}

/** Deviation of the population: divided by the number of runs. */
function meanAndDeviation(values, digits) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  const deviation = values.length > 1 ? ` ± ${Math.sqrt(square).toFixed(digits)}` : "";
  return `${mean.toFixed(digits)}${deviation}`;
}
