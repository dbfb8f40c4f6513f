/** `goldspike conform backend`: goldspike's own implementations, as any other backend is started. */

import { join } from "node:path";
import { Command } from "commander";
import { replaceFile } from "../../base/files.ts";
import { type Batch, loadBatch } from "../../conformance/batch/batch.ts";
import { batchResultJson } from "../../conformance/batch/batchResult.ts";
import { type BatchResult, engineTrial, solveBatch, twinTrial } from "../../conformance/batch/solveBatch.ts";
import { solveTwin, twinResult } from "../../conformance/twin/twin.ts";
import { solveCase } from "../../engine/solve.ts";
import { type JsonTree, jsonChunks } from "../../format/jsonChunks.ts";
import { loadCase } from "../../format/loadCase.ts";
import { resultJson } from "../../format/resultJson.ts";
import { resultOf } from "../../format/resultOf.ts";
import type { Precision } from "../../model/solution.ts";
import { precisionOption } from "../options.ts";
import {
  type ConventionOptions,
  conventionOf,
  conventionOption,
  stepOption,
  switchOption,
} from "./conformOptions.ts";

interface BackendOptions {
  readonly precision: Precision;
}

interface TwinBackendOptions extends BackendOptions, ConventionOptions {
  readonly dt: number;
}

export function conformBackendCommand(): Command {
  const engine = new Command("engine")
    .summary("the exact engine")
    .description("Solves the case, or the batch, in a folder and writes result.json to another.")
    .argument("<case-dir>", "folder with case.json, and batch.json for a batch")
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
      "Solves the case, or the batch, in a folder step by step, as another\n" +
        "implementation does, and writes result.json to another folder: spikes, loss,\n" +
        "readout, and the gradients of weights and delays.",
    )
    .argument("<case-dir>", "folder with case.json, and batch.json for a batch")
    .argument("<result-dir>", "folder to write to")
    .addOption(conventionOption("whose steps and scale"))
    .addOption(switchOption())
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
  const batch = await loadBatch(caseFolder);
  if (batch) return writeBatch(resultFolder, batch, await solveBatch(batch, engineTrial(precision)));
  const problem = await loadCase(caseFolder);
  const solution = await solveCase(problem, { precision });
  await write(resultFolder, resultOf(problem, solution, precision));
}

async function step(caseFolder: string, resultFolder: string, options: TwinBackendOptions): Promise<void> {
  const { precision, dt } = options;
  const convention = conventionOf(options);
  const steps = { convention, dt, precision };
  const batch = await loadBatch(caseFolder);
  if (batch) {
    const result = await solveBatch(batch, twinTrial(steps), convention.staleBackward);
    return writeBatch(resultFolder, batch, result);
  }
  const problem = await loadCase(caseFolder);
  const result = twinResult(problem, await solveTwin(problem, steps), precision, dt);
  await write(resultFolder, resultJson(problem.network, result));
}

function writeBatch(folder: string, { problem }: Batch, result: BatchResult): Promise<void> {
  return write(folder, batchResultJson(problem.network, result));
}

async function write(folder: string, json: JsonTree): Promise<void> {
  await replaceFile(join(folder, "result.json"), jsonChunks(json));
}
