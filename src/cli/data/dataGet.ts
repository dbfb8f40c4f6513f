/** `goldspike data get`: downloads a data set, with a bar on a terminal. */
import { existsSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { Argument, Command, InvalidArgumentError } from "commander";
import { onExit } from "signal-exit";
import {
  catalogue,
  type Proof,
  type PublishedFile,
  type PublishedSet,
  publishedChecksums,
  type SetName,
} from "../../data/download/catalogue.ts";
import { download, partOf } from "../../data/download/download.ts";
import { DownloadError } from "../../data/download/request.ts";
import { downloadBar, megabytes } from "../bars.ts";

interface GetOptions {
  readonly output: string;
  readonly from?: string;
}

export function dataGetCommand(): Command {
  return new Command("get")
    .summary("download a data set")
    .description(
      "Downloads the files of a data set and compares their checksums. A file\n" +
        "gets its name when it is whole; after a break the same command continues\n" +
        "where it was.",
    )
    .addArgument(new Argument("<set>", "data set").choices(Object.keys(catalogue)))
    .option("-o, --output <dir>", "folder for the files", ".")
    .option("--from <url>", "folder on another server that has the same files", folderUrl)
    .addHelpText(
      "after",
      `
Data sets:
${sets()}

fsdd is sound (WAV), while training needs spikes (.h5): convert it first.
The paths of the files are printed to stdout.

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

async function getSet(name: SetName, { output, from }: GetOptions): Promise<void> {
  const set = catalogue[name];
  const base = from ?? set.base;
  console.error(`${set.title}, ${set.licence}${set.note ? `. ${set.note}` : ""}`);
  try {
    const proofs = await proofsOf(set, base);
    for (const [index, file] of set.files.entries()) {
      await getFile(`${base}${file.remote}`, join(output, file.local), proofs[index]!);
    }
  } catch (error) {
    if (!(error instanceof DownloadError)) throw error;
    console.error(`error: ${error.message}`);
    process.exitCode = 1;
  }
}

async function proofsOf({ checksums, files }: PublishedSet, base: string): Promise<Proof[]> {
  if (checksums === undefined) return files.map(() => ({ kind: "gzip" }));
  const url = `${base}${checksums}`;
  const published = await publishedChecksums(url);
  return files.map(({ remote }: PublishedFile) => {
    const digest = published.get(remote);
    if (digest === undefined) throw new DownloadError(`${url}: expected a line for ${remote}, found none`);
    return { kind: "md5", digest };
  });
}

async function getFile(url: string, path: string, proof: Proof): Promise<void> {
  const bar = downloadBar(path, process.stderr);
  const forget = onExit((_code, signal) => {
    bar.stop();
    if (signal !== null) writeSync(process.stderr.fd, `stopped; ${continuation(path)}\n`);
  });
  try {
    const before = await download({ url, path, proof, onProgress: bar.show });
    bar.stop();
    const size = `${megabytes(statSync(path).size)} MB`;
    console.error(`${path}: ${size}, ${before ? "already there and whole" : "whole"}`);
    process.stdout.write(`${path}\n`);
  } catch (error) {
    bar.stop();
    if (!(error instanceof DownloadError) || !existsSync(partOf(path))) throw error;
    throw new DownloadError(`${error.message}; ${continuation(path)}`);
  } finally {
    forget();
  }
}

function continuation(path: string): string {
  return `the same command continues from ${partOf(path)}`;
}

function folderUrl(text: string): string {
  if (!URL.canParse(text) || !/^https?:/.test(text))
    throw new InvalidArgumentError("Expected an http(s) address.");
  return text.endsWith("/") ? text : `${text}/`;
}
