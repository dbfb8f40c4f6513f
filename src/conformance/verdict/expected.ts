/**
 * A list of what is known to fail, a line each: GROUP/NAME (or NAME, where one case has it), the tensor or other part (`*` for
 * whatever it may be), a reason. What is listed does not fail a run; what is listed and passes does, so that a list never outlives its reasons.
 */
import { ConfigError } from "../../base/errors.ts";
import { shown } from "../../base/parseWith.ts";
import { readText } from "../../base/text.ts";
import { isBad, isWrong, summed, type Verdict } from "./verdict.ts";

interface ExpectedFailure {
  /** GROUP/NAME */
  readonly case: string;
  /** Name of a part, or `*`. */
  readonly part: string;
  readonly reason: string;
}

export type ExpectedList = readonly ExpectedFailure[];

export interface KnownCase {
  readonly group: string;
  readonly name: string;
}

/**
 * @param cases of the suite
 * @throws ConfigError the file cannot be read, or one of its lines names no case, or no part, or what another line names
 */
export function readExpected(path: string, cases: readonly KnownCase[]): ExpectedList {
  const list: ExpectedFailure[] = [];
  for (const [k, text] of readText(path).split(/\r?\n/).entries()) {
    if (/^\s*(#|$)/.test(text)) continue;
    const wrong = (what: string) => new ConfigError(`${path}: line ${k + 1}: ${what}`);
    const [, first = "", second = "", reason = ""] = entryPattern.exec(text.trim()) ?? [];
    const [said, part] = [unspelled(first), unspelled(second)];
    const [name, ...others] = cases.filter((one) => one.name === said || nameOf(one) === said).map(nameOf);
    if (name === undefined || others.length > 0)
      throw wrong(`expected GROUP/NAME of a case of the suite, got ${shown(said)}; take the line out`);
    if (part === "")
      throw wrong(`expected a tensor, such as projections[0].delay, or * after ${name}, got nothing`);
    if (list.some((other) => other.case === name && other.part === part))
      throw wrong(`${name} ${part} is listed twice`);
    list.push({ case: name, part, reason });
  }
  return list;
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

function nameOf({ group, name }: KnownCase): string {
  return `${group}/${name}`;
}

/** The verdict in the light of the list. @param path of the list, for messages */
export function expecting(verdict: Verdict, list: ExpectedList, path: string): Verdict {
  const own = list.filter((entry) => entry.case === nameOf({ group: verdict.group, name: verdict.case }));
  if (own.length === 0) return verdict;
  const isListed = (part: string) => own.some((entry) => entry.part === part || entry.part === "*");
  const wrong = verdict.parts.filter(isWrong);
  const unlisted = wrong.filter(({ name }) => !isListed(name));
  if (unlisted.length > 0)
    return unlisted.length === wrong.length ? verdict : { ...verdict, ...summed(unlisted) };
  if (isBad(verdict) && wrong.length === 0 && !isListed("*")) return verdict;
  const outlived = own.map((entry) => outlivedText(entry, verdict)).find((text) => text !== undefined);
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

/** Why an entry of the list says nothing about the verdict. */
function outlivedText({ part, case: name }: ExpectedFailure, { status, parts }: Verdict): string | undefined {
  if (part === "*")
    return status === "pass" || status === "refused" ? `${name} passes, though listed as failing` : undefined;
  if (parts.length === 0) return undefined;
  const its = parts.find((one) => one.name === part);
  if (!its) return `${name} has no part ${part}`;
  return its.status === "pass" ? `${part} passes, though listed as failing` : undefined;
}

/**
 * The text of a list of all that fails in these verdicts. Lines about other cases stay, and reasons of lines that stay.
 *
 * @param verdicts as they are without a list
 */
export function expectedText(list: ExpectedList, verdicts: readonly Verdict[]): string {
  const nameIn = ({ group, case: name }: Verdict) => nameOf({ group, name });
  const judged = new Set(verdicts.map(nameIn));
  const kept = list.filter((entry) => !judged.has(entry.case));
  const own = verdicts.filter(isBad).flatMap((verdict) => {
    const name = nameIn(verdict);
    const wrong = verdict.parts.filter(isWrong);
    const before = (part: string) => list.find((entry) => entry.case === name && entry.part === part);
    const all = before("*");
    if (all) return [all];
    const failing = wrong.length > 0 ? wrong : [{ name: "*", message: verdict.message }];
    return failing.map(
      ({ name: part, message = "" }): ExpectedFailure =>
        before(part) ?? { case: name, part, reason: message.replaceAll(/\s+/g, " ") },
    );
  });
  const lines = [...kept, ...own].map(({ case: name, part, reason }) =>
    `${spelled(name)} ${spelled(part)} ${reason}`.trimEnd(),
  );
  return [
    "# What is known to fail: GROUP/NAME, the tensor or other part or *, and why. Other failures fail a run, and so does a pass.",
    ...lines.sort(),
    "",
  ].join("\n");
}
