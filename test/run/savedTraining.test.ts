/** Trainings of programs in files: they go on with the same bits, and the commands read what they save. */
import { readFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { decodeSafetensors } from "../../src/run/safetensors.ts";
import {
  configuredTraining,
  loadCheckpoint,
  loadData,
  loadRunConfig,
  samplesOf,
  saveCheckpoint,
  saveRun,
  type Training,
} from "../../src/training.ts";
import { goldspike } from "../support/command.ts";
import { refusalOf } from "../support/conformance/refusal.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";
import { data, duration, smallNetwork, smallTraining, tensorsOf } from "../support/training/ownTrainings.ts";
import { tiny } from "../support/training/tinyTraining.ts";

const folder = temporaryFolder();

async function refusal(of: Promise<unknown>): Promise<string> {
  return (await refusalOf(of)).replaceAll(folder, "here");
}

describe("a network of one's own", () => {
  const path = join(folder, "own.safetensors");
  const changes = { train: ["projections[0].weight", "projections[1].delay", "populations.hidden.tau_mem"] };

  test("goes on from its checkpoint as if it had never stopped", async () => {
    const whole = await smallTraining(changes);
    for (let epoch = 0; epoch < 3; epoch++) await whole.epoch();
    const first = await smallTraining(changes);
    await first.epoch();
    await saveCheckpoint(first, path);
    const second = await smallTraining({ ...changes, network: smallNetwork(9) });
    await loadCheckpoint(second, path);
    for (let epoch = 0; epoch < 2; epoch++) await second.epoch();
    expect(second.history).toEqual(whole.history);
    expect(tensorsOf(second)).toEqual(tensorsOf(whole));
  });

  test("has its parameters there by the names of result files", async () => {
    const { tensors } = decodeSafetensors(await readFile(path), path);
    const network = await smallTraining(changes);
    await loadCheckpoint(network, path, { parametersOnly: true });
    expect([...tensors.keys()].filter((name) => !/\.[mv]$/.test(name)).sort()).toEqual(
      [
        ...[
          "projections[0].weight",
          "projections[1].weight",
          "projections[1].delay",
          "projections[2].weight",
        ],
        ...["tau_mem", "tau_syn", "threshold", "reset", "bias", "v0", "i0"].map(
          (key) => `populations.hidden.${key}`,
        ),
        ...["tau_mem", "tau_syn", "bias", "v0", "i0"].map((key) => `populations.output.${key}`),
      ].sort(),
    );
    const { shape, data: values } = tensors.get("projections[2].weight")!;
    expect(shape).toEqual([3, 8]);
    expect([...values]).toEqual([...network.network().projections[2]!.weight]);
  });

  test("refuses a checkpoint of other settings, of another network and of other trials", async () => {
    expect(await refusal(smallTraining().then((one) => loadCheckpoint(one, path)))).toContain(
      "here/own.safetensors: train",
    );
    const seeded = smallTraining({ ...changes, seed: 4 });
    expect(await refusal(seeded.then((one) => loadCheckpoint(one, path)))).toBe(
      "here/own.safetensors: seed: expected 4 as in the run, got 1",
    );
    const trial = { times: [1], sources: [0], label: 0 };
    const train = samplesOf([trial], { channels: 5, classes: 3, duration });
    const other = await smallTraining({ ...changes, data: { ...data, train }, maxInputSpikes: 5 });
    expect(await refusal(loadCheckpoint(other, path))).toContain("expected 40 trials with 200 spikes");
    await loadCheckpoint(await smallTraining({ ...changes, data: { train: data.train } }), path, {
      parametersOnly: true,
    });
  });

  test("is none that the commands can describe, and they say so", async () => {
    const own = await smallTraining();
    expect(await refusal(saveRun(own, join(folder, "no")))).toContain("use saveCheckpoint");
    const config = await configured();
    expect(await refusal(loadCheckpoint(config, path))).toContain(
      "here/own.safetensors: expected a checkpoint of a configuration's run, got one of a program's own network",
    );
  });
});

const file = join(folder, "tiny.yaml");

async function configured(changes: Record<string, unknown> = {}): Promise<Training> {
  await writeFile(file, stringify(tiny({ epochs: 4, ...changes })));
  const config = await loadRunConfig(file);
  return configuredTraining(config, await loadData(config));
}

describe("a configuration's training in a folder", () => {
  const run = join(folder, "run");

  test("is gone on with by `goldspike resume`, to the bytes of a run of the commands alone", async () => {
    const training = await configured();
    await training.epoch();
    await saveRun(training, run);
    await training.epoch();
    await saveRun(training, run);
    const resumed = await goldspike(["resume", run]);
    expect(resumed.stderr).toContain("of 4; see");
    expect(resumed.code).toBe(0);
    const alone = join(folder, "alone");
    expect((await goldspike(["train", file, "-o", alone])).code).toBe(0);
    for (const name of ["last.safetensors", "best.safetensors", "config.yaml"])
      expect(readFileSync(join(run, name)).equals(readFileSync(join(alone, name)))).toBe(true);
  });

  test("is evaluated by `goldspike evaluate` as by the program", async () => {
    const training = await configured();
    await loadCheckpoint(training, join(run, "last.safetensors"));
    const config = await loadRunConfig(file);
    const { score } = await training.evaluate((await loadData(config)).test!);
    const { stdout } = await goldspike(["evaluate", run, "--checkpoint", "last", "--json"]);
    expect(JSON.parse(stdout).test).toEqual(score);
    expect(parse(await readFile(join(run, "config.yaml"), "utf8")).epochs).toBe(4);
  });

  test("is not written without its best epoch", async () => {
    const training = await configured({ optimizer: { kind: "adam", learning_rate: 0.5 } });
    do await training.epoch();
    while (training.best.epoch === training.history.length && training.history.length < 9);
    const { epoch } = training.best;
    expect(await refusal(saveRun(training, join(folder, "late")))).toBe(
      `here/late/best.safetensors: expected epoch ${epoch}, the best so far, got nothing; save after every epoch`,
    );
  });

  test("is not written into the folder of another", async () => {
    const other = await configured({ seed: 3 });
    await other.epoch();
    expect(await refusal(saveRun(other, run))).toBe(
      "here/run/config.yaml: seed: expected 3 as in the training, got 1",
    );
  });
});
