/** `goldspike data`: getting data sets, and looking at them; `show` draws a recording. */

import { extname } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { ConfigError } from "../../base/errors.ts";
import { replaceFile, requireWritable } from "../../base/files.ts";
import { withShdRecordings } from "../../data/shd/shdRecordings.ts";
import { pngOf, type RecordingPicture, recordingSvg } from "../../report/recordingPicture.ts";
import { picture, positiveInteger } from "../options.ts";
import { dataGetCommand } from "./dataGet.ts";
import { dataInfoCommand } from "./dataInfo.ts";

export function dataCommand(): Command {
  return new Command("data")
    .description("Downloads data sets, and says and shows what is in a file of recordings.")
    .addCommand(dataGetCommand())
    .addCommand(dataInfoCommand())
    .addCommand(dataShowCommand())
    .addHelpText(
      "after",
      `
Examples:
  $ goldspike data get shd -o ~/shd
  $ goldspike data info ~/shd/shd_train.h5.gz
  $ goldspike data show ~/shd/shd_train.h5.gz 0 -o raster.png`,
    );
}

interface ShowOptions {
  readonly output: string;
  readonly channels: number;
}

export function dataShowCommand(): Command {
  return new Command("show")
    .summary("a recording as a picture")
    .description(
      "Draws the spikes of one recording: time to the right, channel 0, which hears the highest frequency, above.",
    )
    .argument("<file>", ".h5 or .h5.gz")
    .argument("<index>", "which recording, from 0 on", index)
    .requiredOption("-o, --output <picture>", ".png or .svg", picture)
    .option("--channels <n>", "channels of the recordings", positiveInteger, 700)
    .addHelpText(
      "after",
      `
Examples:
  $ goldspike data show shd_train.h5.gz 0 -o raster.png
  $ goldspike data show words.h5 12 -o raster.svg

Exit codes: 2 if the file cannot be read, or has no recording of that number.`,
    )
    .action(show);
}

function index(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isSafeInteger(value) || value < 0)
    throw new InvalidArgumentError("Expected an integer ≥ 0.");
  return value;
}

async function show(file: string, wanted: number, { output, channels }: ShowOptions): Promise<void> {
  await requireWritable(output);
  const svg = await recordingSvg(await read(file, wanted, channels));
  const png = extname(output).toLowerCase() === ".png";
  await replaceFile(output, png ? [await pngOf(svg)] : svg);
}

function read(file: string, wanted: number, size: number): Promise<RecordingPicture> {
  return withShdRecordings(file, size, async (recordings) => {
    const { labels, classes, speakers, speakerNames } = recordings;
    if (wanted >= labels.length) {
      throw new ConfigError(`${file}: expected a recording from 0 to ${labels.length - 1}, got ${wanted}`);
    }
    let k = 0;
    for await (const { times, sources } of recordings.read()) {
      if (k++ < wanted) continue;
      const label = labels[wanted]!;
      const speaker = speakers?.[wanted];
      const by = speaker === undefined ? "" : ` by ${speakerNames?.[speaker] ?? `speaker ${speaker}`}`;
      const title = `recording ${wanted}, “${classes?.[label] ?? label}”${by}`;
      return { title, times, channels: sources, size };
    }
    throw new ConfigError(`${file}: the recordings end before number ${wanted}`);
  });
}
