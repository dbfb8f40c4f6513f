/** `goldspike data get`: downloads a data set, with a bar on a terminal. */
import { existsSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { Argument, Command, InvalidArgumentError } from "commander";
import { onExit } from "signal-exit";
import { visible } from "../../base/visible.ts";
import {
  catalogue,
  type Proof,
  type PublishedFile,
  type PublishedSet,
  publishedChecksums,
  type SetName,
} from "../../data/download/catalogue.ts";
import { download, mostWithoutLength, partOf } from "../../data/download/download.ts";
import { DownloadError } from "../../data/download/request.ts";
import { defaultTries, growingWaits, type Patience } from "../../data/download/retry.ts";
import { downloadBar, megabytes } from "../bars.ts";
import { print, say } from "../lines.ts";

interface GetOptions {
  readonly output: string;
  readonly from?: string;
  readonly retries: number;
}

export function dataGetCommand(): Command {
  return new Command("get")
    .summary("download a data set")
    .description(
      "Downloads the files of a data set and compares their checksums. A file " +
        "gets its name when it is whole; after a break the same command continues " +
        "where it was. A connection that breaks, or brings less than 1 KiB a second " +
        "for a minute, and a server that is out of order or busy (5xx, 429) are tried " +
        "again, after waits that grow from 1 s on or that the server asks for.",
    )
    .addArgument(new Argument("<set>", "data set").choices(Object.keys(catalogue)))
    .option("-o, --output <dir>", "folder for the files", ".")
    .option("--from <url>", "folder on another server that has the same files", folderUrl)
    .option("--retries <n>", "most further tries of a file", tries, defaultTries)
    .addHelpText(
      "after",
      `
Data sets:
${sets()}

fsdd is sound (WAV), while training needs spikes (.h5): convert it first.
The paths of the files are printed to stdout. Of a server that does not say how
long a file is at most ${mostWithoutLength / 2 ** 30} GiB are taken. HTTP_PROXY, HTTPS_PROXY and
NO_PROXY are respected, also in lower case.

Examples:
  $ goldspike data get shd -o ~/shd
  $ goldspike data get ssc -o ~/ssc --from https://compneuro.net/datasets/

Exit codes: 1 if the download fails, 2 for wrong usage or if a file cannot
be written.`,
    )
    .action(getSet);
}

function sets(): string {
  const entries = Object.entries(catalogue);
  return entries.map(([name, { title, licence }]) => `  ${name.padEnd(6)}${title}, ${licence}`).join("\n");
}

async function getSet(name: SetName, { output, from, retries }: GetOptions): Promise<void> {
  const set = catalogue[name];
  const base = from ?? set.base;
  const waits = growingWaits(retries);
  say(`${set.title}, ${set.licence}${set.note ? `. ${set.note}` : ""}`);
  try {
    const proofs = await proofsOf(set, base, { waits, onRetry: say });
    for (const [index, file] of set.files.entries()) {
      await getFile(`${base}${file.remote}`, join(output, file.local), proofs[index]!, waits);
    }
  } catch (error) {
    if (!(error instanceof DownloadError)) throw error;
    say(`error: ${error.message}`);
    process.exitCode = 1;
  }
}

async function proofsOf(
  { checksums, files }: PublishedSet,
  base: string,
  patience: Patience,
): Promise<Proof[]> {
  if (checksums === undefined) return files.map(() => ({ kind: "gzip" }));
  const url = `${base}${checksums}`;
  const published = await publishedChecksums(url, patience);
  return files.map(({ remote }: PublishedFile) => {
    const digest = published.get(remote);
    if (digest === undefined) throw new DownloadError(`${url}: expected a line for ${remote}, found none`);
    return { kind: "md5", digest };
  });
}

async function getFile(url: string, path: string, proof: Proof, waits: readonly number[]): Promise<void> {
  const bar = downloadBar(path, process.stderr);
  const forget = onExit((_code, signal) => {
    bar.stop();
    if (signal !== null) writeSync(process.stderr.fd, `stopped; ${visible(continuation(path))}\n`);
  });
  try {
    const onRetry = (line: string) => {
      bar.stop();
      say(line);
    };
    const before = await download({ url, path, proof, waits, onProgress: bar.show, onRetry });
    bar.stop();
    const size = `${megabytes(statSync(path).size)} MB`;
    say(`${path}: ${size}, ${before ? "already there and whole" : "whole"}`);
    print(`${path}\n`);
  } catch (error) {
    bar.stop();
    if (!(error instanceof DownloadError) || !existsSync(partOf(path))) throw error;
    if (error.message.includes(partOf(path))) throw error;
    throw new DownloadError(`${error.message}; ${continuation(path)}`);
  } finally {
    forget();
  }
}

function continuation(path: string): string {
  return `the same command continues from ${partOf(path)}`;
}

function tries(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isSafeInteger(value) || value < 0)
    throw new InvalidArgumentError("Expected an integer ≥ 0.");
  return value;
}

function folderUrl(text: string): string {
  if (!URL.canParse(text) || !/^https?:/.test(text))
    throw new InvalidArgumentError("Expected an http(s) address.");
  return text.endsWith("/") ? text : `${text}/`;
}
