// Virtual environments for the Python programs of this folder, made from its requirement files when they are first needed.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { homedir, platform } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const here = fileURLToPath(new URL(".", import.meta.url));

/** Where environments are kept: outside the tree, in the cache folder of the system. */
export function cacheFolder() {
  const base =
    platform() === "darwin"
      ? join(homedir(), "Library", "Caches")
      : (process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"));
  return join(base, "goldspike", "peers");
}

/**
 * The interpreter of an environment; made if it is not there or its requirements are others.
 *
 * @param name of NAME.txt, and of NAME_packages.txt, whose packages come without what they depend on
 */
export async function interpreter(folder, name) {
  const venv = join(folder, name);
  const python = join(venv, "bin", "python");
  const wanted = await requirements(name);
  const stamp = join(venv, "requirements");
  if (existsSync(stamp) && (await readFile(stamp, "utf8")) === wanted) return python;
  process.stderr.write(`making ${venv}\n`);
  await rm(venv, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await run(process.env.PYTHON ?? "python3", ["-m", "venv", venv]);
  const install = (...args) =>
    run(python, ["-m", "pip", "install", "--quiet", ...args], { maxBuffer: 1 << 26 });
  await install("-r", join(here, `${name}.txt`));
  const alone = join(here, `${name}_packages.txt`);
  if (existsSync(alone)) await install("--no-deps", "-r", alone);
  await writeFile(stamp, wanted);
  return python;
}

async function requirements(name) {
  const files = [`${name}.txt`, `${name}_packages.txt`].map((file) => join(here, file)).filter(existsSync);
  return (await Promise.all(files.map((file) => readFile(file, "utf8")))).join("");
}

/** What is installed of a package. */
export async function versionOf(python, name) {
  const code = "import importlib.metadata, sys; print(importlib.metadata.version(sys.argv[1]))";
  return (await run(python, ["-c", code, name])).stdout.trim();
}
