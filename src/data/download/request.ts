/** HTTP as downloads need it: bytes as they are on the server, redirects followed, failures as one line. */
import { STATUS_CODES } from "node:http";
import type { Readable } from "node:stream";
import { request } from "undici";
import { version } from "../../base/version.ts";
import { isProxied, mostRedirects, network } from "./network.ts";

/** A download could not be finished; the message is one line with the address and the reason. */
export class DownloadError extends Error {
  override readonly name = "DownloadError";
  /** Absent where another try would end alike. */
  readonly again: Again | undefined;

  constructor(message: string, again?: Again) {
    super(message);
    this.again = again;
  }
}

/** That another try may help. */
interface Again {
  /** ms that the server asks to wait before. */
  readonly wait?: number | undefined;
}

export interface Answer {
  readonly status: number;
  header(name: string): string | undefined;
  /** Its errors are one-line DownloadErrors too. It must be read or thrown away. */
  readonly body: AsyncGenerator<Buffer, undefined>;
  discard(): void;
}

/** ms without an answer, and in which too few bytes of it come, after which a connection is given up. */
const stalled = 60_000;
/** Bytes a second, as a mean of such a time, that a connection must bring. */
const leastRate = 1024;

/** Of the bytes that wait in memory to be read, so many that undici never halts a connection. */
const neverPaused = 2 ** 30;

interface Wish {
  readonly headers?: Readonly<Record<string, string>>;
  /** In place of `stalled`, ms. */
  readonly window?: number | undefined;
}

/**
 * Not with `fetch`, which unpacks what a server declares packed: of a .gz file other bytes than the published ones would
 * arrive.
 *
 * undici throws where nobody can catch it if a server closes a connection that is halted, as it does to end an answer
 * without a length. So none is halted, and who reads must not wait for anything but the next bytes.
 *
 * @throws DownloadError no answer, or one that says that there is nothing to be had
 * @throws ConfigError a proxy in the environment is none
 */
export async function get(url: string, { headers = {}, window = stalled }: Wish = {}): Promise<Answer> {
  const own = { "user-agent": `goldspike/${version}`, "accept-encoding": "identity" };
  const dispatcher = network();
  // A server could send its headers a byte at a time.
  const overdue = new AbortController();
  const timer = setTimeout(() => overdue.abort(coded("UND_ERR_HEADERS_TIMEOUT")), 2 * window);
  const answer = await request(url, {
    dispatcher,
    headers: { ...own, ...headers },
    headersTimeout: window,
    bodyTimeout: 0,
    highWaterMark: neverPaused,
    signal: overdue.signal,
  })
    .catch((error: unknown) => {
      throw networkError(url, error, window);
    })
    .finally(() => clearTimeout(timer));
  const { statusCode: status, body } = answer;
  const coming = chunks(body, url, window);
  const discard = () => {
    body.destroy();
  };
  const header = (name: string) => answer.headers[name]?.toString();
  if (status >= 300 && status !== 416) {
    discard();
    throw refusal(url, status, header("retry-after"));
  }
  return { status, header, body: coming, discard };
}

/** What a server refuses for now may be had later. */
function refusal(url: string, status: number, retryAfter: string | undefined): DownloadError {
  const redirected = status < 400 ? `, also after ${mostRedirects} redirects` : "";
  const reason = `${url}: the server answers ${`${status} ${STATUS_CODES[status] ?? ""}`.trimEnd()}${redirected}`;
  const isTemporary = status >= 500 || status === 429 || status === 408;
  return new DownloadError(reason, isTemporary ? { wait: waitOf(retryAfter) } : undefined);
}

/** Seconds, or when. */
function waitOf(retryAfter: string | undefined): number | undefined {
  if (retryAfter === undefined) return undefined;
  const wait = /^\d+$/.test(retryAfter) ? 1000 * Number(retryAfter) : Date.parse(retryAfter) - Date.now();
  return wait >= 0 ? wait : undefined;
}

/** What comes, in order, and then how it ended. It is taken at once: a stream that breaks forgets what nobody has read. */
function chunks(body: Readable, url: string, window: number): AsyncGenerator<Buffer, undefined> {
  const waiting: Buffer[] = [];
  let fresh = 0;
  let end: { readonly failure?: Error } | undefined;
  let wake = () => {};
  const watch = setInterval(() => {
    if (fresh < (leastRate * window) / 1000) body.destroy(coded(fresh === 0 ? "SILENT" : "SLOW"));
    fresh = 0;
  }, window);
  const finish = (failure?: Error) => {
    clearInterval(watch);
    end ??= failure ? { failure: networkError(url, failure, window) } : {};
    wake();
  };
  body
    .on("data", (chunk: Buffer) => {
      waiting.push(chunk);
      fresh += chunk.length;
      wake();
    })
    .on("error", finish)
    .on("end", () => finish())
    .on("close", () => finish());
  async function* read(): AsyncGenerator<Buffer, undefined> {
    for (;;) {
      for (let chunk = waiting.shift(); chunk !== undefined; chunk = waiting.shift()) yield chunk;
      if (end?.failure) throw end.failure;
      if (end) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
  return read();
}

function coded(code: string): Error {
  return Object.assign(new Error(code), { code });
}

type Reason = (seconds: number) => string;

/** Where another try may help. */
const passing: Readonly<Record<string, Reason>> = {
  ECONNRESET: () => "the connection broke",
  EPIPE: () => "the connection broke",
  UND_ERR_SOCKET: () => "the connection broke",
  EAI_AGAIN: () => "no such server, or no network",
  ENETUNREACH: () => "no network",
  EHOSTUNREACH: () => "the server cannot be reached",
  ETIMEDOUT: () => "no connection",
  UND_ERR_CONNECT_TIMEOUT: () => "no connection within 30 s",
  UND_ERR_HEADERS_TIMEOUT: (seconds) => `no answer for ${seconds} s`,
  SILENT: (seconds) => `nothing came for ${seconds} s`,
  SLOW: (seconds) => `less than ${leastRate} bytes a second came for ${seconds} s`,
};

const lasting: Readonly<Record<string, Reason>> = {
  ECONNREFUSED: () => "the connection was refused",
  ENOTFOUND: () => "no such server, or no network",
};

function networkError(url: string, error: unknown, window: number): DownloadError {
  const { code = "", message } = error as NodeJS.ErrnoException;
  const reason = (passing[code] ?? lasting[code])?.(window / 1000) ?? (message.split("\n", 1)[0] || code);
  const proxied = isProxied() ? " (the environment names a proxy)" : "";
  return new DownloadError(`${url}: ${reason}${proxied}`, code in passing ? {} : undefined);
}
