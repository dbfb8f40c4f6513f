/** `goldspike encode`: sounds to spikes, by the model of the inner ear that the Heidelberg data sets were made with. */
import { basename } from "node:path";
import { Command, Option } from "commander";
import { ConfigError } from "../base/errors.ts";
import { replaceFile, requireWritable } from "../base/files.ts";
import { encodeSounds } from "../data/encode/encodeSounds.ts";
import { labelOfFolder, readLabels } from "../data/encode/labels.ts";
import { distinctFiles, soundFiles } from "../data/encode/soundFiles.ts";
import { type ShdContent, shdBytes } from "../data/shd/writeShdFile.ts";
import { countBar } from "./bars.ts";
import { pairsLine, print, say } from "./lines.ts";
import { positiveInteger, seed, soundDurationOption, threads } from "./options.ts";
import { unbroken } from "./signals.ts";
import { encodeSpeechCommands } from "./speechCommands.ts";

interface EncodeCommandOptions {
  readonly output: string;
  readonly labels?: string;
  readonly speechCommands?: string;
  readonly channels: number;
  readonly duration?: number;
  readonly seed: number;
  readonly threads: "auto" | number;
}

export function encodeCommand(): Command {
  return new Command("encode")
    .description(
      "Turns WAV files into spikes by a model of the inner ear, the one that the " +
        "Spiking Heidelberg Digits were made with, and writes them in their layout. " +
        "Integers of 8 to 32 bits and floating point, rates from 8 to 192 kHz; " +
        "channels are mixed down. Loudness is all the same to it. On a terminal a " +
        "bar shows how far it is.",
    )
    .argument("[sound...]", "WAV files, or folders: of those all .wav in and below them")
    .requiredOption(
      "-o, --output <path>",
      "the recordings, a file .h5 or .h5.gz; of --speech-commands, the folder\nfor ssc_train.h5.gz, ssc_valid.h5.gz and ssc_test.h5.gz",
    )
    .option(
      "--labels <file>",
      "CSV with the columns file (relative to the CSV), label and, if known,\n" +
        "speaker; without it a recording's label is the name of its folder",
    )
    .addOption(
      new Option(
        "--speech-commands <folder>",
        "in place of sounds, Google's Speech Commands v0.02 as it is unpacked:\n" +
          "all of it, in the three parts of Spiking Speech Commands",
      ).conflicts("labels"),
    )
    .option("--channels <n>", "places along the membrane", positiveInteger, 700)
    .addOption(soundDurationOption())
    .option("--seed <n>", "seed of the nerve fibres' releases", seed, 0)
    .option(
      "--threads <n>",
      "sounds that are heard at a time, each by a thread of its own, or auto:\n" +
        "one a processor; the bytes do not depend on it",
      threads,
      "auto",
    )
    .addHelpText(
      "after",
      `
Examples:
  $ goldspike encode words/ -o words.h5
  $ goldspike encode recordings/*.wav --labels recordings/labels.csv -o train.h5.gz
  $ goldspike data info words.h5
  $ goldspike encode --speech-commands speech_commands_v0.02/ -o data/ssc

--speech-commands takes hours. Broken off at any moment, by Ctrl-C too, the same command goes on from where it was,
and the files come out the same.

Exit codes: 2 if a file is missing, not a sound, silent, or longer than a minute. Then nothing is written.
Of --speech-commands: 1 if some are, which are told and left out.`,
    )
    .action(encode);
}

async function encode(sounds: readonly string[], options: EncodeCommandOptions): Promise<void> {
  const { output, speechCommands, channels, duration, seed, threads } = options;
  if (speechCommands === undefined) return encodeFiles(sounds, options);
  if (sounds.length > 0)
    throw new ConfigError(`${sounds[0]}: expected no sounds beside --speech-commands; leave out one of them`);
  if (output === "" || /\.h5(\.gz)?$/.test(output))
    throw new ConfigError(
      `--output: expected a folder for the three files, got ${output === "" ? "nothing" : output}`,
    );
  return encodeSpeechCommands(speechCommands, output, { channels, duration, seed }, threads);
}

async function encodeFiles(sounds: readonly string[], options: EncodeCommandOptions): Promise<void> {
  const { output, labels, channels, duration, seed, threads } = options;
  if (sounds.length === 0) throw new ConfigError("expected WAV files, folders of them, or --speech-commands");
  requireRecordings(output);
  await requireWritable(output);
  const labelOf = labels === undefined ? labelOfFolder : await readLabels(labels);
  const named = await soundFiles(sounds);
  const paths = await distinctFiles(named);
  const bar = countBar("encoding", paths.length, process.stderr);
  const settings = { channels, duration, seed };
  const content = await encodeSounds(paths, labelOf, settings, threads, bar.show).finally(bar.stop);
  const bytes = shdBytes(output, content);
  await unbroken(() => replaceFile(output, bytes));
  for (const line of remarks(named, paths, content)) say(line);
  print(`${lineOf(content, output)}\n`);
}

/** With a name that says so: a pattern of sounds in its place would make the first of them the output. */
function requireRecordings(path: string): void {
  if (!/\.h5(\.gz)?$/.test(path))
    throw new ConfigError(`--output: expected a name that ends in .h5 or .h5.gz, got ${path}`);
}

/** One line for each oddity of recordings that are written all the same. */
function remarks(named: readonly string[], paths: readonly string[], { spikes }: ShdContent): string[] {
  const lines: string[] = [];
  const again = named.findIndex((path, k) => path !== paths[k]);
  if (again >= 0) {
    const count = named.length - paths.length;
    lines.push(
      `${count} of ${named.length} files are there twice, by name or by link, and taken once: ${named[again]}`,
    );
  }
  const silent = paths.filter((_, k) => spikes[k]!.times.length === 0);
  if (silent.length > 0)
    lines.push(`${silent.length} of ${paths.length} recordings have no spike, the first is ${silent[0]}`);
  return lines;
}

function lineOf({ spikes, classes, speakerNames }: ShdContent, output: string): string {
  return pairsLine({
    recordings: spikes.length,
    classes: classes.length,
    speakers: speakerNames?.length ?? "unknown",
    spikes: spikes.reduce((sum, { times }) => sum + times.length, 0),
    file: basename(output),
  });
}
