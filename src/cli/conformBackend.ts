/** `goldspike conform backend`: goldspike's own implementations, as any other backend is started. */
import { join } from "node:path";
import { Command } from "commander";
import { jsonChunks } from "../case/jsonChunks.ts";
import { loadCase } from "../case/loadCase.ts";
import { resultOf } from "../case/result.ts";
import { type ConventionName, conventions } from "../conformance/twin/convention.ts";
import { solveTwin } from "../conformance/twin/twin.ts";
import { twinResult } from "../conformance/twin/twinResult.ts";
import type { Precision } from "../engine.ts";
import { replaceFile } from "../files.ts";
import { solveCase } from "../solve.ts";
import { version } from "../version.ts";
import { conventionOption, stepOption } from "./conformOptions.ts";
import { precisionOption } from "./options.ts";

interface BackendOptions {
  readonly precision: Precision;
}

interface TwinBackendOptions extends BackendOptions {
  readonly convention: ConventionName;
  readonly dt: number;
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
  const twin = new Command("twin")
    .summary("a time-stepped implementation")
    .description(
      "Solves the case in a folder step by step, as another implementation does, and\n" +
        "writes result.json to another folder: spikes, loss, readout, and the gradients\n" +
        "of weights and delays.",
    )
    .argument("<case-dir>", "folder with case.json")
    .argument("<result-dir>", "folder to write to")
    .addOption(conventionOption("whose steps and scale"))
    .addOption(stepOption())
    .addOption(precisionOption())
    .addHelpText(
      "after",
      "\nExample:\n  $ goldspike conform run --class T5 --dt 0.01 --tensors weight -- goldspike conform backend twin --dt 0.01",
    )
    .action(step);
  return new Command("backend")
    .summary("goldspike itself as a backend")
    .description("Goldspike's own implementations, started as any other backend is.")
    .addCommand(engine)
    .addCommand(twin);
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

async function step(
  caseFolder: string,
  resultFolder: string,
  { precision, convention, dt }: TwinBackendOptions,
): Promise<void> {
  const problem = await loadCase(caseFolder);
  const solution = await solveTwin(problem, { convention: conventions[convention], dt, precision });
  const result = twinResult(problem, solution, `goldspike ${version} ${convention} ${dt} ms`, precision);
  await replaceFile(join(resultFolder, "result.json"), jsonChunks(result));
}
