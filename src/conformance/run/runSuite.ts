/** A command over the cases of a suite, started for each or once for many; and results that are there already. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ConfigError } from "../../base/errors.ts";
import { visible } from "../../base/visible.ts";
import { putBack, type Snapshot } from "../suite/snapshot.ts";
import type { SuiteEntry } from "../suite/suite.ts";
import type { Verdict } from "../verdict/verdict.ts";
import { type Keeping, type Places, placesOf } from "./folders.ts";
import type { Limits } from "./group.ts";
import { type Asking, type JudgingRun, judgeAll, prepareAll } from "./judgeEntries.ts";
import { oneShot } from "./oneShot.ts";
import { type Answered, type Backend, type Outcome, only } from "./outcome.ts";
import type { Prepared } from "./prepare.ts";
import type { Files } from "./questions.ts";
import { storedAnswer, writeStatus } from "./results.ts";
import { worker } from "./worker.ts";

export interface SuiteRun extends JudgingRun, Keeping {
  readonly command: string;
  readonly args: readonly string[];
  /** Of a command that is started once a job: s for the first answer of each process. Started for every case, if absent. */
  readonly firstSeconds?: number | undefined;
  readonly limits: Limits;
  /** Files that no command may change, beside those of the entries. */
  readonly suite?: Snapshot;
  /** Cases at a time. */
  readonly jobs: number;
  /** Called with a line about each file that a command has changed; that of a case of another run may be among them. */
  readonly onChanged?: (line: string) => void;
  /** Called with a line about what else happened. */
  readonly onRemark: (line: string) => void;
}

/**
 * Verdicts in the order of the entries. What is known about the cases is read before any command is started, and a suite
 * that one of them has changed is put back.
 *
 * @throws ConfigError the command cannot be started, or a folder not be written
 */
export async function runSuite(entries: readonly SuiteEntry[], run: SuiteRun): Promise<Verdict[]> {
  const cases = await prepareAll(entries);
  const places = await placesOf(run, entries, run.onRemark);
  const backends = Array.from({ length: run.jobs }, () => backendOf(run));
  const end = () => {
    for (const backend of backends) backend.end();
  };
  run.signal?.addEventListener("abort", end);
  try {
    const twice: Twice = new Map();
    const verdicts = await judgeAll(cases, asking(backends, places, run, twice), run);
    await Promise.all(backends.map((backend) => backend.close()));
    return await afterwards(cases, verdicts, run, twice);
  } finally {
    run.signal?.removeEventListener("abort", end);
    end();
    places.remove();
  }
}

function backendOf({ command, args, limits, firstSeconds, onRemark }: SuiteRun): Backend {
  if (firstSeconds === undefined) return oneShot(command, args, limits);
  return worker(command, args, { ...limits, firstSeconds }, onRemark);
}

/** Cases that were answered twice: a line about each, and the folder of the answer. */
type Twice = Map<SuiteEntry, { readonly message: string; readonly folder: string }>;

function asking(backends: readonly Backend[], places: Places, run: SuiteRun, twice: Twice): Asking {
  return {
    jobs: run.jobs,
    // Another class may judge the results later.
    all: run.results !== undefined,
    wayOut: places.wayOut,
    ask: async ({ entry }, questions, job) => {
      const answers: Answered[] = [];
      for (const [k, folders] of (await places.make(entry, questions.length)).entries()) {
        await handOut(questions[k]!, folders.from);
        // Nobody is started anew.
        if (run.signal?.aborted) break;
        const outcome = await backends[job]!.answer(folders, (message) =>
          twice.set(entry, { message, folder: folders.to }),
        );
        // How it was cut short is no fault of the backend's.
        if (run.signal?.aborted) break;
        answers.push({ outcome, place: folders.to });
        if (run.results !== undefined) await keepStatus(folders.to, outcome, run);
      }
      return answers;
    },
    spoilt: async ({ files, entry }) => {
      const [first] = await restored(files, run);
      return first === undefined ? twice.get(entry)?.message : changedText(first);
    },
    after: ({ entry }) => places.clear(entry),
  };
}

async function handOut(files: Files, folder: string): Promise<void> {
  for (const [name, content] of files) await writeFile(join(folder, name), content);
}

/** A backend may have taken away the right to. */
async function keepStatus(folder: string, outcome: Outcome, { onRemark }: SuiteRun): Promise<void> {
  await writeStatus(folder, outcome).catch((error: unknown) => {
    if (!(error instanceof ConfigError)) throw error;
    onRemark(error.message);
  });
}

/** A case whose files a command has changed, or that it has answered twice, has failed, whatever was answered. */
async function afterwards(
  cases: readonly Prepared[],
  verdicts: readonly Verdict[],
  run: SuiteRun,
  twice: Twice,
): Promise<Verdict[]> {
  const all = new Map([...(run.suite ?? []), ...cases.flatMap(({ files }) => [...files])]);
  const changed = await restored(all, run);
  if (run.results !== undefined)
    for (const { message, folder } of twice.values())
      await keepStatus(folder, { status: "failed", message, seconds: 0 }, run);
  return verdicts.map((verdict) => {
    const { files, entry } = cases.find(
      ({ entry }) => entry.group === verdict.group && entry.name === verdict.case,
    )!;
    const first = [...files.keys()].find((path) => changed.includes(path));
    const message = first === undefined ? twice.get(entry)?.message : changedText(first);
    if (message === undefined) return verdict;
    const failed = { ...verdict, ...only("fail", message) };
    if (failed.status === verdict.status && failed.message === verdict.message) return verdict;
    run.onAmended?.(failed);
    return failed;
  });
}

/** Puts back what was changed. */
async function restored(files: Snapshot, { onChanged }: SuiteRun): Promise<string[]> {
  const changed = await putBack(files);
  for (const path of changed) onChanged?.(visible(changedText(path)));
  return changed;
}

function changedText(path: string): string {
  return `${path}: the command changed the suite; what stood there has been put back`;
}

/**
 * Verdicts on results that are there already, GROUP/NAME each, in the order of the entries.
 *
 * @param results folder that holds them
 */
export async function judgeResults(
  entries: readonly SuiteEntry[],
  results: string,
  run: JudgingRun,
): Promise<Verdict[]> {
  return judgeAll(
    await prepareAll(entries),
    {
      jobs: 1,
      all: false,
      wayOut: "",
      ask: ({ entry }, questions) => Promise.all(questions.map((_, k) => storedAnswer(results, entry, k))),
    },
    run,
  );
}
