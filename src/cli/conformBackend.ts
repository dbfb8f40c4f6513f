/** `goldspike conform backend`: goldspike's own implementations, as any other backend is started. */
import { join } from "node:path";
import { Command } from "commander";
import { jsonChunks } from "../case/jsonChunks.ts";
import { loadCase } from "../case/loadCase.ts";
import { resultOf } from "../case/result.ts";
import type { Precision } from "../engine.ts";
import { replaceFile } from "../files.ts";
import { solveCase } from "../solve.ts";
import { precisionOption } from "./options.ts";

interface BackendOptions {
  readonly precision: Precision;
}

export function conformBackendCommand(): Command {
  const engine = new Command("engine")
    .summary("the exact engine")
    .description("Solves the case in a folder and writes result.json to another.")
    .argument("<case-dir>", "folder with case.json")
    .argument("<result-dir>", "folder to write to")
    .addOption(precisionOption())
    .addHelpText(
      "after",
      "\nExample:\n  $ goldspike conform run --class T3 -- goldspike conform backend engine --precision f32",
    )
    .action(answer);
  return new Command("backend")
    .summary("goldspike itself as a backend")
    .description("Goldspike's own implementations, started as any other backend is.")
    .addCommand(engine);
}

async function answer(
  caseFolder: string,
  resultFolder: string,
  { precision }: BackendOptions,
): Promise<void> {
  const problem = await loadCase(caseFolder);
  const solution = await solveCase(problem, { precision });
  await replaceFile(join(resultFolder, "result.json"), jsonChunks(resultOf(problem, solution, precision)));
}
