/** HTTP as downloads need it: bytes as they are on the server, redirects followed, failures as one line. */
import { STATUS_CODES } from "node:http";
import type { Readable } from "node:stream";
import { Agent, interceptors, request } from "undici";
import { version } from "../../base/version.ts";

/** A download could not be finished; the message is one line with the address and the reason. */
export class DownloadError extends Error {
  override readonly name = "DownloadError";
}

export interface Answer {
  readonly status: number;
  header(name: string): string | undefined;
  /** Its errors are one-line DownloadErrors too. It must be read or thrown away. */
  readonly body: AsyncGenerator<Buffer, undefined>;
  discard(): void;
}

const stalled = 60_000;
const agent = new Agent({
  headersTimeout: stalled,
  bodyTimeout: stalled,
  connectTimeout: 30_000,
}).compose(interceptors.redirect({ maxRedirections: 10 }));

/**
 * Not with `fetch`, which unpacks what a server declares packed: of a .gz file other bytes than the published ones would
 * arrive.
 *
 * @throws DownloadError no answer, or one that says that there is nothing to be had
 */
export async function get(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const own = { "user-agent": `goldspike/${version}`, "accept-encoding": "identity" };
  const answer = await request(url, { dispatcher: agent, headers: { ...own, ...headers } }).catch(
    (error: unknown) => {
      throw networkError(url, error);
    },
  );
  const { statusCode: status, body } = answer;
  // It may break before anybody reads it, and tells so again when it is read.
  body.on("error", () => {});
  const discard = () => {
    body.destroy();
  };
  if (status >= 400 && status !== 416) {
    discard();
    throw new DownloadError(`${url}: the server answers ${status} ${STATUS_CODES[status] ?? ""}`.trimEnd());
  }
  return {
    status,
    header: (name) => answer.headers[name]?.toString(),
    body: chunks(body, url),
    discard,
  };
}

async function* chunks(body: Readable, url: string): AsyncGenerator<Buffer, undefined> {
  try {
    yield* body as AsyncIterable<Buffer>;
  } catch (error) {
    throw networkError(url, error);
  }
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: "the connection was refused",
  ECONNRESET: "the connection broke",
  UND_ERR_SOCKET: "the connection broke",
  ENOTFOUND: "no such server, or no network",
  EAI_AGAIN: "no such server, or no network",
  UND_ERR_CONNECT_TIMEOUT: "no connection within 30 s",
  UND_ERR_HEADERS_TIMEOUT: "no answer for 60 s",
  UND_ERR_BODY_TIMEOUT: "nothing came for 60 s",
};

function networkError(url: string, error: unknown): DownloadError {
  const { code, message } = error as NodeJS.ErrnoException;
  const reason = reasons[code ?? ""] ?? (message.split("\n", 1)[0] || code);
  return new DownloadError(`${url}: ${reason}`);
}
