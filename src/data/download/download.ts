/**
 * Downloads that can break at any point. Bytes go to FILE.part and get FILE's name when they are all there, proved and
 * flushed to the disk; what a broken download left is continued by the next try or the next download.
 */
import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import { rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { ConfigError } from "../../base/errors.ts";
import { fileReason, flushFolder, makeFolder, readInput, requireOnDisk } from "../../base/files.ts";
import { flaw, type Proof } from "./catalogue.ts";
import { type Answer, DownloadError, get } from "./request.ts";
import { type Patience, patiently } from "./retry.ts";

interface Download extends Patience {
  readonly url: string;
  readonly path: string;
  readonly proof: Proof;
  /** Bytes that are taken from a server that does not say how many there are; default 2 GiB. */
  readonly most?: number;
  /** Called with the bytes that are there, and with all there will be if the server says so. */
  onProgress?(bytes: number, total: number | undefined): void;
}

/** Some twice what the largest published file has. */
export const mostWithoutLength = 2 ** 31;

/**
 * @returns whether the file was there before, whole, so that nothing was downloaded
 * @throws DownloadError the server or the connection failed, or other bytes came than were published
 * @throws ConfigError the disk failed, the file is there with other contents, or a proxy in the environment is none
 */
export async function download(wanted: Download): Promise<boolean> {
  const { path, proof } = wanted;
  try {
    if ((await sizeOf(path)) !== undefined) {
      const reason = await flaw(path, proof);
      if (reason === undefined) return true;
      throw new ConfigError(`${path}: ${reason}; remove it to download it again`);
    }
    await makeFolder(dirname(path)).catch((error: Error) => {
      throw error.cause ?? error;
    });
    await patiently(() => fetchWhole(wanted), wanted);
    await rename(partOf(path), path);
    await forget(path);
    await flushFolder(dirname(path));
    return false;
  } catch (error) {
    if (error instanceof DownloadError || error instanceof ConfigError) throw error;
    const obstacle = await notAFolder(path);
    const reason = obstacle === undefined ? fileReason(error) : `${obstacle} is not a folder`;
    throw new ConfigError(`${path}: cannot be written: ${reason}`);
  }
}

export function partOf(path: string): string {
  return `${path}.part`;
}

/** What the server said identifies the version that FILE.part is of. */
function versionOf(path: string): string {
  return `${path}.part.version`;
}

/** Undefined where the server has said nothing, or a crash has torn it. */
function keptVersion(path: string): string | undefined {
  try {
    const version = readInput(versionOf(path), 1000).toString();
    return /^[\x20-\x7e]+$/.test(version) ? version : undefined;
  } catch {
    return undefined;
  }
}

async function forget(path: string): Promise<void> {
  for (const file of [partOf(path), versionOf(path)]) await rm(file, { force: true });
}

/** How the bytes of FILE.part came. */
interface Arrival {
  /** How many were there before. */
  readonly start: number;
  /** Whether the server has said that these are all. */
  readonly isComplete: boolean;
  /** Whether it sends what is behind a place. */
  readonly hasRanges: boolean;
}

/**
 * Brings FILE.part to the published bytes.
 *
 * Where the server identifies no version the part may be of another one than its continuation. The proof tells, and then
 * everything is fetched anew.
 */
async function fetchWhole(wanted: Download): Promise<void> {
  const { url, path, proof } = wanted;
  const { start, isComplete, hasRanges } = await fetchPart(wanted);
  const reason = await flaw(partOf(path), proof);
  if (reason === undefined) return;
  if (!isComplete) {
    const again = hasRanges ? {} : undefined;
    throw new DownloadError(`${url}: the server ended without saying that this is all: ${reason}`, again);
  }
  await forget(path);
  if (start > 0) return fetchWhole(wanted);
  throw new DownloadError(`${url}: ${reason}; nothing was kept`);
}

/** Brings FILE.part to its full length, as far as the server tells it. */
async function fetchPart(wanted: Download): Promise<Arrival> {
  const { url, path, window } = wanted;
  const version = keptVersion(path);
  const start = (await sizeOf(partOf(path))) ?? 0;
  const range = { range: `bytes=${start}-`, ...(version !== undefined && { "if-range": version }) };
  const answer = await get(url, { window, ...(start > 0 && { headers: range }) });
  let arrival: Arrival | undefined;
  try {
    arrival = await receive(answer, wanted, start);
  } finally {
    answer.discard();
  }
  if (arrival) return arrival;
  await forget(path);
  return fetchPart(wanted);
}

/** @returns undefined if what there is from `start` on does not continue FILE.part */
async function receive(answer: Answer, wanted: Download, start: number): Promise<Arrival | undefined> {
  const { url, path } = wanted;
  if (answer.status === 200) {
    await forget(path);
    const version = versionHeader(answer);
    if (version !== undefined) await writeFile(versionOf(path), version);
    const length = answer.header("content-length");
    await store(answer, wanted, 0, length === undefined ? undefined : Number(length));
    const hasRanges = answer.header("accept-ranges") === "bytes";
    return { start: 0, isComplete: length !== undefined, hasRanges };
  }
  if (start === 0) {
    throw new DownloadError(`${url}: expected the whole file, the server answers ${answer.status}`);
  }
  const range = /^bytes (?:(\d+)-(\d+)|\*)\/(\d+|\*)$/.exec(answer.header("content-range") ?? "");
  const [, from, to, all] = range ?? [];
  if (answer.status === 416)
    return Number(all) === start ? { start, isComplete: true, hasRanges: true } : undefined;
  if (answer.status !== 206 || Number(from) !== start) return undefined;
  const total = all === "*" ? undefined : Number(all);
  await store(answer, wanted, start, total);
  return { start, isComplete: Number(to) + 1 === total, hasRanges: true };
}

/** A weak ETag promises equal meaning, not equal bytes. */
function versionHeader(answer: Answer): string | undefined {
  const tag = answer.header("etag");
  return tag !== undefined && !tag.startsWith("W/") ? tag : answer.header("last-modified");
}

/** Every piece is written as it comes: whatever ends this process or the connection, nothing that came is lost. */
async function store(
  { body }: Answer,
  { url, path, onProgress, most = mostWithoutLength }: Download,
  start: number,
  total: number | undefined,
): Promise<void> {
  let bytes = start;
  onProgress?.(bytes, total);
  const file = openSync(partOf(path), start > 0 ? "a" : "w");
  try {
    for await (const chunk of body) {
      if (total === undefined && bytes + chunk.length > most)
        throw new DownloadError(
          `${url}: expected at most ${most} bytes of a server that does not say how many there are, got more; remove ${partOf(path)} to start anew`,
        );
      for (let at = 0; at < chunk.length; ) at += writeSync(file, chunk, at);
      bytes += chunk.length;
      onProgress?.(bytes, total);
    }
  } finally {
    try {
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  }
}

/** Undefined if there is no such file. */
async function sizeOf(path: string): Promise<number | undefined> {
  try {
    const found = await stat(path);
    requireOnDisk(found);
    return found.size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** The nearest thing above `path` that is there, if it is no folder. */
async function notAFolder(path: string): Promise<string | undefined> {
  for (let at = dirname(path); ; at = dirname(at)) {
    const found = await stat(at).catch(() => undefined);
    if (found !== undefined) return found.isDirectory() ? undefined : at;
    if (dirname(at) === at) return undefined;
  }
}
