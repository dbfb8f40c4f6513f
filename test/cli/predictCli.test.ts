/** From sounds to a trained network to the words of other sounds, with no step but what a user types. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { readShdFile } from "../../src/data/shd/shdFile.ts";
import { readCheckpoint } from "../../src/run/checkpoint.ts";
import { recognize } from "../../src/run/recognize.ts";
import { goldspike } from "../support/command.ts";
import { formants, vowel, writeWav } from "../support/sounds.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";
import { samplesOf } from "../support/training/samples.ts";
import { tiny } from "../support/training/tinyTraining.ts";

const folder = temporaryFolder();
const options = { cwd: folder };
const channels = 70;

/** Vowels of several pitches, each in the folder of its word. */
async function say(place: string, pitches: readonly number[]): Promise<void> {
  for (const word of ["ah", "ee"] as const) {
    await mkdir(join(folder, place, word), { recursive: true });
    for (const pitch of pitches) {
      const sound = vowel(16000, { pitch, formants: formants[word] });
      await writeWav(join(folder, place, word, `${pitch}.wav`), 16000, "16", [sound]);
    }
  }
}

const configuration = {
  dataset: { kind: "shd", folder: ".", train: "train.h5", test: "test.h5", channels },
  duration: 260,
  network: {
    hidden: [{ size: 40, recurrent: false, tau_mem: 20, tau_syn: 10 }],
    weights: { input_hidden: { mean: 0.1, sd: 0.2 }, hidden_output: { mean: 0, sd: 0.3 } },
  },
  loss: { kind: "integral_cross_entropy", weighting: "exponential" },
  optimizer: {
    kind: "adam",
    learning_rate: 0.01,
    groups: { "projections[1].weight": { rate_factor: 10 } },
  },
  batch_size: 4,
  epochs: 12,
};

beforeAll(async () => {
  await say("train", [100, 110, 125, 140, 160, 180]);
  await say("test", [105, 150]);
  for (const part of ["train", "test"]) {
    await goldspike(["encode", part, "--channels", String(channels), "-o", `${part}.h5`], options);
  }
  await writeFile(join(folder, "vowels.yaml"), stringify(configuration));
  const run = await goldspike(["train", "vowels.yaml", "-o", "run"], options);
  expect(run.stdout).toContain("epoch=12");
});

describe("predict", () => {
  test("names the word of sounds it has not heard, one line each", async () => {
    await say("new", [115, 135, 170]);
    const run = await goldspike(["predict", "--run", "run", "new"], options);
    expect(run.code).toBe(0);
    const lines = run.stdout.trimEnd().split("\n");
    expect(lines).toHaveLength(6);
    for (const line of lines)
      expect(line).toMatch(/^new\/(ah|ee)\/\d+\.wav: \1 {2}\(\1 \d\.\d\d, (ah|ee) \d\.\d\d\)$/);
  });

  test("gives all class scores as JSON, shares of 1, the same with every call", async () => {
    const call = ["predict", "--run", "run", "--json", "test/ee/105.wav", "test/ah/150.wav"];
    const [first, second] = [await goldspike(call, options), await goldspike(call, options)];
    expect(first).toEqual(second);
    const answers = first.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(answers.map(({ file, word }) => [file, word])).toEqual([
      ["test/ee/105.wav", "ee"],
      ["test/ah/150.wav", "ah"],
    ]);
    for (const { scores } of answers) {
      expect(Object.keys(scores)).toEqual(["ah", "ee"]);
      expect(scores.ah + scores.ee).toBeCloseTo(1, 12);
    }
  });

  test("hears a sound as its file of recordings has it, whatever the other sounds are", async () => {
    await goldspike(["encode", "test/ee/150.wav", "--channels", "70", "-o", "one.h5"], options);
    const one = await readShdFile(join(folder, "one.h5"), { channels, duration: 260 });
    const checkpoint = await readCheckpoint(join(folder, "run", "best.safetensors"));
    const { recognized } = await recognize(checkpoint, one.samples, channels);
    const predicted = await goldspike(["predict", "--run", "run", "--json", "test"], options);
    const line = predicted.stdout.split("\n").find((text) => text.includes("test/ee/150.wav"));
    expect(JSON.parse(line!)).toEqual({ file: "test/ee/150.wav", ...recognized[0] });
  });

  test("cuts sounds to a length, as encode does", async () => {
    const sound = vowel(16000, { pitch: 115, formants: formants.ah });
    const longer = new Float64Array(sound.length + 3200);
    longer.set(sound);
    await writeWav(join(folder, "short.wav"), 16000, "16", [sound.subarray(0, 1600)]);
    await writeWav(join(folder, "long.wav"), 16000, "16", [longer.subarray(0, 1600)]);
    const call = ["predict", "--run", "run", "--json"];
    const short = await goldspike([...call, "short.wav"], options);
    await writeWav(join(folder, "short.wav"), 16000, "16", [longer]);
    const cut = await goldspike([...call, "--duration", "100", "short.wav"], options);
    expect(cut).toEqual(short);
  });

  test("says that spikes come after the run's end", async () => {
    const late = new Float64Array(16000);
    late.set(vowel(16000, { pitch: 115, formants: formants.ah }).subarray(0, 4000), 12000);
    await writeWav(join(folder, "late.wav"), 16000, "16", [late]);
    const run = await goldspike(["predict", "--run", "run", "--json", "late.wav"], options);
    const [, dropped] = /^(\d+) spikes after the run's 260 ms left out\n$/.exec(run.stderr)!;
    await goldspike(["encode", "late.wav", "--channels", "70", "-o", "late.h5"], options);
    const { samples } = await readShdFile(join(folder, "late.h5"), { channels, duration: 260 });
    expect(Number(dropped)).toBe(samples.dropped);
    expect(JSON.parse(run.stdout)).toMatchObject({ spikes: samples.times.length });
  });

  test("answers nothing to a recording without spikes", async () => {
    const checkpoint = await readCheckpoint(join(folder, "run", "best.safetensors"));
    const samples = samplesOf([{ spikes: [] }, { spikes: [[270, 3]] }, { spikes: [[20, 3]] }]);
    const { recognized, dropped } = await recognize(checkpoint, samples, channels);
    expect(dropped).toBe(1);
    expect(recognized.map(({ word, spikes }) => [typeof word, spikes])).toEqual([
      ["undefined", 0],
      ["undefined", 0],
      ["string", 1],
    ]);
  });

  test("refuses a run on something else, and what is no run, in one line", async () => {
    await writeFile(join(folder, "points.yaml"), stringify(tiny()));
    await goldspike(["train", "points.yaml", "-o", "points"], options);
    const points = await goldspike(["predict", "--run", "points", "test/ee/105.wav"], options);
    expect(points).toMatchObject({
      code: 2,
      stderr: "error: points: expected a run trained on recordings of sounds, got dataset.kind yinyang\n",
    });
    const none = await goldspike(["predict", "--run", "nowhere", "test/ee/105.wav"], options);
    expect(none.code).toBe(2);
    expect(none.stderr).toMatch(/^error: nowhere\/\S+: cannot be read: no such file or folder\n$/);
  });
});

describe("data show", () => {
  test("draws one recording, as SVG or PNG", async () => {
    const svg = await goldspike(
      ["data", "show", "train.h5", "7", "--channels", "70", "-o", "r.svg"],
      options,
    );
    expect(svg).toMatchObject({ code: 0, stdout: "", stderr: "" });
    const png = await goldspike(
      ["data", "show", "train.h5", "7", "--channels", "70", "-o", "r.png"],
      options,
    );
    expect(png).toMatchObject({ code: 0, stdout: "", stderr: "" });
    const drawn = await readFile(join(folder, "r.svg"), "utf8");
    expect(drawn).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" /);
    expect(drawn).toContain("recording 7, “ee”");
    const bytes = await readFile(join(folder, "r.png"));
    expect(bytes.subarray(0, 8)).toEqual(Buffer.from("\x89PNG\r\n\x1a\n", "latin1"));
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([1920, 960]);
  });

  test.each([
    [["train.h5", "12"], "error: train.h5: expected a recording from 0 to 11, got 12\n"],
    [
      ["train.h5", "0", "--channels", "10"],
      /^error: train.h5: recording 0: expected units from 0 to 9, got \d+\n$/,
    ],
  ])("%j: one line and exit code 2", async (args, message) => {
    const run = await goldspike(["data", "show", ...(args as string[]), "-o", "never.png"], options);
    expect(run.code).toBe(2);
    expect(run.stderr).toMatch(message as RegExp);
  });
});
