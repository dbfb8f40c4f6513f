/** A file as others can open it: .gz files are unpacked to the disk first, in pieces, because speech fills gigabytes. */
import { rmSync } from "node:fs";
import { type FileHandle, mkdtemp, open, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { onExit } from "signal-exit";
import { ConfigError } from "../../base/errors.ts";
import { cannotRead, cannotWrite, fileReason, requireOnDisk } from "../../base/files.ts";

export interface PlainFile {
  readonly path: string;
  /** Its size. */
  readonly bytes: number;
  /** Removes what was unpacked. It may be called twice, the first time as soon as a reader has opened the file. */
  remove(): void;
}

/**
 * The file itself, or its unpacked copy in the folder for temporary files (TMPDIR). zlib compares the checksum: a damaged
 * file is an error, not other data.
 *
 * @throws ConfigError one line if the file cannot be read or unpacked; nothing is left behind then, nor after Ctrl-C
 */
export async function plainFile(path: string): Promise<PlainFile> {
  const packed = await openForReading(path);
  try {
    const { size } = await packed.stat();
    return path.endsWith(".gz") ? await unpack(packed, size, path) : { path, bytes: size, remove: () => {} };
  } finally {
    await packed.close();
  }
}

async function openForReading(path: string): Promise<FileHandle> {
  let file: FileHandle | undefined;
  try {
    requireOnDisk(await stat(path));
    file = await open(path);
    // A folder can be opened, but not read.
    await file.read(Buffer.alloc(1), 0, 1, 0);
    return file;
  } catch (error) {
    await file?.close();
    throw cannotRead(path, error);
  }
}

/** Bytes that any file may unpack to, and what each of its own may add: spikes become a third, gzip's best is a thousandth. */
const [mostUnpacked, mostPerByte] = [64 * 2 ** 20, 50];

async function unpack(packed: FileHandle, size: number, source: string): Promise<PlainFile> {
  const folder = await mkdtemp(join(tmpdir(), "goldspike-")).catch((error: unknown) => {
    throw cannotWrite(tmpdir(), error);
  });
  const remove = () => removeFolder(folder);
  const forget = onExit(remove);
  const path = join(folder, "unpacked");
  const most = mostUnpacked + mostPerByte * size;
  let bytes = 0;
  async function* counted(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of pieces) {
      bytes += piece.length;
      if (bytes > most)
        throw new ConfigError(
          `${source}: expected at most ${most} bytes in ${size} that are packed, found more; if that is right, unpack it yourself`,
        );
      yield piece;
    }
  }
  try {
    const target = await open(path, "wx");
    await pipeline(
      packed.createReadStream({ start: 0, autoClose: false }),
      createGunzip(),
      counted,
      target.createWriteStream(),
    );
    return { path, bytes, remove };
  } catch (error) {
    remove();
    throw unpackError(error as NodeJS.ErrnoException, source);
  } finally {
    forget();
  }
}

function unpackError(error: NodeJS.ErrnoException, source: string): ConfigError {
  if (error instanceof ConfigError) return error;
  if (error.code?.startsWith("Z_"))
    return new ConfigError(`${source}: not a whole gzip file (${error.message})`);
  const way = "unpack it yourself, or set TMPDIR to another folder";
  return new ConfigError(`${source}: cannot be unpacked to ${tmpdir()}: ${fileReason(error)} (${way})`, {
    cause: error,
  });
}

/** Windows does not remove an open file: then the second call does. */
function removeFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch (error) {
    if (process.platform !== "win32") throw error;
  }
}
