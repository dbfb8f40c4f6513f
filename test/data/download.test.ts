/** A file has its name only when all published bytes are in it; a broken download goes on where it was. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { ConfigError } from "../../src/base/errors.ts";
import { catalogue, type Proof, publishedChecksums } from "../../src/data/download/catalogue.ts";
import { download } from "../../src/data/download/download.ts";
import { DownloadError } from "../../src/data/download/request.ts";
import { type FileServer, fileServer } from "../support/fileServer.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const bytes = Uint8Array.from({ length: 300_000 }, (_, k) => (k * k) >> 5);
const md5 = (data: Uint8Array): string => createHash("md5").update(data).digest("hex");
const proof: Proof = { kind: "md5", digest: md5(bytes) };

let folder: string;
let server: FileServer;
let path: string;
beforeEach(async () => {
  folder = temporaryFolder(onTestFinished);
  server = await fileServer();
  path = join(folder, "set.h5.gz");
});
afterEach(async () => {
  await server.close();
});

/** In one try, if `more` does not say otherwise. */
function get(by: Proof = proof, more: Partial<Parameters<typeof download>[0]> = {}): Promise<boolean> {
  return download({ url: `${server.base}set.h5.gz`, path, proof: by, waits: [], ...more });
}

/** The message of the one-line error of this class, without the changing port and folder. */
async function complaint(result: Promise<unknown>, kind: typeof DownloadError | typeof ConfigError) {
  const error: unknown = await result.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(kind);
  const { message } = error as Error;
  expect(message).not.toContain("\n");
  return message.replaceAll(server.base, "http://server/").replaceAll(`${folder}/`, "");
}

const ranges = () => server.requests.map(({ range }) => range);

describe("a download", () => {
  test("is there whole, alone, and not fetched twice", async () => {
    server.files.set("set.h5.gz", { bytes, etag: '"1"' });
    const seen: (number | undefined)[][] = [];
    const url = `${server.base}set.h5.gz`;
    expect(await download({ url, path, proof, onProgress: (...numbers) => seen.push(numbers) })).toBe(false);
    expect(md5(await readFile(path))).toBe(md5(bytes));
    expect(await readdir(folder)).toEqual(["set.h5.gz"]);
    expect(seen[0]).toEqual([0, bytes.length]);
    expect(seen.at(-1)).toEqual([bytes.length, bytes.length]);
    expect(await get()).toBe(true);
    expect(server.requests).toHaveLength(1);
  });

  test("makes its folder and follows redirects", async () => {
    server.files.set("set.h5.gz", { bytes, location: `${server.base}elsewhere` });
    server.files.set("elsewhere", { bytes });
    path = join(folder, "new", "folder", "set.h5.gz");
    await get();
    expect(md5(await readFile(path))).toBe(md5(bytes));
  });

  test("keeps the bytes of a file that the server declares to be packed", async () => {
    const packed = gzipSync(bytes);
    server.files.set("set.h5.gz", { bytes: packed, headers: { "content-encoding": "x-gzip" } });
    await get({ kind: "md5", digest: md5(packed) });
    expect(md5(await readFile(path))).toBe(md5(packed));
  });
});

describe("after a break", () => {
  async function broken(etag: string): Promise<void> {
    server.files.set("set.h5.gz", { bytes, etag, ranges: true, breakAfter: 100_000 });
    expect(await complaint(get(), DownloadError)).toBe("http://server/set.h5.gz: the connection broke");
    expect(existsSync(path)).toBe(false);
  }

  test("only the rest is asked for", async () => {
    await broken('"1"');
    const kept = (await readFile(`${path}.part`)).length;
    expect(kept).toBeGreaterThan(0);
    server.files.set("set.h5.gz", { bytes, etag: '"1"', ranges: true });
    await get();
    expect(ranges()).toEqual([undefined, `bytes=${kept}-`]);
    expect(md5(await readFile(path))).toBe(md5(bytes));
    expect(await readdir(folder)).toEqual(["set.h5.gz"]);
  });

  test("a file that has changed on the server is fetched anew", async () => {
    await broken('"1"');
    const changed = bytes.map((byte) => byte ^ 1);
    server.files.set("set.h5.gz", { bytes: changed, etag: '"2"', ranges: true });
    await get({ kind: "md5", digest: md5(changed) });
    expect(md5(await readFile(path))).toBe(md5(changed));
  });

  test("a server that knows no parts sends everything again", async () => {
    await broken('"1"');
    server.files.set("set.h5.gz", { bytes, etag: '"1"' });
    await get();
    expect(md5(await readFile(path))).toBe(md5(bytes));
  });

  describe.each([{ etag: 'W/"1"' }, {}])("without a strong version (%o)", (version) => {
    beforeEach(async () => {
      server.files.set("set.h5.gz", { bytes, ranges: true, breakAfter: 100_000, ...version });
      await complaint(get(), DownloadError);
      expect((await readFile(`${path}.part`)).length).toBe(100_000);
    });

    test("only the rest is asked for, and the checksum tells whether it fits", async () => {
      server.files.set("set.h5.gz", { bytes, ranges: true, ...version });
      await get();
      expect(ranges()).toEqual([undefined, "bytes=100000-"]);
      expect(md5(await readFile(path))).toBe(md5(bytes));
    });

    test("halves that do not fit are fetched anew", async () => {
      const changed = bytes.map((byte) => byte ^ 1);
      server.files.set("set.h5.gz", { bytes: changed, ranges: true, ...version });
      await get({ kind: "md5", digest: md5(changed) });
      expect(ranges()).toEqual([undefined, "bytes=100000-", undefined]);
      expect(md5(await readFile(path))).toBe(md5(changed));
    });
  });

  test("a part that is all there needs no more bytes", async () => {
    server.files.set("set.h5.gz", { bytes, etag: '"1"', ranges: true });
    await writeFile(`${path}.part`, bytes);
    await writeFile(`${path}.part.version`, '"1"');
    await get();
    expect(md5(await readFile(path))).toBe(md5(bytes));
  });

  test("a part that is longer than the file is thrown away", async () => {
    server.files.set("set.h5.gz", { bytes, etag: '"1"', ranges: true });
    await writeFile(`${path}.part`, Buffer.concat([bytes, bytes]));
    await writeFile(`${path}.part.version`, '"1"');
    await get();
    expect(md5(await readFile(path))).toBe(md5(bytes));
  });
});

describe("nothing is left under the file's name", () => {
  test("with another checksum, nor anything else", async () => {
    server.files.set("set.h5.gz", { bytes: bytes.map((byte) => byte ^ 1), etag: '"1"' });
    expect(await complaint(get(), DownloadError)).toMatch(
      /^http:\/\/server\/set\.h5\.gz: expected the MD5 checksum [0-9a-f]{32}, got [0-9a-f]{32}; nothing was kept$/,
    );
    expect(await readdir(folder)).toEqual([]);
  });

  test("of an archive that is cut", async () => {
    const packed = gzipSync(bytes);
    server.files.set("set.h5.gz", { bytes: packed.subarray(0, -9) });
    expect(await complaint(get({ kind: "gzip" }), DownloadError)).toMatch(/: not a whole gzip file \(.+\); /);
    expect(await readdir(folder)).toEqual([]);
    server.files.set("set.h5.gz", { bytes: packed });
    expect(await get({ kind: "gzip" })).toBe(false);
    expect(await readdir(folder)).toEqual(["set.h5.gz"]);
  });

  test("that is not on the server", async () => {
    expect(await complaint(get(), DownloadError)).toBe(
      "http://server/set.h5.gz: the server answers 404 Not Found",
    );
    expect(await readdir(folder)).toEqual([]);
  });

  test("from a server that is not there", async () => {
    const { base } = server;
    await server.close();
    const wanted = download({ url: `${base}set.h5.gz`, path, proof });
    expect(await complaint(wanted, DownloadError)).toBe(
      "http://server/set.h5.gz: the connection was refused",
    );
    server = await fileServer();
  });
});

describe("the disk", () => {
  test("a file with other contents is not replaced", async () => {
    await writeFile(path, "mine");
    expect(await complaint(get(), ConfigError)).toMatch(
      /^set\.h5\.gz: expected the MD5 checksum .+; remove it to download it again$/,
    );
    expect(await readFile(path, "utf8")).toBe("mine");
    expect(server.requests).toHaveLength(0);
  });

  test("a folder that cannot be made is one line", async () => {
    server.files.set("set.h5.gz", { bytes });
    await writeFile(join(folder, "file"), "");
    path = join(folder, "file", "set.h5.gz");
    expect(await complaint(get(), ConfigError)).toBe(
      `file/set.h5.gz: cannot be written: file is not a folder`,
    );
  });

  test("a part that cannot be written is one line", async () => {
    server.files.set("set.h5.gz", { bytes });
    await mkdir(`${path}.part`);
    expect(await complaint(get(), ConfigError)).toMatch(/^set\.h5\.gz: cannot be written: /);
  });
});

describe("a list of checksums", () => {
  test("is read in the forms that md5sum writes", async () => {
    const digest = md5(bytes);
    server.files.set("md5sums.txt", {
      bytes: Buffer.from(`${digest}  a.h5.gz\r\n${digest.toUpperCase()} *./b.h5.gz\n\nsome words\n`),
    });
    const checksums = await publishedChecksums(`${server.base}md5sums.txt`);
    expect([...checksums]).toEqual([
      ["a.h5.gz", digest],
      ["b.h5.gz", digest],
    ]);
  });

  test("without any is one line", async () => {
    server.files.set("md5sums.txt", { bytes: Buffer.from("<html>Not here any more</html>") });
    expect(await complaint(publishedChecksums(`${server.base}md5sums.txt`), DownloadError)).toBe(
      "http://server/md5sums.txt: expected lines of a checksum and a name, found none",
    );
  });
});

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

describe("the command", () => {
  const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
  const names = catalogue.shd.files.map(({ local }) => local);

  function serveShd(first: object = {}): void {
    names.forEach((name, k) => {
      server.files.set(name, { bytes, etag: '"1"', ranges: true, ...(k === 0 && first) });
    });
    const lines = names.map((name) => `${md5(bytes)}  ${name}\n`);
    server.files.set("md5sums.txt", { bytes: Buffer.from(lines.join("")) });
  }

  function start(set = "shd", options: readonly string[] = []) {
    const args = [main, "data", "get", set, "-o", folder, "--from", server.base, ...options];
    const child = spawn(process.execPath, args);
    const output = { stdout: "", stderr: "" };
    child.stdout.on("data", (text) => {
      output.stdout += text;
    });
    child.stderr.on("data", (text) => {
      output.stderr += text;
    });
    const ended = new Promise<Ended>((resolve) => {
      child.on("close", (code) => resolve({ code, ...output }));
    });
    return { child, ended };
  }

  test("prints the files' paths, and finds them at the second call", async () => {
    serveShd();
    const paths = names.map((name) => join(folder, name));
    const first = await start().ended;
    expect(first).toMatchObject({ code: 0, stdout: `${paths.join("\n")}\n` });
    expect(first.stderr).toContain(`${paths[0]}: 0.3 MB, whole`);
    expect((await readdir(folder)).sort()).toEqual([...names].sort());
    const second = await start().ended;
    expect(second).toMatchObject({ code: 0, stdout: first.stdout });
    expect(second.stderr).toContain(`${paths[1]}: 0.3 MB, already there and whole`);
  });

  test("gets an archive without a published checksum, and says that it cannot be trained with", async () => {
    const [file] = catalogue.fsdd.files;
    server.files.set(file!.remote, { bytes: gzipSync(bytes) });
    const { code, stdout, stderr } = await start("fsdd").ended;
    expect(stderr).toContain("sound (WAV), while training needs spikes (.h5): convert it first");
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${join(folder, file!.local)}\n` });
  });

  test("says what failed in one line and exits with 1", async () => {
    serveShd({ breakAfter: 1000 });
    const { code, stdout, stderr } = await start("shd", ["--retries", "0"]).ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr.split("\n")[1]).toBe(
      `error: ${server.base}${names[0]}: the connection broke; ` +
        `the same command continues from ${join(folder, names[0]!)}.part`,
    );
  });

  test("does not download what no checksum is published for", async () => {
    serveShd();
    server.files.set("md5sums.txt", { bytes: Buffer.from(`${md5(bytes)}  ${names[0]}\n`) });
    const { code, stderr } = await start().ended;
    expect(code).toBe(1);
    expect(stderr).toContain(`md5sums.txt: expected a line for ${names[1]}, found none`);
    expect(await readdir(folder)).toEqual([]);
  });

  test.each(["SIGKILL", "SIGINT", "SIGTERM"] as const)("may be ended by %s and goes on", async (signal) => {
    serveShd({ stallAfter: 100_000 });
    const { child, ended } = start();
    const part = join(folder, `${names[0]}.part`);
    await expect
      .poll(async () => (await readFile(part).catch(() => "")).length, { timeout: 600_000 })
      .toBe(100_000);
    child.kill(signal);
    const { stderr } = await ended;
    expect(child.signalCode).toBe(signal);
    if (signal !== "SIGKILL") expect(stderr).toContain(`stopped; the same command continues from ${part}\n`);
    expect((await readdir(folder)).sort()).toEqual([`${names[0]}.part`, `${names[0]}.part.version`]);
    serveShd();
    expect((await start().ended).code).toBe(0);
    expect(ranges()).toContain("bytes=100000-");
    expect((await readdir(folder)).sort()).toEqual([...names].sort());
  });
});
