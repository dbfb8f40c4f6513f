/** A folder that holds everything about one run. */
import { access, constants, readdir, readFile, realpath, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { stringify } from "yaml";
import { ConfigError } from "../base/errors.ts";
import { cannotRead, cannotWrite, isTemporary, makeFolder, replaceFile } from "../base/files.ts";
import { shellWord } from "../base/shellWord.ts";
import { loadRunConfig, type RunOverrides } from "../training/config/load.ts";
import type { RunConfig } from "../training/config/run.ts";
import type { EpochRecord, EpochSeconds } from "../training/records.ts";
import { lock, lockName } from "./lock.ts";
import { appendMetrics, countMetrics, keepMetrics, metricsSeconds } from "./metrics.ts";

const names = {
  /** The resolved configuration; training with it repeats the run. */
  config: "config.yaml",
  /** A line an epoch. */
  metrics: "metrics.jsonl",
  /** Checkpoints: the newest, the one before, and that of the best epoch. */
  last: "last.safetensors",
  previous: "previous.safetensors",
  best: "best.safetensors",
  report: "report.html",
  result: "result.json",
} as const;

export type RunFile = keyof typeof names;

/** Where a run keeps one of its files. */
export function runFile(folder: string, file: RunFile): string {
  return join(folder, names[file]);
}

/** Takes a run out of its folder, all but what keeps others from it. */
export async function removeRun(folder: string): Promise<void> {
  for (const file of Object.keys(names) as RunFile[]) await rm(runFile(folder, file), { force: true });
}

/** A run folder that this process trains in. */
export class RunFolder {
  readonly path: string;
  readonly #unlock: () => Promise<void>;

  private constructor(path: string, unlock: () => Promise<void>) {
    this.path = path;
    this.#unlock = unlock;
  }

  /**
   * Whether `create` would refuse, as far as can be seen without making anything.
   *
   * @throws ConfigError as `create`
   */
  static async requireFree(path: string): Promise<void> {
    requireNoRun(path, await readdir(path).catch(() => []));
    await requirePlace(path);
  }

  /**
   * Makes the folder where it is missing, and writes the configuration into it.
   *
   * @param config resolved
   * @throws ConfigError one line if the folder cannot be written, is in use, or holds a run
   */
  static async create(path: string, config: RunConfig): Promise<RunFolder> {
    await makeFolder(path);
    return RunFolder.#locked(path, async (folder) => {
      requireNoRun(path, await readdir(path));
      await folder.writeConfig(config);
    });
  }

  /**
   * A folder whose run is to go on; what a crash has left half written is removed.
   *
   * @throws ConfigError one line if it holds no run, is in use or cannot be written
   */
  static async resume(path: string): Promise<RunFolder> {
    await requireRun(path);
    return RunFolder.#locked(path, async () => {});
  }

  static async #locked(path: string, prepare: (folder: RunFolder) => Promise<void>): Promise<RunFolder> {
    const folder = new RunFolder(path, await lock(join(await realpath(path), lockName)));
    try {
      // What a crash has left half written.
      const leftovers = (await readdir(path)).filter(isTemporary);
      for (const name of leftovers) await rm(join(path, name), { force: true });
      await prepare(folder);
      return folder;
    } catch (error) {
      await folder.close();
      throw error;
    }
  }

  file(file: RunFile): string {
    return runFile(this.path, file);
  }

  /** In the place of the one that was there, if the run goes on with other settings. */
  async writeConfig(config: RunConfig): Promise<void> {
    const text = stringify(config);
    const found = await readFile(this.file("config"), "utf8").catch(() => undefined);
    if (found !== text) await replaceFile(this.file("config"), text);
  }

  /** Takes away what the end of a run has left, as it goes on. */
  async removeOutcome(): Promise<void> {
    for (const file of ["result", "report"] as const) await rm(this.file(file), { force: true });
  }

  /** Lets settings, metrics and the best epoch be those of a run that has come so far. */
  async accord(config: RunConfig, history: readonly EpochRecord[]): Promise<void> {
    await this.writeConfig(config);
    // Before its line: a best epoch without one is of a run whose checkpoints and metrics were lost.
    if (history.length === 0) await rm(this.file("best"), { force: true });
    await keepMetrics(this.file("metrics"), history);
  }

  appendMetrics(record: EpochRecord, seconds: EpochSeconds): Promise<void> {
    return appendMetrics(this.file("metrics"), record, seconds);
  }

  /** Lines of metrics, torn ones as well. */
  metricsLines(): Promise<number> {
    return countMetrics(this.file("metrics"));
  }

  /** Seconds of all epochs so far, whichever processes trained them. */
  trainedSeconds(): Promise<number> {
    return metricsSeconds(this.file("metrics"));
  }

  /** Lets others in. */
  close(): Promise<void> {
    return this.#unlock();
  }
}

function requireNoRun(path: string, entries: readonly string[]): void {
  const found = entries.find((name) => Object.values<string>(names).includes(name));
  if (found === undefined) return;
  const way = entries.includes(names.config) ? `go on with it: ${resumeHint(path)}, or ` : "";
  throw new ConfigError(
    `${path}: expected a folder without a run, got one with ${found}; ${way}choose another folder`,
  );
}

/**
 * Whether a folder could be made at the path, as far as can be seen without making it.
 *
 * @throws ConfigError one line if there is a file in the way, or no permission
 */
export async function requirePlace(path: string): Promise<void> {
  if (path === "") throw new ConfigError("-o: expected the name of a folder, got nothing");
  const place = await nearestExisting(resolve(path));
  if (!(await stat(place)).isDirectory()) {
    const code = place === resolve(path) ? "EEXIST" : "ENOTDIR";
    throw cannotWrite(path, Object.assign(new Error(code), { code }));
  }
  await access(place, constants.W_OK).catch((error: unknown) => {
    throw cannotWrite(path, error);
  });
}

/** The path itself, or the nearest above it that is there. */
async function nearestExisting(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  return found || dirname(path) === path ? path : nearestExisting(dirname(path));
}

/** @throws ConfigError one line if the folder holds no run or its configuration is wrong */
export async function readRunConfig(path: string, overrides: RunOverrides = {}): Promise<RunConfig> {
  await requireRun(path);
  return loadRunConfig(runFile(path, "config"), overrides);
}

async function requireRun(path: string): Promise<void> {
  const config = runFile(path, "config");
  const found = await stat(config).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw cannotRead(config, error);
  });
  if (found === undefined)
    throw new ConfigError(`${path}: expected the folder of a run, found no ${names.config} in it`);
}

/** Commands that a message offers as the way out, ready to be pasted into a shell. */
export function resumeHint(folder: string): string {
  return `goldspike resume ${shellWord(folder)}`;
}

export function evaluateHint(folder: string, options = ""): string {
  return `goldspike evaluate ${shellWord(folder)}${options}`;
}

/** @param config the run's settings */
export function anewHint(config: string): string {
  return `goldspike train ${shellWord(config)} -o ANOTHER`;
}
