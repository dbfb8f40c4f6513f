/** `goldspike data info`: what is in a file of recordings, as a table or as JSON. */
import { Command, Help } from "commander";
import { type FileStatistics, fileStatistics, type Share } from "../data/statistics.ts";

export function dataInfoCommand(): Command {
  return new Command("info")
    .summary("what is in a file of recordings")
    .description(
      "Counts recordings, classes, speakers and spikes of a file in the layout of the\n" +
        "Spiking Heidelberg Digits, .h5 or .h5.gz, and checks every number on the way.",
    )
    .argument("<file>", ".h5 or .h5.gz")
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

async function info(path: string, { json }: { json?: boolean }): Promise<void> {
  const statistics = await fileStatistics(path);
  process.stdout.write(
    json ? `${JSON.stringify(statisticsJson(statistics))}\n` : statisticsTable(statistics),
  );
}

/** Times in ms, keys in snake_case as in every file. */
export function statisticsJson(statistics: FileStatistics): object {
  const { recordings, classes, speakers, channels, lastSpike, spikes } = statistics;
  return {
    recordings,
    classes: counts(classes),
    speakers: speakers ? counts(speakers) : null,
    channels: { used: channels.used, lowest: channels.lowest ?? null, highest: channels.highest ?? null },
    last_spike: lastSpike ?? null,
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
  const { recordings, classes, speakers, channels, lastSpike, spikes } = statistics;
  const rows: [string, string][] = [
    ["recordings", grouped(recordings)],
    [`${classes.length} classes`, listed(classes)],
    [speakers ? `${speakers.length} speakers` : "speakers", speakers ? listed(speakers) : "not in the file"],
    [
      "channels",
      channels.used > 0 ? `${channels.used}, from ${channels.lowest} to ${channels.highest}` : "none",
    ],
    ["last spike", lastSpike === undefined ? "none" : `${lastSpike.toFixed(1)} ms`],
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

/** Commander wraps its help to a width; so is a long list here, below its own beginning. */
function wrapped(name: string, value: string, indent: number): string {
  const lines = new Help().boxWrap(value, 90 - indent).split("\n");
  return (name + lines.join(`\n${" ".repeat(indent)}`)).trimEnd();
}

/** Who has how many; of very many only the extremes. */
function listed(shares: readonly Share[]): string {
  if (shares.length <= 50) return shares.map(({ name, recordings }) => `${name} ${recordings}`).join(", ");
  const numbers = shares.map(({ recordings }) => recordings);
  return `from ${Math.min(...numbers)} to ${Math.max(...numbers)} recordings each`;
}

function grouped(value: number): string {
  return value.toLocaleString("en", { maximumFractionDigits: 1 });
}
