/** What a trained run makes of recordings whose words are not known. */
import { resolveRun } from "../config/resolve.ts";
import type { Samples } from "../data/dataset.ts";
import { elementary } from "../kernel/elementary.ts";
import { Trainer } from "../training/trainer.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { prepared } from "./experiment.ts";
import { restoreParameters } from "./state.ts";

export interface Recognized {
  /** Undefined if, with a loss of first spikes, every output stayed silent. */
  readonly word: string | undefined;
  /** Of each class, as a share of 1; with a loss of first spikes, minus the time of its first spike in ms. */
  readonly scores: Readonly<Record<string, number>>;
}

/**
 * Recordings with the checkpoint's parameters, prepared as its training trials were.
 *
 * @param samples their labels are not looked at
 * @param channels of the samples
 * @throws ConfigError `input` leaves no spike; KernelError naming a recording that fails
 */
export async function recognize(
  { configuration, classes, tensors }: Checkpoint,
  samples: Samples,
  channels: number,
): Promise<Recognized[]> {
  const dataset = prepared(configuration, { classes, channels, train: samples, test: samples });
  // Nothing is trained, so nothing is augmented.
  const trainer = await Trainer.create(resolveRun({ ...configuration, augmentation: [] }, true), dataset);
  try {
    restoreParameters(trainer.parameters, { tensors });
    const { outcomes } = (await trainer.evaluate(dataset.test, "predict"))!;
    const { exp } = await elementary();
    const kind = configuration.loss.kind;
    return outcomes.map(({ predicted, readout }) => {
      const scores = kind === "first_spike" ? readout.map((time) => -time) : softmax(readout, exp);
      return {
        word: predicted < 0 ? undefined : classes[predicted],
        scores: Object.fromEntries(classes.map((name, k) => [name, scores[k]!])),
      };
    });
  } finally {
    trainer.engine.close();
  }
}

function softmax(readout: Float64Array, exp: (x: number) => number): Float64Array {
  const most = readout.reduce((a, b) => Math.max(a, b));
  const powers = readout.map((x) => exp(x - most));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((x) => x / sum);
}
