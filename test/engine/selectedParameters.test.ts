/** The parameters that are kept of an epoch are those that were scored, whatever is done to silent neurons after it. */
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { readCheckpoint } from "../../src/run/checkpoint.ts";
import { outcomeOf } from "../../src/run/outcome.ts";
import { runFile } from "../../src/run/runFolder.ts";
import { restore, restoreParameters } from "../../src/run/state.ts";
import type { Trainer } from "../../src/training/trainer.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";
import { traces, trainIn } from "../support/training/runFolders.ts";
import { hidden, parametersOf, trainerOf } from "../support/training/tinyTraining.ts";

const parent = temporaryFolder();

const size = 24;

/** Only the policy moves the weights into the hidden layer, some of whose neurons start silent. */
const settings = (silent: object) => ({
  dataset: { kind: "yinyang", train: 80, test: 12 },
  split: { kind: "random", validation: 40 },
  network: { ...hidden({ size }), weights: { input_hidden: { mean: -1, sd: 3 } } },
  regularization: { silent },
  optimizer: {
    kind: "adam",
    learning_rate: 0.05,
    groups: { "projections[0].weight": { rate_factor: 1e-300 } },
  },
  epochs: 5,
});

/** Hidden neurons of which a weight differs. */
function differing(before: readonly number[], after: readonly number[]): number[] {
  const pre = before.length / size;
  const all = Array.from({ length: size }, (_, j) => j);
  return all.filter((j) => before.slice(j * pre, (j + 1) * pre).some((w, i) => w !== after[j * pre + i]));
}

const silentNeurons = (trainer: Trainer) =>
  trainer.state.tally.counts[0]!.flatMap((count, j) => (count === 0 ? [j] : []));

describe.each([
  ["leave", {}],
  ["lift_silent", { lift: 0.75 }],
  ["lift_all", { lift: 0.25 }],
  ["redraw", {}],
])("with %s", (policy, about) => {
  const changes = settings({ policy, ...about });
  const path = () => join(parent, policy);
  beforeAll(async () => {
    expect(await trainIn(path(), changes)).toBe("epochs");
  });

  test.each(["best", "last"] as const)("%s has the scores of its epoch", async (name) => {
    const checkpoint = await readCheckpoint(runFile(path(), name));
    const { epoch, history } = checkpoint;
    const trainer = await trainerOf(changes);
    restoreParameters(trainer.parameters, checkpoint);
    const { score } = (await outcomeOf(trainer, epoch, ["validation"])).parts[0]!.result;
    expect(score).toEqual(history[epoch - 1]!.validation);
    const { metrics } = await traces(path());
    expect(metrics[epoch - 1]).toMatchObject({ epoch, validation: score });
    // Training has gone on from the best epoch, so that the policy could have touched its parameters.
    if (name === "last") return expect(epoch).toBe(metrics.length);
    expect(epoch).toBeLessThan(metrics.length);
    expect(score.accuracy).toBe(Math.max(...metrics.map(({ validation }) => validation.accuracy)));
  });

  test.each(["best", "last"] as const)("the policy acts when training goes on from %s", async (name) => {
    const file = runFile(path(), name);
    const trainer = await trainerOf(changes);
    const checkpoint = await readCheckpoint(file);
    restore(trainer, checkpoint, file);
    const weights = () => parametersOf(trainer)["projections[0].weight"]!;
    const [before, silent] = [weights(), silentNeurons(trainer)];
    expect(silent.length).toBeGreaterThan(0);
    expect(silent.length).toBeLessThan(size);
    const scored = await trainer.validate();
    trainer.trainBatch();
    const acted = differing(before, weights());
    const every = Array.from({ length: size }, (_, j) => j);
    expect(acted).toEqual(policy === "leave" ? [] : policy === "lift_all" ? every : silent);
    if (policy === "leave") return;
    // So much that the scores would be others if they were of these weights.
    const output = trainer.parameters.find((parameter) => parameter.name === "projections[1].weight")!;
    output.write(checkpoint.tensors.get("projections[1].weight")!.data);
    expect((await trainer.validate())!.loss).not.toBe(scored!.loss);
  });
});
