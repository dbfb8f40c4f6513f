/** How a file is known to be whole. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { DownloadError, get } from "./request.ts";

export type Proof = { readonly kind: "md5"; readonly digest: string } | { readonly kind: "gzip" };

/** Why the file at `path` is not what was published, or undefined if it is. */
export async function flaw(path: string, proof: Proof): Promise<string | undefined> {
  if (proof.kind === "gzip") return gzipFlaw(path);
  const hash = createHash("md5");
  await pipeline(createReadStream(path), hash);
  const digest = hash.digest("hex");
  return digest === proof.digest ? undefined : `expected the MD5 checksum ${proof.digest}, got ${digest}`;
}

async function gzipFlaw(path: string): Promise<string | undefined> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  try {
    await pipeline(createReadStream(path), createGunzip(), nowhere);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code?.startsWith("Z_")) return `not a whole gzip file (${message})`;
    throw error;
  }
}

/**
 * The checksums in a publisher's list, by file name.
 *
 * @throws DownloadError
 */
export async function publishedChecksums(url: string): Promise<ReadonlyMap<string, string>> {
  const { body } = await get(url);
  const parts: Buffer[] = [];
  for await (const part of body) parts.push(part);
  const lines = Buffer.concat(parts)
    .toString()
    .matchAll(/^([0-9a-f]{32})\s+\*?(?:.*\/)?(\S+)\s*$/gim);
  const checksums = new Map([...lines].map(([, digest, name]) => [name!, digest!.toLowerCase()]));
  if (checksums.size === 0)
    throw new DownloadError(`${url}: expected lines of a checksum and a name, found none`);
  return checksums;
}
