/** The line of an epoch: for people on a terminal, pairs for programs everywhere else. */
import type { EpochRecord, EpochSeconds } from "../../training/records.ts";
import { pairsLine } from "../lines.ts";

interface Epoch {
  /** Starts the line. */
  readonly label: string | undefined;
  readonly record: EpochRecord;
  readonly seconds: EpochSeconds;
  /** Of the run. */
  readonly epochs: number;
}

export function epochLine(epoch: Epoch, output: NodeJS.WritableStream): string {
  const start = epoch.label === undefined ? "" : `${epoch.label} `;
  const terminal = output as NodeJS.WriteStream;
  if (!terminal.isTTY) return `${start}${epochPairs(epoch)}`;
  return `${start}${fitted(epochWords(epoch), terminal.columns - start.length)}`;
}

/** `epoch=3 train_loss=0.5121 … samples_per_second=410`; the speed is that of training. */
function epochPairs({ record, seconds }: Epoch): string {
  const { train, validation } = record;
  return pairsLine({
    epoch: record.epoch,
    train_loss: train.loss.toFixed(4),
    train_accuracy: train.accuracy.toFixed(4),
    ...(validation && {
      validation_loss: validation.loss.toFixed(4),
      validation_accuracy: validation.accuracy.toFixed(4),
    }),
    hidden_spikes: record.hiddenSpikes.toFixed(1),
    silent_neurons: record.silentNeurons,
    learning_rate: record.learningRate.toExponential(3),
    seconds: (seconds.train + seconds.validation).toFixed(1),
    samples_per_second: (train.trials / seconds.train).toFixed(0),
  });
}

/** In columns; what says most comes first. */
function epochWords({ record, seconds, epochs }: Epoch): string[] {
  const { train, validation } = record;
  const percent = (share: number) => `${(100 * share).toFixed(1).padStart(5)} %`;
  const all = String(epochs);
  return [
    `epoch ${String(record.epoch).padStart(all.length)}/${all}`,
    `loss ${train.loss.toFixed(4)}`,
    `trained ${percent(train.accuracy)}`,
    ...(validation ? [`held out ${percent(validation.accuracy)}`] : []),
    `${(seconds.train + seconds.validation).toFixed(1)} s`,
    `${record.hiddenSpikes.toFixed(1)} spikes`,
    `${record.silentNeurons} silent`,
  ];
}

/** As many words as there is room for, and the first in any case. */
function fitted([first, ...others]: readonly string[], columns: number): string {
  let line = first!;
  for (const word of others) {
    if (line.length + 2 + word.length >= columns) break;
    line += `  ${word}`;
  }
  return line;
}
