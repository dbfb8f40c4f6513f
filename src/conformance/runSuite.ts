/** A command over the cases of a suite, some at a time. */

import { rmSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onExit } from "signal-exit";
import { ConfigError } from "../errors.ts";
import { fileReason } from "../files.ts";
import { type Limits, runCommand } from "./command.ts";
import { type Judging, judge } from "./judge.ts";
import type { SuiteEntry } from "./suite.ts";
import type { Verdict } from "./verdict.ts";

export interface SuiteRun extends Judging {
  readonly command: string;
  readonly args: readonly string[];
  readonly limits: Limits;
  /** Cases at a time. */
  readonly jobs: number;
  /** Where results are kept, GROUP/NAME each; a folder for temporary files, and then removed, if absent. */
  readonly keep?: string | undefined;
  /** Called after each. */
  readonly done?: (verdict: Verdict, count: number) => void;
}

/**
 * Verdicts in the order of the entries. The command finds the case's own files in its last but one argument, and writes to
 * its last.
 *
 * @throws ConfigError the command cannot be started, or a folder not be written
 */
export async function runSuite(entries: readonly SuiteEntry[], run: SuiteRun): Promise<Verdict[]> {
  const { folder, remove } = await workplace(run.keep);
  try {
    const verdicts: Verdict[] = [];
    let [next, count] = [0, 0];
    const worker = async (): Promise<void> => {
      while (next < entries.length) {
        const k = next++;
        verdicts[k] = await runEntry(entries[k]!, folder, run);
        run.done?.(verdicts[k]!, ++count);
      }
    };
    await Promise.all(Array.from({ length: run.jobs }, worker));
    return verdicts;
  } finally {
    remove();
  }
}

async function workplace(keep: string | undefined): Promise<{ folder: string; remove: () => void }> {
  try {
    if (keep !== undefined) {
      await mkdir(keep, { recursive: true });
      return { folder: keep, remove: () => {} };
    }
    const folder = await mkdtemp(join(tmpdir(), "goldspike-"));
    const clean = () => rmSync(folder, { recursive: true, force: true });
    const forget = onExit(clean);
    return {
      folder,
      remove: () => {
        clean();
        forget();
      },
    };
  } catch (error) {
    throw new ConfigError(`${keep ?? tmpdir()}: cannot be written: ${fileReason(error)}`);
  }
}

async function runEntry(entry: SuiteEntry, place: string, run: SuiteRun): Promise<Verdict> {
  const base = join(place, entry.group, entry.name);
  const [caseFolder, resultFolder] = [join(base, "case"), join(base, "result")];
  await rm(base, { recursive: true, force: true });
  await mkdir(caseFolder, { recursive: true });
  await mkdir(resultFolder);
  // What is known about the case stays out of sight.
  for (const name of await readdir(entry.folder))
    if (!name.startsWith("golden")) await cp(join(entry.folder, name), join(caseFolder, name));
  const args = [...run.args, caseFolder, resultFolder];
  const ending = await runCommand(run.command, args, resultFolder, run.limits);
  if (ending.stopped === "start")
    throw new ConfigError(`${run.command}: cannot be started: ${ending.stderr}`);
  const verdict = await judge(entry, ending, resultFolder, run);
  if (run.keep === undefined) await rm(base, { recursive: true, force: true });
  return verdict;
}
