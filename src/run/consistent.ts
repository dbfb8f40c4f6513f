/** Whether what a checkpoint says of a run's progress can be the progress of a trainer's run. */
import { ConfigError } from "../base/errors.ts";
import { shown } from "../base/parseWith.ts";
import type { Trainer } from "../training/trainer.ts";
import type { Checkpoint } from "./checkpoint.ts";

/**
 * @param trainer before it has trained
 * @throws ConfigError naming the first thing that no such run can have come to
 */
export function requireConsistent(trainer: Trainer, checkpoint: Checkpoint, path: string): void {
  const { history, progress } = checkpoint;
  const require = (place: string, found: unknown, expected: unknown) => {
    if (JSON.stringify(found) !== JSON.stringify(expected))
      throw new ConfigError(`${path}: ${place}: expected ${shown(expected)}, got ${shown(found)}`);
  };
  const parts = trainer.dataset.validation ? ["train", "validation"] : ["train"];
  for (const [k, record] of history.entries()) {
    require(`history[${k}].epoch`, record.epoch, k + 1);
    require(`history[${k}]`, Object.keys(record).filter((key) => /^(train|validation)$/.test(key)), parts);
  }
  require("progress.epoch", progress.epoch, history.length + 1);
  require("batch", checkpoint.batch, progress.batch);
  require("epoch", checkpoint.epoch, progress.batch > 0 ? progress.epoch : history.length);
  require("progress.adam", Object.keys(progress.adam).sort(), [...trainer.adam.moments.keys()].sort());
  const sizes = (counts: readonly (readonly number[])[]) => counts.map((layer) => layer.length);
  require("progress.tally.counts", sizes(progress.tally.counts), sizes(trainer.state.tally.counts));
}
