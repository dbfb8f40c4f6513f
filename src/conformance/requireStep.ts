/** What a time step must be to be one of a trial. */
import { ConfigError } from "../base/errors.ts";

/** @throws ConfigError it is longer than the trial */
export function requireStep(dt: number, duration: number): void {
  if (!(dt > 0 && dt <= duration))
    throw new ConfigError(`dt: expected a step of at most the trial's ${duration} ms, got ${dt}`);
}
