/** A command over the cases of a suite, some at a time. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ConfigError } from "../../base/errors.ts";
import { fileReason } from "../../base/files.ts";
import { caseJson } from "../../format/caseJson.ts";
import { loadCase } from "../../format/loadCase.ts";
import { readRelation, relations } from "../relations/relations.ts";
import { catchesOf, type SuiteEntry } from "../suite/suite.ts";
import type { Verdict } from "../verdict/verdict.ts";
import { type Ending, runCommand } from "./command.ts";
import { type Judged, only } from "./ending.ts";
import { copyCase, type Folders, type Keeping, makeFolders, prepareFolder, tryToRemove } from "./folders.ts";
import { type Judging, judge, judgeBatch, judgeRelated, offGrid } from "./judge.ts";
import { removeFolder } from "./removal.ts";

interface SuiteRun extends Judging, Keeping {
  readonly command: string;
  readonly args: readonly string[];
  /** Cases at a time. */
  readonly jobs: number;
  /** Called after each. */
  readonly onVerdict?: (verdict: Verdict, count: number) => void;
}

/**
 * Verdicts in the order of the entries. The command finds the case's own files in its last but one argument, and writes to
 * its last.
 *
 * @throws ConfigError the command cannot be started, or a folder not be written
 */
export async function runSuite(entries: readonly SuiteEntry[], run: SuiteRun): Promise<Verdict[]> {
  const { folder, remove } = await prepareFolder(run);
  try {
    const verdicts: Verdict[] = [];
    let [next, count, failed] = [0, 0, false];
    const worker = async (): Promise<void> => {
      while (next < entries.length) {
        const k = next++;
        if (failed) return;
        verdicts[k] = await runEntry(entries[k]!, folder, run).catch((error: unknown) => {
          failed = true;
          throw error;
        });
        run.onVerdict?.(verdicts[k]!, ++count);
      }
    };
    // All have ended before the folder is removed, whatever one of them has come to.
    const ends = await Promise.allSettled(Array.from({ length: Math.min(run.jobs, entries.length) }, worker));
    for (const end of ends) if (end.status === "rejected") throw end.reason;
    return verdicts;
  } finally {
    remove();
  }
}

async function runEntry(entry: SuiteEntry, place: string, run: SuiteRun): Promise<Verdict> {
  const { group, name } = entry;
  const about = { case: name, group, catches: await catchesOf(entry), class: run.choice.name };
  return { ...about, ...(await timeEntry(entry, join(place, group, name), run)) };
}

type Timed = Judged & Pick<Verdict, "seconds">;

async function timeEntry(entry: SuiteEntry, base: string, run: SuiteRun): Promise<Timed> {
  try {
    // Of an earlier run; nothing else that may lie there is touched.
    if (run.keep !== undefined)
      for (const name of ["case", "result", "original", "related"]) removeFolder(join(base, name));
    return await (entry.group === "metamorphic" ? runRelated : runOne)(entry, base, run);
  } catch (error) {
    return { ...unready(entry, error, run), seconds: 0 };
  } finally {
    // What cannot be removed now is told at the end.
    if (run.keep === undefined) tryToRemove(base);
  }
}

/** A full disk, or what a backend has done to folders, is no reason to give up the other cases. */
function unready({ name }: SuiteEntry, error: unknown, { keep }: SuiteRun): Judged {
  const { syscall, path = name } = error as NodeJS.ErrnoException;
  if (syscall === undefined) throw error;
  const wayOut = keep === undefined ? "" : "; remove it, or give another --keep";
  return only("error", `${path}: cannot be made ready: ${fileReason(error)}${wayOut}`);
}

async function runOne(entry: SuiteEntry, base: string, run: SuiteRun): Promise<Timed> {
  const folders = await makeFolders(base);
  await copyCase(entry, folders.from);
  const ending = await runBackend(folders, run);
  const judged = entry.group === "batch" ? judgeBatch : judge;
  return { ...(await judged(entry, ending, folders.to, run)), seconds: ending.seconds };
}

/** The same command for a case and for the one that is related to it. */
async function runRelated(entry: SuiteEntry, base: string, run: SuiteRun): Promise<Timed> {
  const { relation: name } = await readRelation(entry.folder);
  const off = offGrid(name, run.choice);
  if (off) return { ...off, seconds: 0 };
  const problem = await loadCase(entry.folder);
  const [first, second] = [
    await makeFolders(join(base, "original")),
    await makeFolders(join(base, "related")),
  ];
  await copyCase(entry, first.from);
  const related = caseJson(relations[name].change(problem), entry.name);
  await writeFile(join(second.from, "case.json"), JSON.stringify(related));
  const endings = [await runBackend(first, run), await runBackend(second, run)] as const;
  const seconds = endings[0].seconds + endings[1].seconds;
  return { ...(await judgeRelated({ name, problem }, endings, [first.to, second.to], run)), seconds };
}

async function runBackend({ from, to }: Folders, { command, args, limits }: SuiteRun): Promise<Ending> {
  const ending = await runCommand(command, [...args, from, to], [from, to], limits);
  if (ending.stopped === "start") throw new ConfigError(`${command}: cannot be started: ${ending.stderr}`);
  return ending;
}
