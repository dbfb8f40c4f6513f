/** Modules of the project with bugs in them. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Plugin, runnerImport } from "vite";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Pieces of a file's text that occur once, and what they become; files by their names from the repository's root. */
export type Edits = Readonly<Record<string, readonly (readonly [find: string, replace: string])[]>>;

/** A module, and all that it imports, with these bugs. */
export async function seeded<M>(path: string, edits: Edits): Promise<M> {
  const plugins = Object.entries(edits).map(([file, pieces]): Plugin => {
    const text = pieces.reduce(
      (sum, [find, replace]) => {
        if (sum.split(find).length !== 2) throw new Error(`${file}: expected this text once: ${find}`);
        return sum.replace(find, () => replace);
      },
      readFileSync(`${root}${file}`, "utf8"),
    );
    const transform = (_: string, id: string) => (id.endsWith(file) ? text : undefined);
    return { name: `seeding ${file}`, enforce: "pre", transform };
  });
  return (await runnerImport<M>(`${root}${path}`, { plugins, logLevel: "error" })).module;
}
