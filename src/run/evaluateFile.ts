/** A run's scores on any file of recordings, whose classes are found by their names. */
import { ConfigError } from "../base/errors.ts";
import { shown } from "../base/parseWith.ts";
import type { Samples } from "../data/dataset.ts";
import { readShdFile } from "../data/shd/shdFile.ts";
import type { RunOverrides } from "../training/config/load.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { type Outcome, outcomeOf } from "./outcome.ts";
import { scoringTrainer } from "./scoringTrainer.ts";

/**
 * @param path of a file in the layout of the Spiking Heidelberg Digits; its classes may be some of the run's, in any order
 * @throws ConfigError a file that cannot be read, has a recording of a class that the run does not know, or of a run on points
 */
export async function evaluateFile(
  checkpoint: Checkpoint,
  path: string,
  { threads, maxEvents }: Pick<RunOverrides, "threads" | "maxEvents">,
): Promise<Outcome> {
  const { classes, epoch, tensors } = checkpoint;
  const configuration = {
    ...checkpoint.configuration,
    ...(threads !== undefined && { threads }),
    ...(maxEvents !== undefined && { max_events: maxEvents }),
  };
  const { dataset, duration, input } = configuration;
  if (dataset.kind !== "shd")
    throw new ConfigError(`--file: expected a run on recordings, got one on ${dataset.kind}`);
  const { channels } = dataset;
  // Times that shrink may move into the trial.
  const file = await readShdFile(path, { channels, duration: input.time_scale < 1 ? Infinity : duration });
  const samples = { ...file.samples, labels: labelsOf(file.samples, file.classes, classes) };
  const trainer = await scoringTrainer({ configuration, classes, tensors }, samples, channels);
  try {
    return await outcomeOf(trainer, epoch, ["test"]);
  } finally {
    trainer.engine.close();
  }
}

/** The recordings' labels as the run counts its classes; without names they are taken to be the run's. */
function labelsOf(
  { source, labels }: Samples,
  own: readonly string[] | undefined,
  classes: readonly string[],
): Uint16Array {
  const known = own?.map((name) => classes.indexOf(name)) ?? classes.map((_, label) => label);
  return labels.map((label, recording) => {
    const found = known[label] ?? -1;
    if (found >= 0) return found;
    const expected = `expected a class that the run has learned (${classes.join(", ")})`;
    throw new ConfigError(
      `${source}: recording ${recording}: ${expected}, got ${shown(own?.[label] ?? label)}`,
    );
  });
}
