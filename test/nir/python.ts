/** A Python of one's own with pinned packages, made once; undefined, with the reason, where it cannot be had. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

interface Python {
  /** Runs a program; what it prints. */
  run(program: string, ...args: string[]): string;
}

/** `python` or why there is none. */
export type Found = { readonly python: Python } | { readonly python: undefined; readonly reason: string };

/** @param packages with their versions, from PyPI */
export function pythonWith(...packages: readonly string[]): Found {
  const key = createHash("sha256").update(packages.join()).digest("hex").slice(0, 12);
  const folder = join(tmpdir(), `goldspike-python-${key}`);
  const made = `${folder}.${process.pid}`;
  try {
    if (!existsSync(join(folder, "ready"))) {
      call("python3", "-m", "venv", made);
      call(join(made, "bin", "python"), "-m", "pip", "install", "--quiet", ...packages);
      writeFileSync(join(made, "ready"), "");
      // Another process may have been first.
      if (existsSync(folder)) rmSync(made, { recursive: true });
      else renameSync(made, folder);
    }
  } catch (error) {
    rmSync(made, { recursive: true, force: true });
    const [first] = String((error as Error).message).split("\n");
    return { python: undefined, reason: `no Python with ${packages.join(" ")}: ${first}` };
  }
  const run = (program: string, ...args: string[]) =>
    call(join(folder, "bin", "python"), "-c", program, ...args);
  return { python: { run } };
}

function call(command: string, ...args: string[]): string {
  return execFileSync(command, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 300_000,
  });
}
