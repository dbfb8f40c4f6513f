import { setTimeout } from "node:timers/promises";

/** Waits for what other processes bring about. @param seconds after which it is taken for not coming */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  seconds: number,
): Promise<void> {
  const start = performance.now();
  while (!(await holds())) {
    if (performance.now() - start > 1000 * seconds) throw new Error(`${what} does not come about`);
    await setTimeout(50);
  }
}
