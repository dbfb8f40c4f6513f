/**
 * A backend that is started once and asked for one case after another: a line of JSON each way. Whatever it does but answer
 * the request that is under way is a verdict on that case, and the next one meets a fresh process.
 */
import { ConfigError } from "../../base/errors.ts";
import { plainLine, visible } from "../../base/visible.ts";
import { type Group, type Limits, type Log, logTo, startGroup, Tail, watchLimits } from "./group.ts";
import { type Backend, type Folders, type Outcome, outcomeStatuses, overText } from "./outcome.ts";
import { tellingLine } from "./tellingLine.ts";

export interface WorkerLimits extends Limits {
  /** Of the first request to each process: programs compile. */
  readonly firstSeconds: number;
}

/** @param onRemark called with a line about what a worker did when nothing was asked of it */
export function worker(
  command: string,
  args: readonly string[],
  { firstSeconds, ...usual }: WorkerLimits,
  onRemark: (line: string) => void,
): Backend {
  let process: WorkerProcess | undefined;
  const end = () => {
    process?.end();
    process = undefined;
  };
  return {
    async answer(folders) {
      if (process?.isStale()) {
        const why = process.strayLine();
        if (why !== undefined) onRemark(`${command}: ${why}; it is started anew`);
        end();
      }
      const isFirst = process === undefined;
      process ??= new WorkerProcess(command, args);
      const limits = isFirst ? { ...usual, seconds: firstSeconds } : usual;
      const asked = process;
      const { outcome, goesOn } = await asked.ask(folders, limits, isFirst ? "--first-timeout" : "--timeout");
      if (!goesOn) {
        asked.end();
        if (process === asked) process = undefined;
      }
      return outcome;
    },
    async close() {
      await process?.close();
      process = undefined;
    },
    end,
  };
}

/** Longer lines are none. */
const longestLine = 2 ** 20;
/** ms to the end of a process that has been told to stop. */
const patience = 2000;
/** ms for what a process has said before it ended. */
const lastWords = 500;

/** What the process does while it is asked, or not. */
type Sign =
  | { readonly kind: "line"; readonly text: string }
  | { readonly kind: "long" }
  | { readonly kind: "time" | "size" }
  | { readonly kind: "closed" }
  | { readonly kind: "unstarted"; readonly reason: string }
  | { readonly kind: "ended"; readonly how: string };

interface Reply {
  readonly outcome: Outcome;
  /** Whether the process can be asked again. */
  readonly goesOn: boolean;
}

class WorkerProcess {
  readonly #command: string;
  readonly #group: Group;
  #asked = 0;
  #rest = "";
  /** What nobody has taken note of. */
  readonly #signs: Sign[] = [];
  #onSign: (() => void) | undefined;
  #stderr = new Tail();
  #log: Log | undefined;
  readonly #ended: Promise<void>;

  constructor(command: string, args: readonly string[]) {
    this.#command = command;
    this.#group = startGroup(command, args, ["pipe", "pipe", "pipe"]);
    const { child } = this.#group;
    // Of a process that has ended; its end is a sign of its own.
    child.stdin!.on("error", () => {});
    child.stdout!.setEncoding("utf8").on("data", (text: string) => this.#read(text));
    child.stdout!.on("end", () => {
      // A process that ends closes it too.
      setTimeout(() => this.#tell({ kind: "closed" }), lastWords).unref();
    });
    child.stderr!.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr.add(text);
      this.#log?.write(text);
    });
    this.#ended = new Promise((resolve) => {
      child.on("error", ({ message }) => {
        this.#tell({ kind: "unstarted", reason: message });
        resolve();
      });
      const over = (code: number | null, signal: string | null) => {
        this.#tell({ kind: "ended", how: signal === null ? `exit code ${code}` : `by ${signal}` });
        resolve();
      };
      child.on("close", over);
      // What it has left in the background may keep its streams open.
      child.on("exit", (code, signal) => setTimeout(() => over(code, signal), lastWords).unref());
    });
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop()!;
    for (const line of lines)
      this.#tell(line.length > longestLine ? { kind: "long" } : { kind: "line", text: line });
    if (this.#rest.length <= longestLine) return;
    this.#rest = "";
    this.#tell({ kind: "long" });
  }

  #tell(sign: Sign): void {
    this.#signs.push(sign);
    this.#onSign?.();
  }

  /** Whether it has done anything unasked. */
  isStale(): boolean {
    return this.#signs.length > 0;
  }

  /** What it has said unasked; undefined if it has only ended, which it may. */
  strayLine(): string | undefined {
    const sign = this.#signs[0];
    if (sign?.kind === "line") return `a line without a request: ${quoted(sign.text)}`;
    return sign?.kind === "long" ? "a line without a request" : undefined;
  }

  /** @param option that gives it longer */
  async ask({ from, to, log }: Folders, limits: Limits, option: string): Promise<Reply> {
    const start = performance.now();
    const id = ++this.#asked;
    this.#log = log === undefined ? undefined : logTo(log, limits.bytes);
    const watch = await watchLimits([from, to], limits, (kind) => this.#tell({ kind }));
    try {
      this.#group.child.stdin!.write(`${JSON.stringify({ id, case: from, result: to })}\n`);
      const sign = await this.#nextSign();
      // What came with it, and what was printed before it.
      await new Promise((resolve) => setImmediate(resolve));
      const isFull = sign.kind === "line" && (await watch.isFull());
      const seconds = (performance.now() - start) / 1000;
      const reply = isFull ? broken(overText("size", limits, option)) : this.#reply(sign, id, limits, option);
      return { ...reply, outcome: { ...reply.outcome, seconds } };
    } finally {
      watch.stop();
      this.#log?.close();
      this.#log = undefined;
      this.#stderr = new Tail();
    }
  }

  async #nextSign(): Promise<Sign> {
    if (this.#signs.length === 0)
      await new Promise<void>((resolve) => {
        this.#onSign = resolve;
      });
    this.#onSign = undefined;
    return this.#signs.shift()!;
  }

  #reply(sign: Sign, id: number, limits: Limits, option: string): Reply {
    switch (sign.kind) {
      case "line":
        return this.#answer(sign.text, id);
      case "long":
        return broken(`a line of more than ${longestLine / 2 ** 20} MiB on stdout${answerLines}`);
      case "time":
      case "size":
        return broken(overText(sign.kind, limits, option));
      case "closed":
        return broken("closed stdout without an answer, and lives on");
      case "ended":
        return broken(`ended without an answer, ${sign.how}${this.#saying()}${id === 1 ? noWorker : ""}`);
      case "unstarted":
        throw new ConfigError(`${this.#command}: cannot be started: ${sign.reason}`);
    }
  }

  #answer(line: string, id: number): Reply {
    const found = parsed(line);
    if (!found)
      return broken(`expected a line {"id": ${id}, "status": …}, got ${quoted(line)}${answerLines}`);
    if (found.id !== id) return broken(`answered request ${shownId(found.id)}, where ${id} was under way`);
    if (this.#signs.some(({ kind }) => kind === "line" || kind === "long"))
      return broken(`answered request ${id} twice`);
    const { status } = found;
    const said = status === "done" ? "" : plainLine(found.message ?? "");
    return { outcome: { status, message: said || this.#why(status), seconds: 0 }, goesOn: true };
  }

  #why(status: Outcome["status"]): string {
    if (status === "done") return "done, but no result.json in the folder `result` of the request";
    return status === "unsupported"
      ? "not supported, says the backend"
      : `${status}, says the backend${this.#saying()}`;
  }

  #saying(): string {
    const line = tellingLine(this.#stderr.text);
    return line === "" ? "" : `: ${line}`;
  }

  /** The end of its input tells it to stop. */
  async close(): Promise<void> {
    this.#group.child.stdin!.end();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, patience);
    });
    await Promise.race([this.#ended, late]);
    clearTimeout(timer);
    this.end();
  }

  end(): void {
    const { child } = this.#group;
    this.#group.end();
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
    // Whoever waits for it need not wait for its streams.
    this.#tell({ kind: "ended", how: "by the runner" });
  }
}

const noWorker = "; what reads no requests runs without --worker";
const answerLines = "; only answers go to stdout, all else to stderr";

function broken(message: string): Reply {
  return { outcome: { status: "failed", message, seconds: 0 }, goesOn: false };
}

interface Answer {
  readonly id: unknown;
  readonly status: Outcome["status"];
  readonly message: string | undefined;
}

function parsed(line: string): Answer | undefined {
  try {
    const { id, status, message } = JSON.parse(line) as { [key: string]: unknown };
    const isStatus = (outcomeStatuses as readonly unknown[]).includes(status);
    if (!isStatus || !(message === undefined || typeof message === "string")) return undefined;
    return { id, status: status as Outcome["status"], message };
  } catch {
    return undefined;
  }
}

/** Of a line or a value that may be anything. */
const shortLength = 60;

function quoted(text: string): string {
  const short = text.length > shortLength ? `${text.slice(0, shortLength)}…` : text;
  return visible(JSON.stringify(short));
}

function shownId(id: unknown): string {
  return typeof id === "string" ? quoted(id) : quoted(String(JSON.stringify(id))).slice(1, -1);
}
