/** What is made of results: those that a run has kept, those of others, and what only many of them show together. */
import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { demandOf } from "../../../src/conformance/compare/comparison.ts";
import { strayResults } from "../../../src/conformance/run/results.ts";
import { judgeResults } from "../../../src/conformance/run/runSuite.ts";
import { unjudgedKinds } from "../../../src/conformance/verdict/runReport.ts";
import type { Verdict } from "../../../src/conformance/verdict/verdict.ts";
import { all, type Claims, choice, claim, fresh, placeIn, run, smoke, told } from "./claim.ts";
import { workerCommand } from "./workerScript.ts";

const everything = { choice, demand: demandOf(undefined) };
const some = all.filter(
  ({ group, name }) =>
    ["smoke", "metamorphic"].includes(group) ||
    ["sum-over-batch", "nan-weight", "delayed-linear-usual", "delayed-max-equal"].includes(name),
);
const answered = some.filter(({ name }) => name !== "nan-weight");

async function judged(
  results: string,
  entries = answered,
  more: Partial<Parameters<typeof judgeResults>[2]> = {},
) {
  const verdicts = await judgeResults(entries, results, { ...everything, ...more });
  return { verdicts, told: told(verdicts) };
}

// biome-ignore lint/suspicious/noExplicitAny: results are changed at any place
function edit(results: string, place: string, change: (json: any) => void): void {
  const path = join(results, place, "result.json");
  const json = JSON.parse(readFileSync(path, "utf8"));
  change(json);
  writeFileSync(path, JSON.stringify(json));
}

function status(folder: string, about: object | string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "status.json"), typeof about === "string" ? about : JSON.stringify(about));
}

const format = "goldspike/status@1";

export const judgingClaims: Claims = {
  "right results pass, of cases, batches and relations": async (folder) => {
    const { told: found } = await judged(await fresh(folder, answered));
    claim(
      Object.values(found).every((text) => text === "pass"),
      found,
    );
    claim(Object.keys(found).length === answered.length, found);
  },
  "a wrong number is found, in the second case of a relation and in a batch too": async (folder) => {
    const results = await fresh(folder, answered);
    const wrong = (json: { gradients: { projections: { weight: number[][] }[] } }) => {
      json.gradients.projections[0]!.weight[0]![0]! += 1e-3;
    };
    edit(results, "smoke/hidden-spikes", wrong);
    edit(results, "metamorphic/idle-parts-layered/related", wrong);
    edit(results, "batch/sum-over-batch", (json) => wrong(json.batches[0]));
    const { told: found } = await judged(results);
    const failed = Object.entries(found).filter(([, text]) =>
      /^fail \S*projections\[0\].weight: /.test(text),
    );
    claim(
      failed
        .map(([name]) => name)
        .sort()
        .join() === "hidden-spikes,idle-parts-layered,sum-over-batch",
      found,
    );
  },
  "a run keeps its results, and they are judged as they were": async (folder) => {
    const store = await fresh(folder);
    const results = placeIn(folder);
    mkdirSync(results);
    const { told: first } = await run(workerCommand(store, "crash"), { results });
    const { told: second } = await judged(results, smoke);
    claim(JSON.stringify(first) === JSON.stringify(second), { first, second });
    claim(/^error ended without an answer/.test(second["hidden-spikes"]!), second);
    const files = readdirSync(join(results, "smoke", "recurrence"))
      .sort()
      .join();
    claim(files === "result.json,status.json", files);
  },
  "kept results of an earlier run are replaced": async (folder) => {
    const store = await fresh(folder);
    const results = placeIn(folder);
    mkdirSync(results);
    await run(workerCommand(store), { results });
    const { told: found } = await run(workerCommand(store, "no result"), { results });
    claim(/^error done, but no result.json/.test(found["hidden-spikes"]!), found);
  },
  "what was not answered says why": async (folder) => {
    const results = await fresh(folder, answered);
    const at = (name: string) => join(results, "smoke", name);
    rmSync(join(at("hidden-spikes"), "result.json"));
    status(at("hidden-spikes"), { format, status: "unsupported", message: "no\nloss" });
    status(at("recurrence"), { format, status: "failed", message: "out of memory" });
    status(at("first-spikes"), "{");
    rmSync(at("postsynaptic-potential"), { recursive: true });
    const { told: found } = await judged(results);
    claim(found["hidden-spikes"] === "unsupported loss", found);
    claim(found["recurrence"] === "error out of memory", found);
    claim(/^error .*status.json: /.test(found["first-spikes"]!), found);
    claim(/^error .*: neither result.json nor status.json$/.test(found["postsynaptic-potential"]!), found);
  },
  "a refusal leaves nothing, or says so": async (folder) => {
    const results = await fresh(folder, answered);
    const refusal = some.filter(({ name }) => name === "nan-weight");
    const place = join(results, "adversarial", "nan-weight");
    const verdict = async () => (await judged(results, refusal)).told["nan-weight"]!;
    const noGroup = await verdict();
    mkdirSync(join(results, "adversarial"), { recursive: true });
    const nothing = await verdict();
    status(place, { format, status: "refused" });
    const said = await verdict();
    writeFileSync(join(place, "result.json"), "{}");
    const both = await verdict();
    claim(/^error .*: neither/.test(noGroup), noGroup);
    claim(nothing === "refused", nothing);
    claim(said === "refused", said);
    claim(/^fail answered a case that must be refused/.test(both), both);
  },
  "links are not followed": async (folder) => {
    const results = await fresh(folder, answered);
    const [place, elsewhere] = [join(results, "smoke", "recurrence"), placeIn(folder)];
    renameSync(place, elsewhere);
    symlinkSync(elsewhere, place);
    const file = join(results, "smoke", "hidden-spikes", "result.json");
    renameSync(file, `${elsewhere}.json`);
    symlinkSync(`${elsewhere}.json`, file);
    const batches = placeIn(folder);
    renameSync(join(results, "batch"), batches);
    symlinkSync(batches, join(results, "batch"));
    const { told: found } = await judged(results);
    claim(/^error .*recurrence: expected a folder, no link$/.test(found["recurrence"]!), found);
    claim(/^fail result.json: cannot be read: it is a link/.test(found["hidden-spikes"]!), found);
    claim(/^error .*batch: expected a folder, no link$/.test(found["sum-over-batch"]!), found);
  },
  "what is no file in place of status.json is told as what it is": async (folder) => {
    const results = await fresh(folder, smoke);
    const at = (name: string) => join(results, "smoke", name, "status.json");
    mkdirSync(at("recurrence"));
    execFileSync("mkfifo", [at("hidden-spikes")]);
    symlinkSync("/dev/null", at("first-spikes"));
    const { told: found } = await judged(results, smoke);
    claim(/^error .*\/status.json: expected a file, got a folder$/.test(found["recurrence"]!), found);
    claim(/^error .*\/status.json: expected a file, got a pipe$/.test(found["hidden-spikes"]!), found);
    claim(/^error .*\/status.json: expected a file, got a link$/.test(found["first-spikes"]!), found);
  },
  "another case's result is none": async (folder) => {
    const results = await fresh(folder, answered);
    writeFileSync(
      join(results, "smoke", "recurrence", "result.json"),
      readFileSync(join(results, "smoke", "hidden-spikes", "result.json")),
    );
    const { told: found } = await judged(results);
    claim(
      found["recurrence"] === 'fail result.json: case: expected "recurrence", got "hidden-spikes"',
      found,
    );
  },
  "strangers and missing groups are told, a line each": async (folder) => {
    const results = await fresh(folder, answered);
    rmSync(join(results, "metamorphic"), { recursive: true });
    mkdirSync(join(results, "smoke", "unheard-of"));
    mkdirSync(join(results, "other", "case"), { recursive: true });
    const lines = await strayResults(results, all, answered);
    const ends = lines.map((line) => line.slice(results.length));
    claim(/^: no folder metamorphic, so 8 cases have no result/.test(ends[0]!), lines);
    claim(
      ends.slice(1).sort().join() ===
        "/other: not of this suite, and not looked at,/smoke/unheard-of: not of this suite, and not looked at",
      lines,
    );
  },
  "tensors that nobody asks for may be missing": async (folder) => {
    const results = await fresh(folder, answered);
    for (const { group, name } of answered.filter(({ group }) => group === "smoke"))
      edit(results, `${group}/${name}`, (json) => {
        if (json.gradients) json.gradients = { projections: json.gradients.projections };
      });
    const { told: found, verdicts } = await judged(results, smoke);
    claim(
      Object.values(found).every((text) => text === "pass"),
      found,
    );
    const kinds = [...unjudgedKinds(verdicts).keys()].sort().join();
    claim(kinds.startsWith("input_times,populations.*.bias,") && kinds.endsWith("spike_times.*"), kinds);
    const strict = await judged(results, smoke, { demand: demandOf(undefined, ["tau_mem"]) });
    claim(/^fail populations.hidden.tau_mem: missing/.test(strict.told["hidden-spikes"]!), strict.told);
    const chosen = await judged(results, smoke, { demand: demandOf(["weight"]) });
    claim(
      Object.values(chosen.told).every((text) => text === "pass"),
      chosen.told,
    );
    claim(unjudgedKinds(chosen.verdicts).size === 0, chosen.verdicts);
  },
  "but not in some cases alone": async (folder) => {
    const results = await fresh(folder, answered);
    edit(results, "smoke/hidden-spikes", (json) => {
      json.gradients.input_times = undefined;
    });
    const amended: Verdict[] = [];
    const { told: found } = await judged(results, answered, {
      onAmended: (verdict) => amended.push(verdict),
    });
    const lacking = /^fail input_times: missing, but delivered for \w+\/[\w-]+$/;
    claim(lacking.test(found["hidden-spikes"]!), found);
    claim(amended.length === 1 && amended[0]!.case === "hidden-spikes", amended);
    claim(Object.values(found).filter((text) => text !== "pass").length === 1, found);
  },
  "delays may be left out where there are none": async (folder) => {
    const results = await fresh(folder, answered);
    for (const { group, name } of smoke.filter((entry) => entry.name !== "recurrence"))
      edit(results, `${group}/${name}`, (json) => {
        for (const projection of json.gradients?.projections ?? []) projection.delay = undefined;
      });
    const { told: found } = await judged(results);
    claim(
      Object.values(found).every((text) => text === "pass"),
      found,
    );
  },
  "but not where there are some, whatever the loss": async (folder) => {
    const results = await fresh(folder, answered);
    edit(results, "core/delayed-max-equal", (json) => {
      for (const projection of json.gradients.projections) projection.delay = undefined;
    });
    const { told: found } = await judged(results);
    const lacking =
      /^fail projections\[0\].delay: missing, but delivered for \w+\/[\w-]+ \(and 2 more missing\)$/;
    claim(lacking.test(found["delayed-max-equal"]!), found);
    claim(Object.values(found).filter((text) => text !== "pass").length === 1, found);
  },
  "a loss without any gradient fails": async (folder) => {
    const results = await fresh(folder, answered);
    edit(results, "smoke/recurrence", (json) => {
      json.gradients = undefined;
    });
    const { told: found } = await judged(results);
    claim(
      /^fail gradients: expected at least one of \d+ tensors, got none/.test(found["recurrence"]!),
      found,
    );
  },
  "a tolerance of one's own grants as much, and no more": async (folder) => {
    const results = await fresh(folder, answered);
    edit(results, "smoke/hidden-spikes", (json) => {
      json.gradients.projections[0].weight[0][0] *= 1 + 1e-7;
    });
    const verdict = async (rtol?: number) =>
      (await judged(results, smoke, { choice: { ...choice, ...(rtol !== undefined && { rtol }) } })).told[
        "hidden-spikes"
      ]!;
    const [none, little, much] = [await verdict(), await verdict(1e-10), await verdict(1e-6)];
    claim(none.startsWith("fail") && little.startsWith("fail") && much === "pass", { none, little, much });
  },
};
