/** A backend that is started anew for every case, with its two folders as the last arguments. */
import { ConfigError } from "../../base/errors.ts";
import { plainLine } from "../../base/visible.ts";
import { type Group, type Limits, logTo, startGroup, Tail, watchLimits } from "./group.ts";
import { type Backend, type Folders, type Outcome, overText } from "./outcome.ts";
import { tellingLine } from "./tellingLine.ts";

/** By which a backend says that a case asks for what it does not have; test harnesses have used it for long. */
const unsupportedCode = 77;

export function oneShot(command: string, args: readonly string[], limits: Limits): Backend {
  let running: Group | undefined;
  return {
    async answer(folders) {
      const ending = await runCommand(
        command,
        [...args, folders.from, folders.to],
        folders,
        limits,
        (group) => {
          running = group;
        },
      );
      if (ending.stopped === "start")
        throw new ConfigError(`${command}: cannot be started: ${ending.stderr}`);
      return outcomeOf(ending, limits);
    },
    close: async () => {},
    end: () => running?.end(),
  };
}

interface Ending {
  /** Undefined if it was ended by a signal or could not be started. */
  readonly code: number | undefined;
  readonly signal: string | undefined;
  /** Why it was ended, or could not be started. */
  readonly stopped: "time" | "size" | "start" | undefined;
  /** The last lines of each, or why it could not be started. */
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

/** ms for the streams of a command that has ended. */
const patience = 500;

/**
 * Runs `command` with `args`; what it prints is kept from the terminal. Never rejects.
 *
 * @param folders whose growth is limited
 */
async function runCommand(
  command: string,
  args: readonly string[],
  { from, to, log }: Folders,
  limits: Limits,
  onStart: (group: Group) => void,
): Promise<Ending> {
  const start = performance.now();
  const tails = { stdout: new Tail(), stderr: new Tail() };
  const group = startGroup(command, args, ["ignore", "pipe", "pipe"]);
  const { child } = group;
  onStart(group);
  const keep = log === undefined ? undefined : logTo(log, limits.bytes);
  for (const name of ["stdout", "stderr"] as const)
    child[name]!.setEncoding("utf8").on("data", (text: string) => tails[name].add(text));
  if (keep) child.stderr!.on("data", keep.write);
  let stopped: Ending["stopped"];
  let exited = false;
  let lingering: NodeJS.Timeout | undefined;
  const ended = new Promise<Pick<Ending, "code" | "signal" | "seconds">>((resolve) => {
    const over = (code: number | null, signal: string | null, seconds: number) =>
      resolve({ code: code ?? undefined, signal: signal ?? undefined, seconds });
    const seconds = () => (performance.now() - start) / 1000;
    child.on("error", (error) => {
      stopped = "start";
      tails.stderr.text = error.message;
      over(null, null, seconds());
    });
    child.on("close", (code, signal) => over(code, signal, seconds()));
    // What it has left in the background may keep its streams open for ever.
    child.on("exit", (code, signal) => {
      exited = true;
      const took = seconds();
      lingering = setTimeout(() => {
        group.end();
        child.stdout!.destroy();
        child.stderr!.destroy();
        over(code, signal, took);
      }, patience);
    });
  });
  const watch = await watchLimits([from, to], limits, (why) => {
    if (exited) return;
    stopped ??= why;
    group.end();
  });
  try {
    const end = await ended;
    if (stopped === undefined && (await watch.isFull())) stopped = "size";
    return { ...end, stopped, stdout: tails.stdout.text, stderr: tails.stderr.text };
  } finally {
    watch.stop();
    clearTimeout(lingering);
    keep?.close();
    group.end();
  }
}

function outcomeOf(ending: Ending, limits: Limits): Outcome {
  const { stopped, signal, code, seconds, stdout, stderr } = ending;
  const of = (status: Outcome["status"], message: string): Outcome => ({ status, message, seconds });
  if (stopped === "time" || stopped === "size") return of("failed", overText(stopped, limits, "--timeout"));
  const said = tellingLine(stderr) || plainLine(stdout);
  const saying = said === "" ? "" : `: ${said}`;
  if (signal !== undefined) return of("failed", `ended by ${signal}${saying}`);
  if (code === unsupportedCode)
    return of("unsupported", plainLine(stderr) || plainLine(stdout) || "not supported, says the backend");
  if (code !== 0) return of("refused", `exit code ${code}${saying}`);
  const hint = stdout.trim() === "" ? "" : "; what is printed to stdout is not read";
  return of("done", `exit code 0, but no result.json in the folder that is the last argument${hint}`);
}
