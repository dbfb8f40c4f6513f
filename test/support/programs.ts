/** Other languages' programs, where they are there. */
import { execFile, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Run } from "./command.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

export function runs(command: string, ...args: string[]): boolean {
  return spawnSync(command, args).status === 0;
}

/** Undefined without numpy. */
export const python = [process.env.GOLDSPIKE_PYTHON ?? "python3"].find((name) =>
  runs(name, "-c", "import numpy"),
);
export const withoutPython = "(skipped without python3 and numpy; GOLDSPIKE_PYTHON names another)";

/** In the repository's root. */
export function run(command: string, args: readonly string[]): Promise<Run> {
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: "1" };
  return new Promise((resolve) => {
    execFile(command, args, { env, cwd: root }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}
