/** A command over the cases of a suite, some at a time. */
import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ConfigError } from "../../base/errors.ts";
import { fileReason } from "../../base/files.ts";
import { visible } from "../../base/visible.ts";
import { caseJson } from "../../format/caseJson.ts";
import { relations } from "../relations/relations.ts";
import { putBack, type Snapshot } from "../suite/snapshot.ts";
import type { SuiteEntry } from "../suite/suite.ts";
import type { Verdict } from "../verdict/verdict.ts";
import { type Ending, runCommand } from "./command.ts";
import { type Judged, only } from "./ending.ts";
import { type Folders, handOut, type Keeping, makeFolders, prepareFolder, tryToRemove } from "./folders.ts";
import { type Judging, judge, judgeBatch, judgeRefusal, judgeRelated, offGrid } from "./judge.ts";
import {
  type Prepared,
  prepare,
  type RefusedCase,
  type RelatedCase,
  type SolvableBatch,
  type SolvableCase,
} from "./prepare.ts";
import { removeFolder } from "./removal.ts";

/** Beside the folders of a case that is kept: all that its command has printed there. */
const stderrName = "stderr.txt";

interface SuiteRun extends Judging, Keeping {
  readonly command: string;
  readonly args: readonly string[];
  /** Files that no command may change, beside those of the entries. */
  readonly suite?: Snapshot;
  /** Cases at a time. */
  readonly jobs: number;
  /** Called with a line about each file that a command has changed; that of a case of another run may be among them. */
  readonly onChanged?: (line: string) => void;
  /** Called after each. */
  readonly onVerdict?: (verdict: Verdict, count: number) => void;
}

/**
 * Verdicts in the order of the entries. The command finds the case's own files in its last but one argument, and writes to
 * its last. What is known about the cases is read before any command is started, and a suite that one of them has changed
 * is put back.
 *
 * @throws ConfigError the command cannot be started, or a folder not be written
 */
export async function runSuite(entries: readonly SuiteEntry[], run: SuiteRun): Promise<Verdict[]> {
  const prepared: Prepared[] = [];
  for (const entry of entries) prepared.push(await prepare(entry));
  const { folder, remove } = await prepareFolder(run);
  try {
    const verdicts: Verdict[] = [];
    let [next, count, failed] = [0, 0, false];
    const worker = async (): Promise<void> => {
      while (next < entries.length) {
        const k = next++;
        if (failed) return;
        verdicts[k] = await runEntry(prepared[k]!, folder, run).catch((error: unknown) => {
          failed = true;
          throw error;
        });
        run.onVerdict?.(verdicts[k]!, ++count);
      }
    };
    // All have ended before the folder is removed, whatever one of them has come to.
    const ends = await Promise.allSettled(Array.from({ length: Math.min(run.jobs, entries.length) }, worker));
    const judged = await afterChanges(verdicts, prepared, run);
    for (const end of ends) if (end.status === "rejected") throw end.reason;
    return judged;
  } finally {
    remove();
  }
}

/** A case whose files a command has changed has failed, whatever was answered. */
async function afterChanges(
  verdicts: readonly Verdict[],
  prepared: readonly Prepared[],
  { suite = new Map(), onChanged }: SuiteRun,
): Promise<Verdict[]> {
  const changed = new Set(await putBack(new Map([...suite, ...prepared.flatMap(({ files }) => [...files])])));
  const about = (path: string) =>
    `${path}: the command changed the suite; what stood there has been put back`;
  for (const path of changed) onChanged?.(visible(about(path)));
  return verdicts.map((verdict, k) => {
    const first = [...prepared[k]!.files.keys()].find((path) => changed.has(path));
    return first === undefined ? verdict : { ...verdict, ...only("fail", about(first)) };
  });
}

async function runEntry(prepared: Prepared, place: string, run: SuiteRun): Promise<Verdict> {
  const { entry, catches } = prepared;
  const { group, name } = entry;
  const about = { case: name, group, catches, class: run.choice.name };
  return { ...about, ...(await timeEntry(prepared, join(place, group, name), run)) };
}

type Alone = SolvableCase | SolvableBatch | RefusedCase;
type Timed = Judged & Pick<Verdict, "seconds">;

async function timeEntry(prepared: Prepared, base: string, run: SuiteRun): Promise<Timed> {
  try {
    // Of an earlier run; nothing else that may lie there is touched.
    if (run.keep !== undefined)
      for (const name of ["case", "result", "original", "related", stderrName])
        removeFolder(join(base, name));
    const { known } = prepared;
    if (known.kind === "damaged") return { ...only("error", known.reason), seconds: 0 };
    return await (known.kind === "related"
      ? runRelated(known, prepared, base, run)
      : runOne(known, prepared, base, run));
  } catch (error) {
    return { ...unready(prepared.entry, error, run), seconds: 0 };
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

async function runOne(known: Alone, prepared: Prepared, base: string, run: SuiteRun): Promise<Timed> {
  const folders = await makeFolders(base);
  await handOut(prepared, folders.from);
  const ending = await runBackend(folders, run);
  return { ...(await judgeOne(known, ending, folders.to, run)), seconds: ending.seconds };
}

function judgeOne(known: Alone, ending: Ending, folder: string, run: SuiteRun): Promise<Judged> {
  switch (known.kind) {
    case "refused":
      return judgeRefusal(known, ending, folder, run);
    case "batch":
      return judgeBatch(known, ending, folder, run);
    case "case":
      return judge(known, ending, folder, run);
  }
}

/** The same command for a case and for the one that is related to it. */
async function runRelated(
  known: RelatedCase,
  prepared: Prepared,
  base: string,
  run: SuiteRun,
): Promise<Timed> {
  const { relation: name, problem } = known;
  const off = offGrid(name, run.choice);
  if (off) return { ...off, seconds: 0 };
  const [first, second] = [
    await makeFolders(join(base, "original")),
    await makeFolders(join(base, "related")),
  ];
  await handOut(prepared, first.from);
  const related = caseJson(relations[name].change(problem), prepared.entry.name);
  await writeFile(join(second.from, "case.json"), JSON.stringify(related));
  const endings = [await runBackend(first, run), await runBackend(second, run)] as const;
  const seconds = endings[0].seconds + endings[1].seconds;
  return { ...(await judgeRelated(known, endings, [first.to, second.to], run)), seconds };
}

async function runBackend({ from, to }: Folders, run: SuiteRun): Promise<Ending> {
  const { command, args, limits, keep } = run;
  const log = keep === undefined ? undefined : join(dirname(to), stderrName);
  const ending = await runCommand(command, [...args, from, to], [from, to], limits, log);
  if (ending.stopped === "start") throw new ConfigError(`${command}: cannot be started: ${ending.stderr}`);
  return ending;
}
