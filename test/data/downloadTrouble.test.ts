/** Servers and connections that misbehave: nothing that came is lost, no answer is endless, and what passes is waited for. */
import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { createServer, request as httpRequest } from "node:http";
import { type AddressInfo, createServer as createSocketServer, type Socket } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { catalogue, publishedChecksums } from "../../src/data/download/catalogue.ts";
import { download } from "../../src/data/download/download.ts";
import { main } from "../support/command.ts";
import { type FileServer, fileServer } from "../support/fileServer.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const bytes = Uint8Array.from({ length: 300_000 }, (_, k) => (k * k) >> 5);
const digest = createHash("md5").update(bytes).digest("hex");

let folder: string;
let server: FileServer;
let path: string;
let lines: string[];
beforeEach(async () => {
  folder = temporaryFolder(onTestFinished);
  server = await fileServer();
  path = join(folder, "set.h5.gz");
  lines = [];
});
afterEach(() => server.close());

type Served = Parameters<FileServer["files"]["set"]>[1];

/** The message without the changing port and folder, or "whole". */
async function get(served: Served, more: Partial<Parameters<typeof download>[0]> = {}): Promise<string> {
  server.files.set("set.h5.gz", served);
  const url = `${server.base}set.h5.gz`;
  const proof = { kind: "md5", digest } as const;
  const onRetry = (line: string) => lines.push(line.replace(server.base, ""));
  return plain(download({ url, path, proof, waits: [], onRetry, ...more }));
}

async function plain(work: Promise<unknown>): Promise<string> {
  const message = await work.then(
    () => "whole",
    (error: Error) => `${error.name}: ${error.message}`,
  );
  return message.replaceAll(server.base, "").replaceAll(`${folder}/`, "");
}

const kept = async () => (await readFile(`${path}.part`)).length;
const ranges = () => server.requests.map(({ range }) => range);

describe("a server that does not say how long a file is", () => {
  test("is believed where the checksum is right", async () => {
    expect(await get({ bytes, lengthless: true })).toBe("whole");
    expect(await readFile(path)).toEqual(Buffer.from(bytes));
  });

  test("may close at any byte, and the next call goes on there", async () => {
    const cut = bytes.subarray(0, 200_001);
    expect(await get({ bytes: cut, lengthless: true, etag: '"1"' })).toMatch(
      /^DownloadError: set\.h5\.gz: the server ended without saying that this is all: expected the MD5 /,
    );
    expect(await kept()).toBe(200_001);
    expect(await get({ bytes, etag: '"1"', ranges: true })).toBe("whole");
    expect(ranges()).toEqual([undefined, "bytes=200001-"]);
  });

  test("and knows parts is asked for the rest at once", async () => {
    const cut = { bytes: bytes.subarray(0, 200_001), lengthless: true, etag: '"1"', ranges: true };
    expect(await get({ ...cut, next: { bytes, etag: '"1"', ranges: true } }, { waits: [0] })).toBe("whole");
    expect(ranges()).toEqual([undefined, "bytes=200001-"]);
  });

  test("is not listened to for ever", async () => {
    expect(await get({ bytes, lengthless: true }, { most: 100_000 })).toBe(
      "DownloadError: set.h5.gz: expected at most 100000 bytes of a server that does not say how many there are, " +
        "got more; remove set.h5.gz.part to start anew",
    );
    expect(await kept()).toBeLessThanOrEqual(100_000);
  });
});

/** undici halts a connection whose bytes nobody takes, and throws where nobody can catch it when it is then closed. */
test("a connection is closed while much of it is not yet written", async () => {
  const many = Buffer.alloc(64 * 2 ** 20, 7);
  expect(await get({ bytes: many, lengthless: true })).toContain("the server ended without saying");
  expect(await kept()).toBe(many.length);
});

describe("what came is kept", () => {
  test.each([1, 1000, 100_000])("of a connection that breaks at byte %i", async (breakAfter) => {
    expect(await get({ bytes, breakAfter })).toBe("DownloadError: set.h5.gz: the connection broke");
    expect(await kept()).toBe(breakAfter);
  });

  test("of one that is closed in the moment in which it brought it", async () => {
    const base = await answering((socket) =>
      socket.end(`HTTP/1.1 200 OK\r\ncontent-length: 300000\r\n\r\n${"A".repeat(1000)}`),
    );
    const proof = { kind: "md5", digest } as const;
    expect(await plain(download({ url: `${base}set`, path, proof, waits: [] }))).toContain(
      "the connection broke",
    );
    expect(await kept()).toBe(1000);
  });
});

/** A server of sockets that says the same to all. */
async function answering(say: (socket: Socket) => void): Promise<string> {
  const raw = createSocketServer((socket) => {
    socket.on("error", () => {}).once("data", () => say(socket));
  });
  await new Promise<void>((done) => raw.listen(0, "127.0.0.1", done));
  onTestFinished(() => {
    raw.close();
  });
  return `http://127.0.0.1:${(raw.address() as AddressInfo).port}/`;
}

describe("another try", () => {
  const whole = { bytes, etag: '"1"', ranges: true };

  test("goes on where the connection broke, and a line says so", async () => {
    const next = { ...whole, breakAfter: 50_000, next: whole };
    expect(await get({ ...whole, breakAfter: 100_000, next }, { waits: [10, 20] })).toBe("whole");
    expect(ranges()).toEqual([undefined, "bytes=100000-", "bytes=150000-"]);
    expect(lines).toEqual([
      "set.h5.gz: the connection broke; trying again in 0.01 s (1 of 2)",
      "set.h5.gz: the connection broke; trying again in 0.02 s (2 of 2)",
    ]);
  });

  test.each([500, 502, 503, 504, 429, 408])("follows status %i", async (status) => {
    expect(await get({ bytes, status, next: whole }, { waits: [0] })).toBe("whole");
  });

  test.each([403, 404, 410])("does not follow status %i", async (status) => {
    expect(await get({ bytes, status, next: whole }, { waits: [0] })).toContain(`answers ${status}`);
    expect(lines).toEqual([]);
  });

  test("comes a stated number of times", async () => {
    expect(await get({ bytes, status: 503 }, { waits: [0, 0, 0] })).toBe(
      "DownloadError: set.h5.gz: the server answers 503 Service Unavailable (tried 4 times)",
    );
    expect(server.requests).toHaveLength(4);
  });

  test("waits as long as the server asks, but not for ever", async () => {
    const busy = { bytes, status: 429, headers: { "retry-after": "1" }, next: whole };
    expect(await get(busy, { waits: [0] })).toBe("whole");
    expect(lines[0]).toContain("429 Too Many Requests; trying again in 1 s (1 of 1)");
    path = join(folder, "another");
    expect(await get({ ...busy, headers: { "retry-after": "3600" } }, { waits: [0] })).toBe(
      "DownloadError: set.h5.gz: the server answers 429 Too Many Requests and asks to wait 3600 s",
    );
  });

  test("is made for the list of checksums too", async () => {
    const list = { bytes: Buffer.from(`${digest}  set.h5.gz\n`) };
    server.files.set("md5sums.txt", { bytes, status: 502, next: list });
    const found = await publishedChecksums(`${server.base}md5sums.txt`, { waits: [0] });
    expect([...found]).toEqual([["set.h5.gz", digest]]);
  });
});

describe("a connection is given up", () => {
  test("that brings a byte now and then", async () => {
    expect(await get({ bytes, drip: 20 }, { window: 500 })).toBe(
      "DownloadError: set.h5.gz: less than 1024 bytes a second came for 0.5 s",
    );
    expect(await kept()).toBeGreaterThan(0);
  });

  test("that brings nothing more", async () => {
    expect(await get({ bytes, stallAfter: 100_000 }, { window: 500 })).toMatch(/nothing came for 0\.5 s$/);
    expect(await kept()).toBe(100_000);
  });

  test("whose headers do not end", async () => {
    const base = await answering((socket) => {
      socket.write("HTTP/1.1 200 OK\r\nx: ");
      const timer = setInterval(() => socket.write("y"), 20);
      socket.on("close", () => clearInterval(timer));
    });
    const proof = { kind: "md5", digest } as const;
    const work = download({ url: `${base}set`, path, proof, waits: [], window: 500 });
    expect(await plain(work)).toMatch(/no answer for 0\.5 s$/);
  });
});

describe("a list of checksums", () => {
  const list = (content: string | Buffer) => {
    server.files.set("md5sums.txt", { bytes: Buffer.from(content), lengthless: true });
    return plain(publishedChecksums(`${server.base}md5sums.txt`, { waits: [] }));
  };

  test("has an end", async () => {
    expect(await list("x".repeat(2 ** 16 + 1))).toBe(
      "DownloadError: md5sums.txt: expected a list of at most 65536 bytes, got more",
    );
  });

  test("is UTF-8", async () => {
    expect(await list(Buffer.from(`${digest}  s\xe9t.h5\n`, "latin1"))).toBe(
      "DownloadError: md5sums.txt: expected a list of checksums: line 1 is not UTF-8, probably Windows-1252; save it as UTF-8",
    );
  });

  test("of nothing but blanks is soon seen through", async () => {
    expect(await list(`${digest}${" ".repeat(60_000)}\n`)).toContain("found none");
  });
});

test("a pipe in the place of a part is refused", async () => {
  execFileSync("mkfifo", [`${path}.part`]);
  expect(await get({ bytes })).toBe(
    "ConfigError: set.h5.gz: cannot be written: it is a pipe or a device; save it to a file first",
  );
});

describe("the command", () => {
  const names = catalogue.shd.files.map(({ local }) => local);

  function run(from: string, env: Record<string, string> = {}, options: readonly string[] = []) {
    const child = spawn(
      process.execPath,
      [main, "data", "get", "shd", "-o", folder, "--from", from, "--retries", "0", ...options],
      { env: { PATH: process.env["PATH"], ...env } },
    );
    const output = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const)
      child[name].on("data", (text) => {
        output[name] += text;
      });
    return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
      child.on("close", (code) => resolve({ code, ...output }));
    });
  }

  function serveShd(): void {
    for (const name of names) server.files.set(name, { bytes, headers: { "content-encoding": "gzip" } });
    server.files.set("md5sums.txt", {
      bytes: Buffer.from(names.map((name) => `${digest}  ${name}\n`).join("")),
    });
  }

  /** Of HTTP: asks for others what it is asked for, and says what that was. */
  async function proxy(): Promise<{ readonly address: string; readonly asked: string[] }> {
    const asked: string[] = [];
    const forwarding = createServer((request, response) => {
      asked.push(request.url!);
      const { host: _, ...headers } = request.headers;
      httpRequest(request.url!.replace("http://far.example/", server.base), { headers }, (answer) => {
        response.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(response);
      }).end();
    });
    await new Promise<void>((done) => forwarding.listen(0, "127.0.0.1", done));
    onTestFinished(() => {
      forwarding.close();
      forwarding.closeAllConnections();
    });
    return { address: `http://127.0.0.1:${(forwarding.address() as AddressInfo).port}`, asked };
  }

  test.each(["HTTP_PROXY", "http_proxy"])("asks the proxy in %s, byte for byte", async (variable) => {
    serveShd();
    server.files.set(names[0]!, { bytes, location: "http://far.example/moved" });
    server.files.set("moved", { bytes });
    const { address, asked } = await proxy();
    const { code, stderr } = await run("http://far.example/", { [variable]: address });
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.not.stringContaining("Warning") });
    expect(await readFile(join(folder, names[0]!))).toEqual(Buffer.from(bytes));
    expect(asked).toEqual(
      ["md5sums.txt", names[0], "moved", names[1]].map((name) => `http://far.example/${name}`),
    );
  });

  test("goes through the proxy to servers with TLS", async () => {
    const asked: string[] = [];
    const tunnel = createServer().on("connect", (request, socket) => {
      asked.push(request.url!);
      socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
    });
    await new Promise<void>((done) => tunnel.listen(0, "127.0.0.1", done));
    onTestFinished(() => {
      tunnel.close();
    });
    const address = `127.0.0.1:${(tunnel.address() as AddressInfo).port}`;
    const { code, stderr } = await run("https://far.example/", { HTTPS_PROXY: address });
    expect({ code, asked }).toEqual({ code: 1, asked: ["far.example:443"] });
    expect(stderr).toMatch(
      /\nerror: https:\/\/far\.example\/md5sums\.txt: .*403.*the environment names a proxy\)\n$/,
    );
  });

  test.each(["NO_PROXY", "no_proxy"])("goes directly where %s says so", async (variable) => {
    serveShd();
    const { address, asked } = await proxy();
    const { code } = await run(server.base, { HTTP_PROXY: address, [variable]: "127.0.0.1" });
    expect({ code, asked }).toEqual({ code: 0, asked: [] });
  });

  test("says that a proxy is none without telling its password", async () => {
    const { code, stderr } = await run(server.base, { HTTPS_PROXY: "socks5://me:secret@127.0.0.1:1" });
    expect(code).toBe(2);
    expect(stderr.split("\n")[1]).toBe(
      "error: HTTPS_PROXY: expected the address of a proxy, such as http://proxy.example:3128",
    );
  });

  test("sends nothing of the server's to the terminal that moves it", async () => {
    serveShd();
    folder = join(folder, "\x1b[31mred");
    await mkdir(folder);
    server.files.set(names[0]!, { bytes, location: `${server.base}%1b\x9b31m` });
    const { code, stderr, stdout } = await run(server.base);
    expect(code).toBe(1);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
    expect(stdout + stderr).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  });
});
