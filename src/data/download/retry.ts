/** Further tries where the last one failed by something that passes. */
import { setTimeout } from "node:timers/promises";
import { DownloadError } from "./request.ts";

/** How long to go on trying. */
export interface Patience {
  /** Called before a wait with a line that says why, how long, and which of how many further tries comes. */
  onRetry?(line: string): void;
  /** ms before each further try. */
  readonly waits?: readonly number[] | undefined;
  /** ms in which too few bytes come, after which a connection is given up. */
  readonly window?: number | undefined;
}

/** ms before so many further tries, each twice as long. */
export function growingWaits(tries: number): number[] {
  return Array.from({ length: tries }, (_, k) => Math.min(1000 * 2 ** k, longestWait));
}

export const defaultTries = 5;

/** ms; a server that asks for more is not waited for. */
const longestWait = 120_000;

/** @throws DownloadError of the last try */
export async function patiently<Result>(
  attempt: () => Promise<Result>,
  { onRetry, waits = growingWaits(defaultTries) }: Patience,
): Promise<Result> {
  for (let k = 0; ; k++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof DownloadError) || error.again === undefined) throw error;
      const wait = Math.max(waits[k] ?? 0, error.again.wait ?? 0);
      if (wait > longestWait)
        throw new DownloadError(`${error.message} and asks to wait ${Math.ceil(wait / 1000)} s`);
      if (k >= waits.length)
        throw k === 0 ? error : new DownloadError(`${error.message} (tried ${k + 1} times)`);
      onRetry?.(`${error.message}; trying again in ${seconds(wait)} s (${k + 1} of ${waits.length})`);
      await setTimeout(wait);
    }
  }
}

function seconds(ms: number): string {
  return String(Number((ms / 1000).toPrecision(2)));
}
