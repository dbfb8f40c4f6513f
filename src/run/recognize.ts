/** What a trained run makes of recordings whose words are not known. */

import type { Samples } from "../data/dataset.ts";
import { elementary } from "../engine/kernel/elementary.ts";
import { losses } from "../model/losses.ts";
import { scoresOf } from "../training/losses.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { scoringTrainer } from "./scoringTrainer.ts";

export interface Recognized {
  /** Undefined if no spike came before the trial's end or, with a loss of first spikes, every output stayed silent. */
  readonly word: string | undefined;
  /** Of each class, as a share of 1; with a loss of first spikes, minus the time of its first spike in ms. */
  readonly scores: Readonly<Record<string, number>>;
  /** That the network was given. */
  readonly spikes: number;
}

interface Recognition {
  readonly recognized: readonly Recognized[];
  /** Spikes of all recordings that came after the trial's end. */
  readonly dropped: number;
}

/**
 * Recordings with the checkpoint's parameters, prepared as its training trials were.
 *
 * @param samples their labels are not looked at
 * @param channels of the samples
 * @throws KernelError naming a recording that fails
 */
export async function recognize(
  checkpoint: Checkpoint,
  samples: Samples,
  channels: number,
): Promise<Recognition> {
  const { configuration, classes } = checkpoint;
  const { loss } = configuration;
  const trainer = await scoringTrainer(checkpoint, samples, channels);
  try {
    const given = trainer.dataset.test!;
    const { outcomes } = (await trainer.evaluate(given, "predict"))!;
    const { exp } = await elementary();
    const recognized = outcomes.map(({ predicted, readout }, k) => {
      const fits = scoresOf(loss.kind, readout);
      const scores = losses[loss.kind].reads === "lif" ? fits : softmax(fits, exp);
      const spikes = given.offsets[k + 1]! - given.offsets[k]!;
      return {
        word: predicted < 0 || spikes === 0 ? undefined : classes[predicted],
        scores: Object.fromEntries(classes.map((name, n) => [name, scores[n]!])),
        spikes,
      };
    });
    return { recognized, dropped: given.dropped };
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
