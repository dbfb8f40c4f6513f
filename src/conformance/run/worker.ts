/**
 * A backend that is started once and asked for one case after another: a line of JSON each way. Whatever it does but answer
 * the request that is under way is a verdict on that case, and the next one meets a fresh process; another answer to an
 * earlier request is told of the case that it belongs to.
 */
import type { Limits } from "./group.ts";
import { type Backend, type Folders, interrupted } from "./outcome.ts";
import { WorkerProcess } from "./workerProcess.ts";

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
  let isOver = false;
  const close = async (then: string) => {
    await process?.close();
    const why = process?.strayLine();
    if (why !== undefined) onRemark(`${command}: ${why}${then}`);
    process = undefined;
  };
  const ask = async (folders: Folders, onAgain: (message: string) => void) => {
    const isFirst = process === undefined;
    process ??= new WorkerProcess(command, args);
    const limits = isFirst ? { ...usual, seconds: firstSeconds } : usual;
    const asked = process;
    const option = isFirst ? "--first-timeout" : "--timeout";
    const reply = await asked.ask(folders, limits, option, onAgain);
    if (!reply.goesOn) {
      asked.end();
      if (process === asked) process = undefined;
    }
    return reply;
  };
  return {
    async answer(folders, onAgain) {
      if (process?.isStale()) await close("; it is started anew");
      if (isOver) return interrupted;
      const { outcome, isUnread } = await ask(folders, onAgain);
      return isUnread && !isOver ? (await ask(folders, onAgain)).outcome : outcome;
    },
    close: () => close(""),
    end: () => {
      isOver = true;
      process?.end();
      process = undefined;
    },
  };
}
