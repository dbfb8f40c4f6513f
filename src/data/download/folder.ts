/** What stands in the way of a folder. */
import { stat } from "node:fs/promises";
import { dirname } from "node:path";

/** The nearest thing above `path` that is there, if it is no folder. */
export async function notAFolder(path: string): Promise<string | undefined> {
  for (let at = dirname(path); ; at = dirname(at)) {
    const found = await stat(at).catch(() => undefined);
    if (found !== undefined) return found.isDirectory() ? undefined : at;
    if (dirname(at) === at) return undefined;
  }
}
