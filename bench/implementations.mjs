// What other implementations do on the suite: keeps runs of the conformance kit, and writes the tables of
// docs/implementations.md from what is kept.
//
//   node bench/implementations.mjs keep NAME RESULTS [SYSTEM]   of `conform run --results RESULTS`; bench/results/peers/NAME.json
//   node bench/implementations.mjs                              the tables
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const kept = new URL("results/peers/", import.meta.url);
const page = new URL("../docs/implementations.md", import.meta.url);

const [verb, name, results, system] = process.argv.slice(2);
if (verb === "keep") keep(name, results, system);
else if (verb === undefined) writeTables();
else fail(`expected keep NAME RESULTS, or nothing, got ${verb}`);

function fail(message) {
  process.stderr.write(`error: ${message}\n`);
  process.exit(2);
}

/** What a table needs of a run's verdicts. */
function keep(name, results, system = name) {
  const lines = readFileSync(join(results, "verdicts.jsonl"), "utf8").trimEnd().split("\n").map(JSON.parse);
  const [{ run }] = lines;
  if (!lines.at(-1).summary?.finished) fail(`${results}: expected a run that has ended`);
  // A verdict that was amended comes a second time.
  const verdicts = new Map(
    lines.flatMap(({ verdict }) => (verdict ? [[`${verdict.group}/${verdict.case}`, verdict]] : [])),
  );
  const { class: ofClass, rtol, convention, dt, date, suite_version, version } = run;
  const about = { system, class: ofClass, rtol, convention, dt, date, suite_version, goldspike: version };
  const cases = [...verdicts].map(([path, { status, message }]) => [
    path,
    status,
    // Where the run was made is nobody's concern.
    ...(message === "" ? [] : [message.replaceAll(`${process.cwd()}/`, "").slice(0, 240)]),
  ]);
  const text = cases.map((row) => `  ${JSON.stringify(row)}`).join(",\n");
  writeFileSync(
    new URL(`${name}.json`, kept),
    `{"about": ${JSON.stringify(about)}, "cases": [\n${text}\n]}\n`,
  );
}

function writeTables() {
  const runs = readdirSync(kept)
    .filter((file) => file.endsWith(".json"))
    .sort()
    .map((file) => JSON.parse(readFileSync(new URL(file, kept), "utf8")));
  const text = readFileSync(page, "utf8").replace(
    /(<!-- table (\w+) -->\n)[\s\S]*?(<!-- end -->)/g,
    (_, start, what, end) => `${start}\n${what === "counts" ? counts(runs) : failures(runs)}\n\n${end}`,
  );
  writeFileSync(page, text);
}

function counts(runs) {
  const columns = ["pass", "refused", "fail", "error", "undecidable", "unsupported"];
  const rows = runs.map(({ about, cases }) => {
    const { system, class: ofClass, rtol, convention, dt, date } = about;
    const how = [ofClass, rtol && `rtol ${rtol}`, ofClass === "T4" && `${convention}, dt ${dt} ms`].filter(
      Boolean,
    );
    const counted = columns.map((status) => cases.filter((row) => row[1] === status).length);
    return `| ${[system, how.join(", "), ...counted, date.slice(0, 10)].join(" | ")} |`;
  });
  const head = `| system | class | ${columns.join(" | ")} | date |\n| ${"--- | ".repeat(columns.length + 3).trim()}`;
  return [head, ...rows].join("\n");
}

function failures(runs) {
  const rows = runs.flatMap(({ about, cases }) =>
    cases
      .filter(([, status]) => status === "fail" || status === "error")
      .map(([path, , message]) => `| ${about.system} | \`${path}\` | ${message.replaceAll("|", "\\|")} |`),
  );
  return ["| system | case | verdict |\n| --- | --- | --- |", ...rows].join("\n");
}
