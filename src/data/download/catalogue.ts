/** What can be downloaded, and what proves that its bytes are all there. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { utf8 } from "../../base/text.ts";
import { DownloadError, get } from "./request.ts";
import { type Patience, patiently } from "./retry.ts";

export interface PublishedSet {
  readonly title: string;
  readonly licence: string;
  /** Folder of the files on the publisher's server, with a slash at its end. */
  readonly base: string;
  readonly files: readonly PublishedFile[];
  /** File beside the others with a line `<md5>  <name>` for each. */
  readonly checksums?: string;
  /** What to know before using it. */
  readonly note?: string;
}

export interface PublishedFile {
  /** Its name on the server. */
  readonly remote: string;
  /** Its name on the disk. */
  readonly local: string;
}

export type SetName = "shd" | "ssc" | "fsdd";

/** The publisher's addresses also stand at compneuro.net/datasets/. */
const zenkeLab = {
  licence: "CC BY 4.0",
  base: "https://zenkelab.org/datasets/",
  checksums: "md5sums.txt",
} as const;

const fsddCommit = "26eb9aaf76e81b692f806f9140c2d2777410d7a1";

/**
 * SHD and SSC were published in more than one division into training and test; so their checksums are those that the
 * publisher states at the time of the download, not copies in here.
 *
 * GitHub makes FSDD's archive when it is asked for and states no checksum. Its address holds the commit, so that its
 * contents are fixed, and gzip's own checksum tells whether it arrived whole.
 */
export const catalogue: Readonly<Record<SetName, PublishedSet>> = {
  shd: {
    ...zenkeLab,
    title: "Spiking Heidelberg Digits (Cramer et al. 2022)",
    files: same("shd_train.h5.gz", "shd_test.h5.gz"),
  },
  ssc: {
    ...zenkeLab,
    title: "Spiking Speech Commands (Cramer et al. 2022)",
    files: same("ssc_train.h5.gz", "ssc_valid.h5.gz", "ssc_test.h5.gz"),
  },
  fsdd: {
    title: "Free Spoken Digit Dataset (Jackson et al.)",
    licence: "CC BY-SA 4.0",
    base: "https://github.com/Jakobovski/free-spoken-digit-dataset/archive/",
    files: [{ remote: `${fsddCommit}.tar.gz`, local: `fsdd_${fsddCommit.slice(0, 8)}.tar.gz` }],
    note: "It holds sound (WAV), while training needs spikes (.h5): convert it first",
  },
};

function same(...names: string[]): PublishedFile[] {
  return names.map((name) => ({ remote: name, local: name }));
}

/** How a file is known to be whole. */
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
    return undefined;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code?.startsWith("Z_")) return `not a whole gzip file (${message})`;
    throw error;
  }
}

/** Bytes; a publisher's list has a few lines. */
const longestList = 2 ** 16;

/**
 * The checksums in a publisher's list, by file name.
 *
 * @throws DownloadError the server or the connection failed, or what came is no such list
 */
export async function publishedChecksums(
  url: string,
  patience: Patience = {},
): Promise<ReadonlyMap<string, string>> {
  const text = await patiently(() => listAt(url, patience), patience);
  const checksums = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [, digest, path] = /^([0-9a-f]{32})[ \t]+\*?(\S+)\s*$/i.exec(line) ?? [];
    if (digest && path) checksums.set(path.slice(path.lastIndexOf("/") + 1), digest.toLowerCase());
  }
  if (checksums.size === 0)
    throw new DownloadError(`${url}: expected lines of a checksum and a name, found none`);
  return checksums;
}

async function listAt(url: string, { window }: Patience): Promise<string> {
  const { body, discard } = await get(url, { window });
  try {
    const parts: Buffer[] = [];
    let bytes = 0;
    for await (const part of body) {
      parts.push(part);
      bytes += part.length;
      if (bytes > longestList)
        throw new DownloadError(`${url}: expected a list of at most ${longestList} bytes, got more`);
    }
    return utf8(Buffer.concat(parts));
  } catch (error) {
    if (error instanceof DownloadError) throw error;
    throw new DownloadError(`${url}: expected a list of checksums: ${(error as Error).message}`);
  } finally {
    discard();
  }
}
