/** Folders that backends have written to, and what they leave there: without the right to look into them, or very deep. */
import { chmodSync, lstatSync, readdirSync, renameSync, rmSync } from "node:fs";
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

/** No path below a folder that is to be removed is longer by more than this. */
const longest = 1000;

/**
 * Gives back the rights to folders, as far as they are one's own, and moves up those that are so deep that their paths are
 * too long for the file system; links are not followed.
 */
function openUp(root: string): void {
  let moved = 0;
  const waiting = [root];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    try {
      if (!lstatSync(path).isDirectory()) continue;
      chmodSync(path, 0o700);
      let place = path;
      if (path.length > root.length + longest) {
        place = join(root, `deep${moved++}-${process.pid}`);
        renameSync(path, place);
      }
      for (const entry of readdirSync(place, { withFileTypes: true }))
        if (entry.isDirectory()) waiting.push(join(place, entry.name));
    } catch {
      // What is not one's own stays as it is, and removing it says so.
    }
  }
}
