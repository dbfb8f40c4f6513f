/** Options several commands share, and the checks of their values. */
import { extname } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { ConfigError } from "../base/errors.ts";
import { longestSound } from "../ear/membraneVelocities.ts";
import { defaultMaxEvents } from "../engine/engineOptions.ts";
import type { Case } from "../model/case.ts";

export function precisionOption(): Option {
  return new Option("--precision <precision>", "floating-point type of the kernel")
    .choices(["f64", "f32"])
    .default("f64");
}

/** Commander's parser for an option that takes a whole number ≥ 1. */
export function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError("Expected an integer ≥ 1.");
  return value;
}

/** Commander's parser for an option that takes a number > 0. */
export function positiveNumber(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError("Expected a number > 0.");
  return value;
}

/** Of the commands about a case. */
export function maxEventsOption(): Option {
  return new Option(
    "--max-events <n>",
    `most spikes and delayed deliveries of a trial before the run stops (default: ${defaultMaxEvents})`,
  ).argParser(positiveInteger);
}

/** What `spike_time_mse` is to take for spikes and targets without a partner. */
export interface UnmatchedCosts {
  readonly extraCost?: number;
  readonly missingCost?: number;
}

/** Of the commands that solve a case whose loss may be `spike_time_mse`. */
export function withUnmatchedCosts(command: Command): Command {
  const cost = (text: string): number => {
    const value = Number(text);
    if (text.trim() === "" || !Number.isFinite(value) || value < 0)
      throw new InvalidArgumentError("Expected a number ≥ 0.");
    return value;
  };
  const without = "of spike_time_mse, instead of an error: ms² for each";
  return command
    .option("--extra-cost <c>", `${without} spike beyond a neuron's targets`, cost)
    .option("--missing-cost <c>", `${without} target without a spike`, cost);
}

/**
 * The case with these costs in its loss.
 *
 * @throws ConfigError if there are some and the loss is another one
 */
export function chargeUnmatched(problem: Case, { extraCost, missingCost }: UnmatchedCosts): Case {
  if (extraCost === undefined && missingCost === undefined) return problem;
  const { loss, name } = problem;
  if (loss.kind !== "spike_time_mse") {
    const option = extraCost === undefined ? "--missing-cost" : "--extra-cost";
    throw new ConfigError(
      `${option}: expected a case with the loss spike_time_mse, got "${loss.kind}" in ${name}`,
    );
  }
  const costs = {
    ...(extraCost !== undefined && { extraCost }),
    ...(missingCost !== undefined && { missingCost }),
  };
  return { ...problem, loss: { ...loss, ...costs } };
}

/** Commander's parser for seeds. */
export function seed(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isInteger(value) || value < 0 || value >= 2 ** 32)
    throw new InvalidArgumentError("Expected an integer from 0 to 4294967295.");
  return value;
}

/** Commander's parser for the name of a picture. */
export function picture(path: string): string {
  if (![".png", ".svg"].includes(extname(path).toLowerCase()))
    throw new InvalidArgumentError("Expected a name that ends in .png or .svg.");
  return path;
}

/** Of the commands that hear sounds. */
export function soundDurationOption(): Option {
  const most = 1000 * longestSound;
  return new Option(
    "--duration <ms>",
    "cut every sound, or fill it up with silence, to this length",
  ).argParser((text) => {
    const value = Number(text);
    if (value >= 10 && value <= most) return value;
    throw new InvalidArgumentError(`Expected a number from 10 to ${most}.`);
  });
}

/** Commander's parser for a number of threads. */
export function threads(text: string): "auto" | number {
  return text === "auto" ? text : positiveInteger(text);
}

/** Of the commands that train: what stands in place of a setting of the configuration's. */
export function withOverrides(command: Command, of: "file" | "run"): Command {
  const instead = `in place of the ${of}'s`;
  command.option("--epochs <n>", `number of epochs, ${instead}`, positiveInteger);
  if (of === "file")
    command
      .option("--seed <n>", `seed of weights, order and augmentation, ${instead}`, seed)
      .option(
        "--set <path=value>",
        `any setting, ${instead}, may be repeated, e.g. optimizer.learning_rate=1e-3 or network.hidden.0.size=64`,
        (text: string, others: readonly string[] = []) => [...others, text],
      );
  return command
    .option("--data <dir>", `folder of the data set's files, ${instead}`)
    .option("--threads <n>", "number of threads, or auto; results do not depend on it", threads)
    .option("--max-events <n>", `most hidden spikes of a trial, ${instead}`, positiveInteger);
}
