/** Backends that are scripts, and `goldspike conform run` over them. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { goldspike, main } from "../command.ts";

/** The command of goldspike's own backend. */
export const engine = [process.execPath, main, "conform", "backend", "engine"];

let count = 0;

/**
 * In the folder: `backend` makes the command of a backend that is this script, in which `answer()` solves the case well,
 * `write()` writes a result, and `from` and `dir` are CASE_DIR and RESULT_DIR; `judge` runs a command with options.
 */
export function scriptBackends(folder: string) {
  const backend = async (script: string): Promise<string[]> => {
    const text = `
import { execFileSync } from "node:child_process";
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
const [from, dir] = process.argv.slice(2);
const answer = () => {
  execFileSync(${JSON.stringify(process.execPath)}, [${JSON.stringify(main)}, "conform", "backend", "engine", from, dir]);
  return JSON.parse(readFileSync(join(dir, "result.json"), "utf8"));
};
const write = (result) => writeFileSync(join(dir, "result.json"), typeof result === "string" ? result : JSON.stringify(result));
${script}
`;
    const path = join(folder, `backend${count++}.mjs`);
    await writeFile(path, text);
    return [process.execPath, path];
  };
  const judge = (command: readonly string[], ...more: string[]) =>
    goldspike(["conform", "run", ...more, "--", ...command], { cwd: folder });
  return { backend, judge };
}
