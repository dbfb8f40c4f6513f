/** `goldspike conform backend`: goldspike's own implementations, as any other backend is started. */

import { join } from "node:path";
import { Command } from "commander";
import { ConfigError } from "../../base/errors.ts";
import { replaceFile } from "../../base/files.ts";
import { shown } from "../../base/parseWith.ts";
import { type Batch, loadBatch } from "../../conformance/batch/batch.ts";
import { batchResultJson } from "../../conformance/batch/batchResult.ts";
import { type BatchResult, engineTrial, solveBatch, twinTrial } from "../../conformance/batch/solveBatch.ts";
import { serve } from "../../conformance/run/serve.ts";
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
  readonly serve?: boolean;
}

interface TwinBackendOptions extends BackendOptions, ConventionOptions {
  readonly dt: number;
}

export function conformBackendCommand(): Command {
  const engine = new Command("engine")
    .summary("the exact engine")
    .description("Solves the case, or the batch, in a folder and writes result.json to another.")
    .argument("[case-dir]", "folder with case.json, and batch.json for a batch")
    .argument("[result-dir]", "folder to write to")
    .option("--serve", "no folders: answer requests from stdin, as conform run --worker sends them")
    .addOption(precisionOption())
    .addHelpText(
      "after",
      "\nExamples:\n  $ goldspike conform run --class T3 -- goldspike conform backend engine --precision f32" +
        "\n  $ goldspike conform run --worker -- goldspike conform backend engine --serve",
    )
    .action(answer);
  const twin = new Command("twin")
    .summary("a time-stepped implementation")
    .description(
      "Solves the case, or the batch, in a folder step by step, as another " +
        "implementation does, and writes result.json to another folder: spikes, loss, " +
        "readout, and the gradients of weights and delays.",
    )
    .argument("[case-dir]", "folder with case.json, and batch.json for a batch")
    .argument("[result-dir]", "folder to write to")
    .option("--serve", "no folders: answer requests from stdin, as conform run --worker sends them")
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
    .description("Goldspike's own implementations, started as any other backend is.")
    .addCommand(engine)
    .addCommand(twin);
}

function answer(
  from: string | undefined,
  to: string | undefined,
  { precision, serve: asked }: BackendOptions,
): Promise<void> {
  return each(asked, from, to, async (caseFolder, resultFolder) => {
    const batch = await loadBatch(caseFolder);
    if (batch) return writeBatch(resultFolder, batch, await solveBatch(batch, engineTrial(precision)));
    const problem = await loadCase(caseFolder);
    const solution = await solveCase(problem, { precision });
    await write(resultFolder, resultOf(problem, solution, precision));
  });
}

function step(from: string | undefined, to: string | undefined, options: TwinBackendOptions): Promise<void> {
  const { precision, dt, serve: asked } = options;
  const convention = conventionOf(options);
  const steps = { convention, dt, precision };
  return each(asked, from, to, async (caseFolder, resultFolder) => {
    const batch = await loadBatch(caseFolder);
    if (batch) {
      const result = await solveBatch(batch, twinTrial(steps), convention.staleBackward);
      return writeBatch(resultFolder, batch, result);
    }
    const problem = await loadCase(caseFolder);
    const result = twinResult(problem, await solveTwin(problem, steps), precision, dt);
    await write(resultFolder, resultJson(problem.network, result));
  });
}

/** One case, whose folders are given, or as many as are asked for. */
async function each(
  asked: boolean | undefined,
  from: string | undefined,
  to: string | undefined,
  solve: (caseFolder: string, resultFolder: string) => Promise<void>,
): Promise<void> {
  if (asked && from !== undefined)
    throw new ConfigError(`--serve: expected no folders beside it, got ${shown(from)}`);
  // Whoever is at a terminal has forgotten the folders.
  if (asked || (from === undefined && !process.stdin.isTTY)) return serve(solve);
  if (from === undefined || to === undefined)
    throw new ConfigError("expected a case's folder and one to write to, or --serve");
  await solve(from, to);
}

function writeBatch(folder: string, { problem }: Batch, result: BatchResult): Promise<void> {
  return write(folder, batchResultJson(problem.network, result));
}

async function write(folder: string, json: JsonTree): Promise<void> {
  await replaceFile(join(folder, "result.json"), jsonChunks(json));
}
