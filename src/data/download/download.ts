/**
 * Downloads that can break at any point. Bytes go to FILE.part and get FILE's name when they are all there, proved and
 * flushed to the disk; what a broken download left is continued by the next one.
 */
import { createWriteStream } from "node:fs";
import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import { ConfigError } from "../../base/errors.ts";
import { fileReason } from "../../base/files.ts";
import { flaw, type Proof } from "./catalogue.ts";
import { type Answer, DownloadError, get } from "./request.ts";

interface Download {
  readonly url: string;
  readonly path: string;
  readonly proof: Proof;
  /** Called with the bytes that are there, and with all there will be if the server says so. */
  onProgress?(bytes: number, total: number | undefined): void;
}

/**
 * @returns whether the file was there before, whole, so that nothing was downloaded
 * @throws DownloadError the server or the connection failed, or other bytes came than were published
 * @throws ConfigError the disk failed, or the file is there with other contents
 */
export async function download(wanted: Download): Promise<boolean> {
  const { url, path, proof } = wanted;
  try {
    if ((await sizeOf(path)) !== undefined) {
      const reason = await flaw(path, proof);
      if (reason === undefined) return true;
      throw new ConfigError(`${path}: ${reason}; remove it to download it again`);
    }
    await mkdir(dirname(path), { recursive: true });
    await fetchPart(wanted);
    const reason = await flaw(partOf(path), proof);
    if (reason !== undefined) {
      await forget(path);
      throw new DownloadError(`${url}: ${reason}; nothing was kept`);
    }
    await rename(partOf(path), path);
    await forget(path);
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

async function forget(path: string): Promise<void> {
  for (const file of [partOf(path), versionOf(path)]) await rm(file, { force: true });
}

/** Brings FILE.part to its full length. */
async function fetchPart(wanted: Download): Promise<void> {
  const { url, path } = wanted;
  const version = await readFile(versionOf(path), "utf8").catch(() => undefined);
  // Without it the two halves could be of different versions.
  const start = version === undefined ? 0 : ((await sizeOf(partOf(path))) ?? 0);
  const answer = await get(url, start > 0 ? { range: `bytes=${start}-`, "if-range": version! } : {});
  let fits: boolean;
  try {
    fits = await receive(answer, wanted, start);
  } finally {
    answer.discard();
  }
  if (fits) return;
  await forget(path);
  await fetchPart(wanted);
}

/** @returns false if what there is from `start` on does not continue FILE.part */
async function receive(answer: Answer, wanted: Download, start: number): Promise<boolean> {
  const { url, path } = wanted;
  if (answer.status === 200) {
    await forget(path);
    const version = versionHeader(answer);
    if (version !== undefined) await writeFile(versionOf(path), version);
    const length = answer.header("content-length");
    await store(answer, wanted, 0, length === undefined ? undefined : Number(length));
    return true;
  }
  if (start === 0) {
    throw new DownloadError(`${url}: expected the whole file, the server answers ${answer.status}`);
  }
  const range = /^bytes (?:(\d+)-\d+|\*)\/(\d+)$/.exec(answer.header("content-range") ?? "");
  if (answer.status === 416) return Number(range?.[2]) === start;
  if (answer.status !== 206 || Number(range?.[1]) !== start) return false;
  await store(answer, wanted, start, Number(range![2]));
  return true;
}

/** A weak ETag promises equal meaning, not equal bytes. */
function versionHeader(answer: Answer): string | undefined {
  const tag = answer.header("etag");
  return tag !== undefined && !tag.startsWith("W/") ? tag : answer.header("last-modified");
}

async function store(
  answer: Answer,
  { path, onProgress }: Download,
  start: number,
  total: number | undefined,
): Promise<void> {
  let bytes = start;
  let failure: unknown;
  const counted = async function* () {
    try {
      for await (const chunk of answer.body) {
        bytes += chunk.length;
        onProgress?.(bytes, total);
        yield chunk;
      }
    } catch (error) {
      // The file is closed as if this were all, since a failed stream would forget what it has not written yet.
      failure = error;
    }
  };
  onProgress?.(bytes, total);
  const file = createWriteStream(partOf(path), { flags: start > 0 ? "a" : "w", flush: true });
  await pipeline(counted, file);
  if (failure !== undefined) throw failure;
}

/** Undefined if there is no such file. */
async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
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
