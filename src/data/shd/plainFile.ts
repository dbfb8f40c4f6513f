/** A file as others can open it: .gz files are unpacked to the disk first, in pieces, because speech fills gigabytes. */
import { rmSync } from "node:fs";
import { type FileHandle, mkdtemp, open, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { onExit } from "signal-exit";
import { ConfigError } from "../../base/errors.ts";
import { fileReason, requireOnDisk } from "../../base/files.ts";

interface PlainFile {
  readonly path: string;
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
    return path.endsWith(".gz") ? await unpack(packed, path) : { path, remove: () => {} };
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
    throw new ConfigError(`${path}: cannot be read: ${fileReason(error)}`);
  }
}

async function unpack(packed: FileHandle, source: string): Promise<PlainFile> {
  const folder = await mkdtemp(join(tmpdir(), "goldspike-")).catch((error: unknown) => {
    throw new ConfigError(`${tmpdir()}: cannot be written: ${fileReason(error)}`);
  });
  const remove = () => removeFolder(folder);
  const forget = onExit(remove);
  const path = join(folder, "unpacked");
  try {
    const target = await open(path, "wx");
    await pipeline(
      packed.createReadStream({ start: 0, autoClose: false }),
      createGunzip(),
      target.createWriteStream(),
    );
    return { path, remove };
  } catch (error) {
    remove();
    throw unpackError(error as NodeJS.ErrnoException, source);
  } finally {
    forget();
  }
}

function unpackError(error: NodeJS.ErrnoException, source: string): ConfigError {
  if (error.code?.startsWith("Z_"))
    return new ConfigError(`${source}: not a whole gzip file (${error.message})`);
  const way = "unpack it yourself, or set TMPDIR to another folder";
  return new ConfigError(`${source}: cannot be unpacked to ${tmpdir()}: ${fileReason(error)} (${way})`);
}

/** Windows does not remove an open file: then the second call does. */
function removeFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch (error) {
    if (process.platform !== "win32") throw error;
  }
}
