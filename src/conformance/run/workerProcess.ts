/** One process of a worker: what it is asked, what it answers, and what else it does. */
import { ConfigError } from "../../base/errors.ts";
import { type Group, type Limits, type Log, logTo, startGroup, Tail, watchLimits } from "./group.ts";
import { type Folders, type Outcome, overText } from "./outcome.ts";
import { tellingLine } from "./tellingLine.ts";
import { type Answer, longestLine, parsed, quoted, shownId } from "./workerAnswer.ts";

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
  /** By the code, or by a signal. */
  | { readonly kind: "ended"; readonly code: number | null; readonly signal: string | null };

interface Reply {
  readonly outcome: Outcome;
  /** Whether the process can be asked again. */
  readonly goesOn: boolean;
  /** Whether the process had ended, as it may, before it read the request: another may answer it. */
  readonly isUnread?: boolean;
}

type OnAgain = (message: string) => void;

export class WorkerProcess {
  readonly #command: string;
  readonly #group: Group;
  #asked = 0;
  #underWay: { readonly id: number; readonly onAgain: OnAgain } | undefined;
  /** By id, of requests that have been answered. */
  readonly #answered = new Map<unknown, OnAgain>();
  /** A line that has no end yet. */
  #rest = "";
  /** Whether a request could not be written. */
  #isDeaf = false;
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
    child.stdin!.on("error", () => {
      this.#isDeaf = true;
    });
    child.stdout!.setEncoding("utf8").on("data", (text: string) => this.#read(text));
    child.stdout!.on("end", () => {
      this.#readRest();
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
        this.#readRest();
        this.#tell({ kind: "ended", code, signal });
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
      if (line.length > longestLine) this.#tell({ kind: "long" });
      else this.#take(line);
    if (this.#rest.length <= longestLine) return;
    this.#rest = "";
    this.#tell({ kind: "long" });
  }

  /** A line without its end is one if nothing comes after it, unless a request is under way that it does not answer. */
  #readRest(): void {
    const line = this.#rest;
    const found = parsed(line);
    if (line === "" || (this.#underWay && !this.#isKnown(found))) return;
    this.#rest = "";
    this.#take(line);
  }

  #isKnown(found: Answer | undefined): boolean {
    return found !== undefined && (found.id === this.#underWay?.id || this.#answered.has(found.id));
  }

  #take(line: string): void {
    const found = parsed(line);
    const onAgain = found && this.#answered.get(found.id);
    if (onAgain) {
      onAgain(`answered request ${shownId(found.id)} twice`);
      return;
    }
    if (this.#underWay && found?.id === this.#underWay.id) {
      this.#answered.set(found.id, this.#underWay.onAgain);
      this.#underWay = undefined;
    }
    this.#tell({ kind: "line", text: line });
  }

  #tell(sign: Sign): void {
    this.#signs.push(sign);
    this.#onSign?.();
  }

  /** Whether it has done anything unasked. */
  isStale(): boolean {
    return this.#signs.length > 0 || this.#hasEnded();
  }

  /** Its streams may still be read. */
  #hasEnded(): boolean {
    const { exitCode, signalCode } = this.#group.child;
    return exitCode !== null || signalCode !== null;
  }

  /** What it has said unasked; undefined if it has only ended, which it may. */
  strayLine(): string | undefined {
    const sign = this.#signs.find(({ kind }) => kind === "line" || kind === "long");
    if (sign?.kind === "line") return `a line without a request: ${quoted(sign.text)}`;
    return sign?.kind === "long" ? "a line without a request" : undefined;
  }

  /**
   * @param option that gives it longer
   * @param onAgain called when it answers the same request once more, whenever that is
   */
  async ask({ from, to, log }: Folders, limits: Limits, option: string, onAgain: OnAgain): Promise<Reply> {
    const start = performance.now();
    const id = ++this.#asked;
    this.#stderr = new Tail();
    this.#log = log === undefined ? undefined : logTo(log, limits.bytes);
    const watch = await watchLimits([from, to], limits, (kind) => this.#tell({ kind }));
    try {
      if (this.#hasEnded()) this.#isDeaf = true;
      this.#underWay = { id, onAgain };
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
      this.#underWay = undefined;
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
        return broken(`${overText(sign.kind, limits, option)}${this.#cut()}`);
      case "closed":
        return broken(`closed stdout without an answer, and lives on${this.#cut()}`);
      case "ended":
        return this.#unanswered(sign, id);
      case "unstarted":
        throw new ConfigError(`${this.#command}: cannot be started: ${sign.reason}`);
    }
  }

  #unanswered({ code, signal }: Extract<Sign, { kind: "ended" }>, id: number): Reply {
    const how = signal === null ? `exit code ${code}` : `by ${signal}`;
    const hint = id === 1 && (code === 0 || this.#isDeaf) ? noWorker : "";
    const reply = broken(`ended without an answer, ${how}${this.#saying()}${this.#cut()}${hint}`);
    // Of who ends in order and in silence nothing tells whether it has read the request.
    const isSilent = code === 0 && this.#rest === "" && this.#stderr.text === "";
    return { ...reply, isUnread: id > 1 && (this.#isDeaf || isSilent) };
  }

  #answer(line: string, id: number): Reply {
    const found = parsed(line);
    if (found?.said && found.id !== id)
      return broken(`answered request ${shownId(found.id)}, where ${id} was under way`);
    if (!found?.said)
      return broken(`expected a line {"id": ${id}, "status": …}, got ${quoted(line)}${answerLines}`);
    const { status, message } = found.said;
    const short = status === "done" ? "" : tellingLine(message);
    if (status !== "done" && short !== message) this.#log?.write(`${message}\n`);
    return { outcome: { status, message: short || this.#why(status), seconds: 0 }, goesOn: true };
  }

  #why(status: Outcome["status"]): string {
    if (status === "done") return "done, but no result.json in the folder `result` of the request";
    return status === "unsupported"
      ? "not supported, says the backend"
      : `${status}, says the backend${this.#saying()}`;
  }

  /** Of an answer, perhaps, that cannot be told from a part of one. */
  #cut(): string {
    return this.#rest === "" ? "" : `; on stdout stands a line without its end: ${quoted(this.#rest)}`;
  }

  #saying(): string {
    const line = tellingLine(this.#stderr.text);
    return line === "" ? "" : `: ${line}`;
  }

  /** The end of its input tells it to stop; whatever it has written is read. */
  async close(): Promise<void> {
    this.#group.child.stdin!.end();
    if (!(await this.#endsWithin(patience))) {
      this.#group.end();
      await this.#endsWithin(2 * lastWords);
    }
    this.end();
  }

  async #endsWithin(time: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), time);
    });
    const isEnded = await Promise.race([this.#ended.then(() => true), late]);
    clearTimeout(timer);
    return isEnded;
  }

  end(): void {
    const { child } = this.#group;
    this.#group.end();
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
    // Whoever waits for it need not wait for its streams.
    this.#tell({ kind: "ended", code: null, signal: "the runner" });
  }
}

const noWorker = "; what reads no requests runs without --worker";
const answerLines =
  "; only answers go to stdout: what is printed before `serve`, by children or by fs.writeSync(1, …) must go to stderr";

function broken(message: string): Reply {
  return { outcome: { status: "failed", message, seconds: 0 }, goesOn: false };
}
