/** The case that a request is about: one of a suite, one in a folder, or one that comes with the request. */
import { stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { z } from "zod";
import { ConfigError } from "../base/errors.ts";
import { cannotRead, exists } from "../base/files.ts";
import { parseWith, shown } from "../base/parseWith.ts";
import { type Prepared, prepare } from "../conformance/run/prepare.ts";
import { lackOf } from "../conformance/suite/completeness.ts";
import { type Group, goldenFrom, goldenSchema, groups } from "../conformance/suite/golden.ts";
import { bundledSuite, type SuiteEntry } from "../conformance/suite/suite.ts";
import type { ReadBlob } from "../format/arrays.ts";
import { parseCase } from "../format/parseCase.ts";

export const whichCaseSchema = z.union(
  [
    z.strictObject({
      path: z.string().describe("GROUP/NAME"),
      suite: z.string().optional().describe("The bundled one if absent."),
    }),
    z.strictObject({ folder: z.string().describe("With case.json, and golden.json beside it.") }),
    z.strictObject({
      json: z.unknown().describe("As case.json has it."),
      golden: z.unknown().optional().describe("As golden.json has it; T0 and T4 need none."),
    }),
  ],
  { error: "expected {path}, {folder} or {json}" },
);
export type WhichCase = z.output<typeof whichCaseSchema>;

/** Of the bundled suite, whose files stay as they are. */
const kept = new Map<string, Promise<Prepared>>();

/**
 * @param readBlob of a case that comes with the request
 * @throws ConfigError there is no such case
 */
export async function preparedCase(which: WhichCase, readBlob?: ReadBlob): Promise<Prepared> {
  if ("json" in which) return givenCase(which, readBlob);
  const entry = await entryOf(which);
  if (!("path" in which) || which.suite !== undefined) return prepare(entry);
  const found = kept.get(entry.folder) ?? prepare(entry);
  kept.set(entry.folder, found);
  return found;
}

/** @throws ConfigError as `preparedCase` */
export async function entryOf(which: Exclude<WhichCase, { json?: unknown }>): Promise<SuiteEntry> {
  if ("folder" in which) return ownEntry(which.folder);
  const { path, suite = bundledSuite } = which;
  const [group, name = "", ...more] = path.split("/");
  const folder = join(suite, group!, name);
  const isNamed = groups.some((one) => one === group) && /^[\w.-]*\w$/.test(name) && more.length === 0;
  if (isNamed && (await exists(folder))) return { group: group as Group, name, folder };
  throw new ConfigError(
    `case: expected GROUP/NAME of a case, as cases() lists them, or a folder, got ${shown(path)}`,
  );
}

/** A folder of no group is one of a group that fits it. */
async function ownEntry(folder: string): Promise<SuiteEntry> {
  const found = await stat(folder).catch((error: unknown) => {
    throw cannotRead(folder, error);
  });
  if (!found.isDirectory()) throw new ConfigError(`${folder}: expected a folder with case.json, got a file`);
  if (!(await exists(join(folder, "case.json"))))
    throw new ConfigError(`${folder}: expected a folder with case.json, which is not there`);
  const has = (name: string) => exists(join(folder, name));
  const parent = basename(dirname(resolve(folder)));
  const fitting = (await has("relation.json"))
    ? "metamorphic"
    : (await has("batch.json"))
      ? "batch"
      : parent === "metamorphic" || parent === "batch"
        ? "core"
        : (groups.find((group) => group === parent) ?? "core");
  return { group: fitting, name: basename(resolve(folder)), folder };
}

function givenCase(
  { json, golden: raw }: Extract<WhichCase, { json?: unknown }>,
  readBlob: ReadBlob | undefined,
): Prepared {
  const golden =
    raw === undefined
      ? undefined
      : goldenFrom(parseWith(goldenSchema, raw, "golden"), { source: "golden", readBlob });
  const about = (name: string, group: Group = "core") => ({
    entry: { group, name, folder: "" },
    catches: golden?.catches ?? "",
    files: new Map<string, Uint8Array>(),
  });
  if (golden?.refuse !== undefined)
    return { ...about(golden.case, golden.group), known: { kind: "refused", reason: golden.refuse } };
  const problem = parseCase(json, readBlob, "case");
  const answer = golden?.answer;
  if (golden && golden.case !== problem.name)
    throw new ConfigError(
      `golden: case: expected ${shown(problem.name)}, the case's name, got ${shown(golden.case)}`,
    );
  const lack = answer && lackOf(answer, problem);
  if (lack !== undefined) throw new ConfigError(`golden: it is damaged, this is missing: ${lack}`);
  return { ...about(problem.name, golden?.group), known: { kind: "case", problem, answer } };
}
