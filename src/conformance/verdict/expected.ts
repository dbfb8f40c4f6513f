/**
 * A list of what is known to fail, a line each: GROUP/NAME (or NAME, where one case has it), the tensor or other part (`*` for
 * whatever it may be), a reason. What is listed does not fail a run; what is listed and passes does, so that a list never outlives its reasons.
 */
import { ConfigError } from "../../base/errors.ts";
import { shown } from "../../base/parseWith.ts";
import { readText } from "../../base/text.ts";
import { pathOfCase } from "../suite/suite.ts";
import { isBad, isWrong, summed, type Verdict } from "./verdict.ts";

interface ExpectedFailure {
  /** GROUP/NAME */
  readonly case: string;
  /** Name of a part, or `*`. */
  readonly part: string;
  readonly reason: string;
}

export type ExpectedList = readonly ExpectedFailure[];

/** What is in a list's file. */
export interface ExpectedFile {
  readonly list: ExpectedList;
  /** Lines for people. */
  readonly comments: readonly string[];
}

export interface KnownCase {
  readonly group: string;
  readonly name: string;
}

/**
 * @param cases of the suite
 * @throws ConfigError the file cannot be read, or one of its lines names no case, or no part, or what another line names
 */
export function readExpected(path: string, cases: readonly KnownCase[]): ExpectedFile {
  const list: ExpectedFailure[] = [];
  const lines = readText(path).split(/\r?\n/);
  const isComment = (text: string) => /^\s*#/.test(text);
  for (const [k, text] of lines.entries()) {
    if (isComment(text) || text.trim() === "") continue;
    const wrong = (what: string) => new ConfigError(`${path}: line ${k + 1}: ${what}`);
    const [, first = "", second = "", reason = ""] = entryPattern.exec(text.trim()) ?? [];
    const [said, part] = [unspelled(first), unspelled(second)];
    const [name, ...others] = cases
      .filter((one) => one.name === said || pathOfCase(one) === said)
      .map(pathOfCase);
    if (name === undefined || others.length > 0)
      throw wrong(`expected GROUP/NAME of a case of the suite, got ${shown(said)}; take the line out`);
    if (part === "")
      throw wrong(`expected a tensor, such as projections[0].delay, or * after ${name}, got nothing`);
    if (list.some((other) => other.case === name && other.part === part))
      throw wrong(`${name} ${part} is listed twice`);
    list.push({ case: name, part, reason });
  }
  return { list, comments: lines.filter(isComment) };
}

/** Two names, in quotes of JSON where they have spaces, and the rest; perhaps with commas between them. */
const entryPattern = /^("(?:[^"\\]|\\.)*"|\S+?),?(?:\s+("(?:[^"\\]|\\.)*"|\S+?),?)?(?:\s+(.*))?$/;

function unspelled(name: string): string {
  try {
    return name.startsWith('"') ? String(JSON.parse(name)) : name;
  } catch {
    return name;
  }
}

function spelled(name: string): string {
  return /[\s"]/.test(name) ? JSON.stringify(name) : name;
}

/**
 * The verdict in the light of the list.
 *
 * @param path of the list, for messages
 * @param isWhole whether all tensors were looked at, so that a case that passes does
 */
export function expecting(verdict: Verdict, list: ExpectedList, path: string, isWhole = true): Verdict {
  const own = list.filter((entry) => entry.case === pathOfCase({ group: verdict.group, name: verdict.case }));
  if (own.length === 0) return verdict;
  const isListed = (part: string) => own.some((entry) => entry.part === part || entry.part === "*");
  const wrong = verdict.parts.filter(isWrong);
  const unlisted = wrong.filter(({ name }) => !isListed(name));
  if (unlisted.length > 0)
    return unlisted.length === wrong.length ? verdict : { ...verdict, ...summed(unlisted) };
  if (isBad(verdict) && wrong.length === 0 && !isListed("*")) return verdict;
  const outlived = own
    .map((entry) => (hasOutlived(entry, verdict, isWhole) ? outlivedText(entry) : undefined))
    .find((text) => text !== undefined);
  if (outlived !== undefined)
    return {
      ...verdict,
      status: "fail",
      message: `${outlived}; take its line out of ${path}, or --update-expected`,
    };
  if (!isBad(verdict)) return verdict;
  const reasons = own.map(({ reason }) => reason).filter((reason) => reason !== "");
  return { ...verdict, status: "expected", message: [...new Set(reasons), verdict.message].join(": ") };
}

/** Whether what an entry says has been looked at, and is right. */
function hasOutlived({ part }: ExpectedFailure, { status, parts }: Verdict, isWhole: boolean): boolean {
  if (part === "*") return isWhole && (status === "pass" || status === "refused");
  return parts.some((one) => one.name === part && one.status === "pass");
}

function outlivedText({ part, case: name }: ExpectedFailure): string {
  return `${part === "*" ? name : part} passes, though listed as failing`;
}

/**
 * The text of a list of all that fails in these verdicts. Comments stay, and lines about what was not looked at, with their
 * reasons.
 *
 * @param before the list as its file has it
 * @param verdicts as they are without a list
 * @param isWhole as of `expecting`
 */
export function expectedText(before: ExpectedFile, verdicts: readonly Verdict[], isWhole = true): string {
  const nameIn = ({ group, case: name }: Verdict) => pathOfCase({ group, name });
  const byName = new Map(verdicts.map((verdict) => [nameIn(verdict), verdict]));
  const kept = before.list.filter((entry) => {
    const verdict = byName.get(entry.case);
    return !verdict || !hasOutlived(entry, verdict, isWhole);
  });
  const added = verdicts.filter(isBad).flatMap((verdict) => {
    const name = nameIn(verdict);
    const own = kept.filter((entry) => entry.case === name).map(({ part }) => part);
    if (own.includes("*")) return [];
    const wrong = verdict.parts.filter(isWrong);
    const failing = wrong.length > 0 ? wrong : [{ name: "*", message: verdict.message }];
    return failing
      .filter(({ name: part }) => !own.includes(part))
      .map(({ name: part, message = "" }): ExpectedFailure => {
        return { case: name, part, reason: message.replaceAll(/\s+/g, " ") };
      });
  });
  const lines = [...kept, ...added].map(({ case: name, part, reason }) =>
    `${spelled(name)} ${spelled(part)} ${reason}`.trimEnd(),
  );
  return [...(before.comments.length > 0 ? before.comments : [heading]), ...lines.sort(), ""].join("\n");
}

const heading =
  "# What is known to fail: GROUP/NAME, the tensor or other part or *, and why. Other failures fail a run, and so does a pass.";
