/** Options several commands share, and the checks of their values. */
import { type Command, InvalidArgumentError, Option } from "commander";
import { longestSound } from "../ear/membraneVelocities.ts";
import { defaultMaxEvents } from "../engine/engineOptions.ts";

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

/** Commander's parser for seeds. */
export function seed(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isInteger(value) || value < 0 || value >= 2 ** 32)
    throw new InvalidArgumentError("Expected an integer from 0 to 4294967295.");
  return value;
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
    command.option("--seed <n>", `seed of weights, order and augmentation, ${instead}`, seed);
  return command
    .option("--data <dir>", `folder of the data set's files, ${instead}`)
    .option("--threads <n>", "number of threads, or auto; results do not depend on it", threads)
    .option("--max-events <n>", `most hidden spikes of a trial, ${instead}`, positiveInteger);
}
