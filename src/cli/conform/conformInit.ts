/** `goldspike conform init`: a backend to start from, which reads, checks and writes, and whose own part is missing. */
import { chmod, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Argument, Command } from "commander";
import { ConfigError } from "../../base/errors.ts";
import { exists, makeFolder, replaceFile } from "../../base/files.ts";
import { shellWord } from "../../base/shellWord.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

interface Skeleton {
  /** From the package's root; the first is the program. */
  readonly files: readonly string[];
  /** What makes a program of it, in the folder; nothing where there is no need. */
  readonly build?: (folder: string) => string;
  readonly command: (folder: string) => string;
}

/** A bare name would be looked for among the commands. */
function word(folder: string, file: string): string {
  const path = join(folder, file);
  return shellWord(/[\\/]/.test(path) ? path : `./${path}`);
}

const skeletons: Readonly<Record<string, Skeleton>> = {
  python: {
    files: ["readers/skeleton/backend.py", "readers/goldspike.py", "examples/numpy_backend/case.py"],
    command: (folder) => `python3 ${word(folder, "backend.py")}`,
  },
  js: {
    files: ["readers/skeleton/backend.mjs", "readers/goldspike.mjs"],
    command: (folder) => `node ${word(folder, "backend.mjs")}`,
  },
  c: {
    files: ["readers/skeleton/backend.c", "readers/goldspike.h"],
    build: (folder) => `cc -std=c99 -O2 ${word(folder, "backend.c")} -lm -o ${word(folder, "backend")}`,
    command: (folder) => word(folder, "backend"),
  },
};

export function conformInitCommand(): Command {
  return new Command("init")
    .description(
      "Writes a program that reads cases, serves requests and writes results, and in " +
        "which two functions are left to be filled in: forward and backward.",
    )
    .addArgument(new Argument("<language>", "of the backend").choices(Object.keys(skeletons)))
    .argument("<dir>", "folder to write to; made if it is not there, files there are not touched")
    .addHelpText(
      "after",
      `
Examples:
  $ goldspike conform init python mine
  $ goldspike conform run --group smoke --worker -- python3 mine/backend.py --serve`,
    )
    .action(init);
}

async function init(language: string, folder: string): Promise<void> {
  const { files, build, command } = skeletons[language]!;
  const targets = files.map((file) => [join(root, file), join(folder, basename(file))] as const);
  for (const [, target] of targets)
    if (await exists(target))
      throw new ConfigError(`${target}: is there already; give another folder, or remove it`);
  await makeFolder(folder);
  for (const [source, target] of targets) await replaceFile(target, await readFile(source, "utf8"));
  const [program] = targets;
  if (language === "python") await chmod(program![1], 0o755);
  const steps = [
    `wrote ${targets.map(([, target]) => target).join(", ")}`,
    `fill in forward and backward in ${program![1]}, then`,
    ...(build ? [`  ${build(folder)}`] : []),
    `  npx goldspike conform run --group smoke --worker -- ${command(folder)} --serve`,
  ];
  console.log(steps.join("\n"));
}
