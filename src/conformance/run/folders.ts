/** Folders in which backends read and write: for the time of a run, or to be looked at, or to be judged again. */
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onExit } from "signal-exit";
import { cannotWrite, fileReason, makeFolder, makeFolders } from "../../base/files.ts";
import type { SuiteEntry } from "../suite/suite.ts";
import type { Folders } from "./outcome.ts";
import { relatedName } from "./questions.ts";
import { removeFolder } from "./removal.ts";
import { resultPlace } from "./results.ts";

export interface Keeping {
  /** Where cases, results and stderr are kept, GROUP/NAME each. */
  readonly keep?: string | undefined;
  /** Where results alone are kept, so that they can be judged again: a folder that is there. Not both. */
  readonly results?: string | undefined;
}

export interface Places {
  /** Empty folders for the questions about a case. @throws Error of the file system */
  make(entry: SuiteEntry, questions: number): Promise<Folders[]>;
  /** After the verdict. */
  clear(entry: SuiteEntry): void;
  /** After the run. */
  remove(): void;
  /** What to do about folders that cannot be made. */
  readonly wayOut: string;
}

/** Beside the folders of a case that is kept: all that its command has printed there. */
const stderrName = "stderr.txt";

/**
 * @param onRemark called with a line about what could not be cleared away
 * @throws ConfigError a folder cannot be written
 */
export async function placesOf(
  { keep, results }: Keeping,
  entries: readonly SuiteEntry[],
  onRemark: (line: string) => void,
): Promise<Places> {
  if (keep !== undefined) {
    await makeFolder(keep);
    return keptPlaces(keep);
  }
  const temporary = await temporaryFolder(onRemark);
  if (results === undefined) return temporaryPlaces(temporary);
  return resultPlaces(results, temporary, entries);
}

type Temporary = Awaited<ReturnType<typeof temporaryFolder>>;

function temporaryPlaces({ folder, remove }: Temporary): Places {
  return {
    make: (entry, questions) => makeAll(foldersIn(placeOf(folder, entry), questions)),
    // What cannot be removed now is told at the end.
    clear: (entry) => tryToRemove(placeOf(folder, entry)),
    remove,
    wayOut: "",
  };
}

function keptPlaces(keep: string): Places {
  return {
    make: (entry, questions) => {
      const place = placeOf(keep, entry);
      // Of an earlier run; nothing else that may lie there is touched.
      for (const name of ["case", "result", "original", relatedName, stderrName])
        removeFolder(join(place, name));
      const folders = foldersIn(place, questions);
      return makeAll(folders.map((its) => ({ ...its, log: join(dirname(its.to), stderrName) })));
    },
    clear: () => {},
    remove: () => {},
    wayOut: "; remove it, or give another --keep",
  };
}

/** Cases of the time of the run, results that stay. */
function resultPlaces(
  results: string,
  { folder, remove }: Temporary,
  entries: readonly SuiteEntry[],
): Places {
  const errors = new Map<SuiteEntry, unknown>();
  // Results of an earlier run are none of this one, however far it comes.
  for (const entry of entries)
    try {
      removeFolder(resultPlace(results, entry));
    } catch (error) {
      errors.set(entry, error);
    }
  return {
    make: async (entry, questions) => {
      if (errors.has(entry)) throw errors.get(entry);
      const folders = foldersIn(placeOf(folder, entry), questions);
      return makeAll(folders.map(({ from }, k) => ({ from, to: resultPlace(results, entry, k) })));
    },
    clear: (entry) => tryToRemove(placeOf(folder, entry)),
    remove,
    wayOut: "; remove it, or give another --results",
  };
}

function placeOf(folder: string, { group, name }: SuiteEntry): string {
  return join(folder, group, name);
}

function foldersIn(place: string, questions: number): Folders[] {
  const bases = questions === 1 ? [place] : [join(place, "original"), join(place, relatedName)];
  return bases.map((base) => ({ from: join(base, "case"), to: join(base, "result") }));
}

async function makeAll(folders: Folders[]): Promise<Folders[]> {
  for (const { from, to } of folders) for (const folder of [from, to]) await makeFolders(folder);
  return folders;
}

async function temporaryFolder(onRemark: (line: string) => void) {
  const folder = await mkdtemp(join(tmpdir(), "goldspike-")).catch((error: unknown) => {
    throw cannotWrite(tmpdir(), error);
  });
  const clean = () => {
    const reason = tryToRemove(folder);
    if (reason !== undefined) onRemark(`${folder}: cannot be removed: ${reason}`);
  };
  const forget = onExit(clean);
  return {
    folder,
    remove: () => {
      clean();
      forget();
    },
  };
}

/** Removes a folder, or says why it is still there. */
function tryToRemove(folder: string): string | undefined {
  try {
    removeFolder(folder);
    return undefined;
  } catch (error) {
    return fileReason(error);
  }
}
