/** A suite, or one case of it: its files against the list of checksums, and whether its goldens know all they should. */
import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { exists } from "../base/files.ts";
import { prepare } from "../conformance/run/prepare.ts";
import { checksumsName, flawOf, listedSums } from "../conformance/suite/checksums.ts";
import { type Group, groups } from "../conformance/suite/golden.ts";
import { listSuite, type SuiteEntry } from "../conformance/suite/suite.ts";
import { loadCase } from "../format/loadCase.ts";
import { counted, type Finding, findingOf } from "./finding.ts";

export async function isSuite(folder: string): Promise<boolean> {
  if (await exists(join(folder, checksumsName))) return true;
  return listSuite(folder).then(
    () => true,
    () => false,
  );
}

/** Cases in the order of groups and names; then what the list names and is not in any of them. */
export async function* verifySuite(suite: string): AsyncGenerator<Finding> {
  const list = join(suite, checksumsName);
  let sums: ReadonlyMap<string, string> | undefined;
  const listFinding = await findingOf(list, async () => {
    sums = await listedSums(suite);
    return counted(sums?.size ?? 0, "file");
  });
  if (sums === undefined && listFinding.state === "ok")
    yield { path: list, state: "not_yet", message: "without it only what files hold can be checked" };
  else yield listFinding;
  const seen = new Set<string>();
  for (const entry of await listSuite(suite).catch(() => [])) {
    seen.add(`${entry.group}/${entry.name}`);
    yield* entryFindings(entry, sums);
  }
  for (const [name, sum] of sums ?? [])
    if (!seen.has(dirname(name))) yield* listedFinding(join(suite, name), sum);
}

/** Of a folder with case.json that may be one of a suite. */
export async function* verifyCase(folder: string): AsyncGenerator<Finding> {
  const parent = basename(dirname(folder));
  const group = groups.find((name) => name === parent) ?? (await groupOf(folder));
  yield* entryFindings({ group, name: basename(folder), folder }, undefined);
}

async function groupOf(folder: string): Promise<Group> {
  if (await exists(join(folder, "relation.json"))) return "metamorphic";
  return (await exists(join(folder, "batch.json"))) ? "batch" : "core";
}

/** One line where everything is right, else one for each file that is not. */
async function* entryFindings(
  entry: SuiteEntry,
  sums: ReadonlyMap<string, string> | undefined,
): AsyncGenerator<Finding> {
  const { group, name, folder } = entry;
  const place = `${group}/${name}/`;
  const listed = [...(sums ?? [])].filter(([file]) => file.startsWith(place));
  let damaged = false;
  for (const [file, sum] of listed)
    for await (const finding of listedFinding(join(folder, basename(file)), sum)) {
      damaged = true;
      yield finding;
    }
  const files = (await readdir(folder)).sort();
  if (listed.length > 0)
    for (const file of files)
      if (!sums!.has(place + file))
        yield { path: join(folder, file), state: "extra", message: `${checksumsName} does not name it` };
  if (damaged) return;
  const { known } = await prepare(entry);
  if (known.kind !== "damaged")
    yield { path: folder, state: "ok", message: wordsOf(known.kind, files.length) };
  else {
    const { path, message } = blamed(folder, known.reason);
    yield { path, state: "damaged", message };
  }
}

function wordsOf(kind: string, files: number): string {
  const what = kind === "refused" ? "a case that must be refused" : kind === "batch" ? "a batch" : "a case";
  return `${what}, ${counted(files, "file")}`;
}

/** The file that a reason starts with. */
function blamed(folder: string, reason: string): { path: string; message: string } {
  const [, path, message] = /^(.*?): (.*)$/s.exec(reason) ?? [];
  return path?.startsWith(folder) ? { path, message: message! } : { path: folder, message: reason };
}

/** Nothing where the file is as it should be. */
async function* listedFinding(path: string, sum: string): AsyncGenerator<Finding> {
  const message = flawOf(path, sum);
  if (message === undefined) return;
  if (await exists(path)) yield { path, state: "damaged", message };
  else yield { path, state: "missing", message: `${checksumsName} names it` };
}

/** A file with a case. */
export async function* verifyCaseFile(path: string): AsyncGenerator<Finding> {
  yield await findingOf(path, async () => {
    const { network, input } = await loadCase(path);
    return `a case of ${counted(network.populations.length, "population")}, ${counted(input.times.length, "input spike")}`;
  });
}
