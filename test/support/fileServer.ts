/** A small HTTP server on 127.0.0.1 that can misbehave, and keeps the requests it got. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

interface Served {
  readonly bytes: Uint8Array;
  readonly etag?: string;
  /** Whether parts of the file can be asked for. */
  readonly ranges?: boolean;
  /** The connection breaks when so many bytes are sent. */
  readonly breakAfter?: number;
  /** The connection stays open without another byte when so many are sent. */
  readonly stallAfter?: number;
  /** The address to go to instead. */
  readonly location?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Instead of the file. */
  readonly status?: number;
  /** Nothing says how many bytes there are: the connection is closed behind the last one. */
  readonly lengthless?: boolean;
  /** A byte comes every so many ms. */
  readonly drip?: number;
  /** What is served from the second request on. */
  readonly next?: Served;
}

export interface FileServer {
  readonly base: string;
  /** By name; may be changed between requests. */
  readonly files: Map<string, Served>;
  readonly requests: { readonly name: string; readonly range: string | undefined }[];
  close(): Promise<void>;
}

export async function fileServer(): Promise<FileServer> {
  const files = new Map<string, Served>();
  const requests: FileServer["requests"] = [];
  const server = createServer((request, response) => {
    const name = request.url!.slice(1);
    requests.push({ name, range: request.headers.range });
    const served = files.get(name);
    if (served === undefined) response.writeHead(404).end();
    else answer(served, request, response);
    if (served?.next !== undefined) files.set(name, served.next);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    files,
    requests,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

function answer(served: Served, request: IncomingMessage, response: ServerResponse): void {
  const { bytes, etag, location, status } = served;
  if (status !== undefined) {
    response.writeHead(status, served.headers).end();
    return;
  }
  if (location !== undefined) {
    response.writeHead(302, { location }).end();
    return;
  }
  const asked = served.ranges ? /^bytes=(\d+)-$/.exec(request.headers.range ?? "") : null;
  const condition = request.headers["if-range"];
  const from =
    asked !== null && (condition === undefined || condition === etag) ? Number(asked[1]) : undefined;
  if (from !== undefined && from >= bytes.length) {
    response.writeHead(416, { "content-range": `bytes */${bytes.length}` }).end();
    return;
  }
  const body = bytes.subarray(from ?? 0);
  if (served.lengthless) {
    response.useChunkedEncodingByDefault = false;
    response.shouldKeepAlive = false;
  }
  response.writeHead(from === undefined ? 200 : 206, {
    ...(!served.lengthless && { "content-length": body.length }),
    ...(served.ranges && { "accept-ranges": "bytes" }),
    ...(etag !== undefined && { etag }),
    ...(from !== undefined && { "content-range": `bytes ${from}-${bytes.length - 1}/${bytes.length}` }),
    ...served.headers,
  });
  const { breakAfter, stallAfter, drip } = served;
  if (drip !== undefined) {
    let at = 0;
    const timer = setInterval(() => response.write(body.subarray(at, ++at)), drip);
    response.on("close", () => clearInterval(timer));
  } else if (breakAfter !== undefined) {
    response.write(body.subarray(0, breakAfter), () => setTimeout(() => response.destroy(), 100));
  } else if (stallAfter !== undefined) response.write(body.subarray(0, stallAfter));
  else response.end(body);
}
