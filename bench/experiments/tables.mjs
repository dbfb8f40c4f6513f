// Writes the tables of docs/experiments.md, docs/studies.md and README.md from bench/results: between `<!-- table NAME … -->` and
// `<!-- end -->` stands the table of bench/results/NAME.json and those after it. Draws docs/pictures/gsc15.svg.
//
//   npm run build && node bench/experiments/tables.mjs
import { readFile, writeFile } from "node:fs/promises";
import { meanAndDeviation, meanInterval } from "../../dist/training/confidence.js";
import { studyPicture } from "./studyPicture.mjs";

const root = new URL("../../", import.meta.url);

for (const file of ["docs/experiments.md", "docs/studies.md", "README.md"]) {
  const text = await readFile(new URL(file, root), "utf8");
  const pieces = text.split(/(<!-- table [\w -]+ -->\n)[\s\S]*?(<!-- end -->)/);
  for (const [k, piece] of pieces.entries()) {
    const names = /^<!-- table ([\w -]+) -->/.exec(piece)?.[1];
    if (names !== undefined) pieces[k] = `${piece}\n${await tableOf(names.split(" "))}\n\n`;
  }
  await writeFile(new URL(file, root), pieces.join(""));
}

const [losses, ablation] = await resultsOf(["gsc15_losses", "gsc15_ablation"]);
const panels = [
  { title: "losses", ...losses },
  { title: "what each part does", ...ablation },
];
await writeFile(new URL("docs/pictures/gsc15.svg", root), await studyPicture(panels));

async function resultsOf(names) {
  const files = names.map((name) => readFile(new URL(`bench/results/${name}.json`, root), "utf8"));
  return (await Promise.all(files)).map((text) => JSON.parse(text));
}

async function tableOf(names) {
  const results = await resultsOf(names);
  if (results[0].studies !== undefined) return costsTable(results[0]);
  if (results[0].rows !== undefined) return studyTable(names, results);
  const runs = results.flatMap((result) => result.runs);
  if (runs[0].network !== undefined) return networksTable(runs);
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
    "accuracy, % (95 %)",
    "training accuracy, %",
    "hidden spikes",
    "seconds",
  ];
  return markdown(heading, rows);
}

function markdown(heading, rows) {
  return [heading, heading.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** Of what study.mjs has kept; studies in which nothing varies are a row each. */
function studyTable(names, results) {
  const axes = Object.keys(results[0].rows[0].settings);
  const found = [
    "seeds",
    "epochs",
    "validation accuracy, % (95 %)",
    "mean recall, %",
    "training accuracy, %",
  ];
  const heading = [...(axes.length > 0 ? axes : ["study"]), ...found, "hidden spikes", "core-minutes a run"];
  const rows = results.flatMap(({ rows: its, cores }, k) =>
    its.map((one) => [
      ...(axes.length > 0 ? axes.map((axis) => one.settings[axis]) : [names[k]]),
      ...[one.runs, one.trained_epochs, accuracyText(one), percent(one.mean_recall)],
      ...[percent(one.train_accuracy), one.hidden_spikes.toFixed(0)],
      ((one.seconds * cores) / 60).toFixed(1),
    ]),
  );
  const hours = results
    .flatMap(({ rows: its, cores }) => its.map(({ runs, seconds }) => (runs * seconds * cores) / 3600))
    .reduce((sum, its) => sum + its, 0);
  return `${markdown(heading, rows)}\n\n${hours.toFixed(1)} core-hours in all.`;
}

function accuracyText({ runs, validation_accuracy: mean, validation_deviation: deviation, ...interval }) {
  const spread = runs > 1 ? ` ± ${percent(deviation)}` : "";
  return `${percent(mean)}${spread} (${percent(interval.validation_low)}–${percent(interval.validation_high)})`;
}

function percent(share) {
  return (100 * share).toFixed(1);
}

/** Of what bench/peers/without_spikes.py has kept. */
function networksTable(runs) {
  const heading = ["network", "parameters", "seeds", "epochs", "validation accuracy, % (95 %)"];
  const names = [...new Set(runs.map(({ network }) => network))];
  const rows = names.map((name) => {
    const its = runs.filter(({ network }) => network === name);
    const { parameters, epochs } = its[0];
    const scores = ["mean_recall", "train_accuracy"].map((key) => sharesText(its, key));
    return [name, parameters, its.length, epochs, withInterval(its, "validation_accuracy"), ...scores];
  });
  return markdown([...heading, "mean recall, %", "training accuracy, %"], rows);
}

/** Of what publishedStudies.mjs has kept. */
function costsTable({ studies }) {
  const hours = (count) => Number(count.toPrecision(2)).toLocaleString("en");
  const rows = studies.map(({ study, points, core_hours }) => [
    `\`${study}.yaml\``,
    points.toLocaleString("en"),
    hours(core_hours),
  ]);
  return markdown(["study", "points", "core-hours"], rows);
}

function row(condition, runs) {
  const plain = (key) =>
    spreadText(
      runs.map((run) => run[key]),
      0,
    );
  const epochs = [...new Set(runs.map((run) => run.epochs))].join(", ");
  return [
    condition,
    runs.length,
    epochs,
    withInterval(runs, "accuracy"),
    sharesText(runs, "train"),
    plain("hidden_spikes"),
    plain("seconds"),
  ];
}

function sharesText(runs, key) {
  return spreadText(
    runs.map((run) => 100 * run[key]),
    1,
  );
}

function withInterval(runs, key) {
  const { low, high } = meanInterval(
    runs.map((run) => run[key]),
    runs[0].trials,
  );
  return `${sharesText(runs, key)} (${percent(low)}–${percent(high)})`;
}

function spreadText(values, digits) {
  const { mean, deviation } = meanAndDeviation(values);
  const spread = values.length > 1 ? ` ± ${deviation.toFixed(digits)}` : "";
  return `${mean.toFixed(digits)}${spread}`;
}
