/** Folders that backends have written to, and what they leave there: also folders without the right to look into them. */
import { chmodSync, lstatSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

/**
 * Removes a folder with all that is in it, if it is there.
 *
 * @throws Error of the file system, where even new rights do not help: others' files, files that may not be changed
 */
export function removeFolder(path: string): void {
  const remove = () => rmSync(path, { recursive: true, force: true });
  try {
    remove();
  } catch {
    openUp(path);
    remove();
  }
}

/** Gives back the rights to folders, as far as they are one's own; links are not followed. */
function openUp(path: string): void {
  try {
    if (!lstatSync(path).isDirectory()) return;
    chmodSync(path, 0o700);
    for (const entry of readdirSync(path, { withFileTypes: true }))
      if (entry.isDirectory()) openUp(join(path, entry.name));
  } catch {
    // What is not one's own stays as it is, and removing it says so.
  }
}
