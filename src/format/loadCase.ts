/** Cases from files. */
import { realpathSync } from "node:fs";
import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ConfigError } from "../base/errors.ts";
import { fileReason, readInput } from "../base/files.ts";
import type { Case } from "../model/case.ts";
import { isPlainName, type ReadBlob } from "./arrays.ts";
import { parseCase } from "./parseCase.ts";
import { readJson } from "./readJson.ts";

/** Larger files are taken for a mistake: bytes of a JSON text, and of one raw array. */
const mostJsonBytes = 2 ** 28;
const mostBlobBytes = 2 ** 30;

/**
 * The case in a file, or in `case.json` of a folder; arrays may lie beside it as raw files. A file of the form
 * `{"case": …, "expected": …}` gives its case.
 *
 * @throws ConfigError one line for a file that is missing, unreadable, truncated or not a valid case
 */
export async function loadCase(path: string): Promise<Case> {
  const file = await caseFile(path);
  return parseCase(await readJson(file), blobsOf(dirname(file)), file);
}

async function caseFile(path: string): Promise<string> {
  try {
    let file = path;
    let found = await stat(file);
    if (found.isDirectory()) {
      file = join(path, "case.json");
      found = await stat(file);
    }
    if (found.size > mostJsonBytes) {
      throw new ConfigError(`${file}: expected at most ${mostJsonBytes} bytes of JSON, got ${found.size}`);
    }
    return file;
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(`${path}: expected a case file or a folder with case.json: ${fileReason(error)}`);
  }
}

/** Reads files of `folder` only: a name that leads elsewhere, through a symbolic link too, is refused. */
export function blobsOf(folder: string): ReadBlob {
  return (name) => {
    if (!isPlainName(name)) throw new Error("not a plain name");
    try {
      const file = realpathSync(join(folder, name));
      if (dirname(file) !== realpathSync(folder)) throw new Error("it leads out of the folder");
      return readInput(file, mostBlobBytes);
    } catch (error) {
      throw new Error(fileReason(error));
    }
  };
}
