/** `goldspike data info`: what is in a file of recordings, as a table or as JSON. */
import { Command, InvalidArgumentError } from "commander";
import { visible } from "../../base/visible.ts";
import { type FileStatistics, fileRemarks, fileStatistics, type Share } from "../../data/statistics.ts";
import { print, printJson, say } from "../lines.ts";

export function dataInfoCommand(): Command {
  return new Command("info")
    .summary("what is in a file of recordings")
    .description(
      "Counts recordings, classes, speakers and spikes of a file in the layout " +
        "of the Spiking Heidelberg Digits, .h5 or .h5.gz, and checks every number " +
        "on the way. A recording's duration is the time of its last spike; those " +
        "without spikes have none.",
    )
    .argument("<file>", ".h5 or .h5.gz", fileName)
    .option("--json", "print one JSON object")
    .addHelpText(
      "after",
      `
Examples:
  $ goldspike data info shd_train.h5.gz
  $ goldspike data info shd_train.h5.gz --json

Exit codes: 2 if the file cannot be read or is not in that layout.`,
    )
    .action(info);
}

function fileName(text: string): string {
  if (text === "") throw new InvalidArgumentError("Expected the name of a file.");
  return text;
}

async function info(path: string, { json }: { json?: boolean }): Promise<void> {
  const statistics = await fileStatistics(path);
  for (const line of fileRemarks(path, statistics)) say(line);
  if (json) printJson(statisticsJson(statistics));
  else print(statisticsTable(statistics));
}

/** Times in ms, keys in snake_case as in every file. */
export function statisticsJson(statistics: FileStatistics): object {
  const { recordings, classes, speakers, channels, lastSpike, duration, spikes } = statistics;
  return {
    recordings,
    classes: counts(classes),
    speakers: speakers ? counts(speakers) : null,
    channels: { used: channels.used, lowest: channels.lowest ?? null, highest: channels.highest ?? null },
    last_spike: lastSpike ?? null,
    duration: duration ?? null,
    spikes,
    late_spikes: statistics.lateSpikes,
    empty_recordings: statistics.emptyRecordings,
    unsorted_recordings: statistics.unsortedRecordings,
  };
}

function counts(shares: readonly Share[]): Record<string, number> {
  return Object.fromEntries(shares.map(({ name, recordings }) => [name, recordings]));
}

export function statisticsTable(statistics: FileStatistics): string {
  const { recordings, classes, speakers, channels, duration, spikes } = statistics;
  const ms = (time: number) => `${time.toFixed(1)} ms`;
  const rows: [string, string][] = [
    ["recordings", grouped(recordings)],
    [`${classes.length} classes`, listed(classes)],
    [speakers ? `${speakers.length} speakers` : "speakers", speakers ? listed(speakers) : "not in the file"],
    [
      "channels",
      channels.used > 0 ? `${channels.used}, from ${channels.lowest} to ${channels.highest}` : "none",
    ],
    ["duration", duration ? `mean ${ms(duration.mean)}, median ${ms(duration.median)}` : "none"],
    ...(duration ? [["", `from ${ms(duration.min)} to ${ms(duration.max)}`] as [string, string]] : []),
    ["spikes", grouped(spikes.total)],
    ["  a recording", `mean ${grouped(spikes.mean)}, median ${grouped(spikes.median)}`],
    ["", `from ${grouped(spikes.min)} to ${grouped(spikes.max)}`],
    ["  after 1000 ms", `${(100 * statistics.lateSpikes).toFixed(3)} %`],
    ["empty recordings", grouped(statistics.emptyRecordings)],
    ["unsorted recordings", grouped(statistics.unsortedRecordings)],
  ];
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  return rows.map(([name, value]) => `${wrapped(name.padEnd(width), value, width)}\n`).join("");
}

/** A long list goes on below its own beginning, and a number stays with its name. */
function wrapped(name: string, value: string, indent: number): string {
  const lines: string[] = [];
  for (const entry of value.split(", ")) {
    const longer = lines.length > 0 ? `${lines.at(-1)}, ${entry}` : entry;
    if (lines.length > 0 && indent + longer.length >= 80) {
      lines.push(`${lines.pop()},`, entry);
    } else lines.splice(-1, 1, longer);
  }
  return (name + lines.join(`\n${" ".repeat(indent)}`)).trimEnd();
}

/** Who has how many; of very many only the extremes. */
function listed(shares: readonly Share[]): string {
  if (shares.length <= 50)
    return shares.map(({ name, recordings }) => `${visible(name)} ${recordings}`).join(", ");
  const numbers = shares.map(({ recordings }) => recordings);
  return `from ${Math.min(...numbers)} to ${Math.max(...numbers)} recordings each`;
}

function grouped(value: number): string {
  return value.toLocaleString("en", { maximumFractionDigits: 1 });
}
