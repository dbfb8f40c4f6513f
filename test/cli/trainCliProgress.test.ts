/** What a run shows: a line per epoch, and on a terminal a bar that a pipe never sees. */
import { Writable } from "node:stream";
import { describe, expect, test, vi } from "vitest";
import { type Progress, progress } from "../../src/cli/train/progress.ts";
import type { EpochRecord } from "../../src/training/records.ts";
import type { Standing } from "../../src/training/training.ts";

const score = { trials: 64, loss: 0.5, accuracy: 0.75 };
const record = (epoch: number): EpochRecord => ({
  epoch,
  learningRate: 0.01,
  train: { ...score, trials: 800 },
  validation: { trials: 100, loss: 0.625, accuracy: 0.7 },
  hiddenSpikes: 12.34,
  silentNeurons: 3,
});
const seconds = { train: 2, validation: 0.5 };
const standing: Standing = {
  epoch: 1,
  part: "train",
  batch: 2,
  batches: 25,
  score,
  trials: 64,
  allTrials: 900,
};

/** @param columns of a terminal that gets the lines; if absent, a pipe gets them */
function shown(isTTY: boolean, happen: (listener: Progress) => void, label?: string, columns?: number) {
  const written = { lines: "", terminal: "" };
  const into = (name: keyof typeof written) =>
    new Writable({
      write(chunk, _, done) {
        written[name] += String(chunk);
        done();
      },
    });
  const terminal = Object.assign(into("terminal"), { isTTY, columns: 120, cursorTo() {}, clearLine() {} });
  const listener = progress({
    epochs: 2,
    output: columns === undefined ? into("lines") : Object.assign(into("lines"), { isTTY: true, columns }),
    terminal: terminal as never,
    ...(label !== undefined && { label }),
  });
  happen(listener);
  listener.stop();
  return written;
}

const line =
  "epoch=1 train_loss=0.5000 train_accuracy=0.7500 validation_loss=0.6250 validation_accuracy=0.7000 " +
  "hidden_spikes=12.3 silent_neurons=3 learning_rate=1.000e-2 seconds=2.5 samples_per_second=400\n";

const anEpoch = (listener: Progress) => {
  listener.onBatch!(standing);
  listener.onEpoch!(record(1), seconds);
};

describe("in a pipe", () => {
  test("there is one line per epoch of pairs name=value, and nothing else", () => {
    expect(shown(false, anEpoch)).toEqual({ lines: line, terminal: "" });
  });

  test("a label starts the line", () => {
    expect(shown(false, anEpoch, "fold=3").lines).toBe(`fold=3 ${line}`);
  });
});

describe("lines on a terminal", () => {
  test("are words in columns that end where the terminal does", () => {
    expect(shown(false, anEpoch, undefined, 80).lines).toBe(
      "epoch 1/2  loss 0.5000  trained  75.0 %  held out  70.0 %  2.5 s  12.3 spikes\n",
    );
    expect(shown(false, anEpoch, undefined, 120).lines).toMatch(/ {2}12.3 spikes {2}3 silent\n$/);
    for (const label of [undefined, "fold=speaker-3"])
      for (const columns of [20, 40, 60, 80])
        expect(shown(false, anEpoch, label, columns).lines.length).toBeLessThanOrEqual(
          Math.max(columns, (label?.length ?? 0) + 11),
        );
  });
});

describe("on a terminal", () => {
  test("there is a bar as well, with epoch, batch, loss, accuracy, speed and time left", () => {
    vi.useFakeTimers({ toFake: ["performance", "Date", "setTimeout", "clearTimeout"] });
    const { lines, terminal } = shown(true, (listener) => {
      listener.onBatch!(standing);
      vi.advanceTimersByTime(1000);
      listener.onBatch!({ ...standing, batch: 4, trials: 128 });
      listener.onEpoch!(record(1), seconds);
    });
    vi.useRealTimers();
    expect(lines).toBe(line);
    expect(terminal).toMatch(/epoch 1\/2 batch 2\/25 \[.+\] loss 0\.500 acc 75\.0% –\/s – left/);
    // 64 trials in a second, and 2 · 900 − 128 are left.
    expect(terminal).toMatch(/epoch 1\/2 batch 4\/25 \[.+\] loss 0\.500 acc 75\.0% 64\/s 0:26 left/);
  });

  test("the bar names the validation part, and hides no cursor", () => {
    const { terminal } = shown(true, (listener) => {
      listener.onBatch!({ ...standing, part: "validation", batch: 25, trials: 850 });
    });
    expect(terminal).toContain("epoch 1/2 validation [");
    expect(terminal).not.toContain("\u001b[?25l");
  });
});

test("a layer is told to be silent when it becomes so, not again while it stays so", () => {
  const { terminal } = shown(false, ({ onSilence }) => {
    for (const [layers, epoch] of [
      [["hidden1"], 1],
      [["hidden1", "hidden2"], 2],
      [["hidden2"], 3],
      [["hidden2"], 5],
    ] as const)
      onSilence!(layers, epoch);
  });
  const told = [...terminal.matchAll(/no neuron of (\w+) has spiked in epoch (\d)/g)].map(
    ([, ...what]) => what,
  );
  expect(told).toEqual([
    ["hidden1", "1"],
    ["hidden2", "2"],
    ["hidden2", "5"],
  ]);
});
