/** What must hold for the input of a trial, wherever it came from. */
import { complaint } from "../base/parseWith.ts";
import { timeComplaint } from "./parameters.ts";

/**
 * @param path leads to the object with the keys `times` and `sources`
 * @param duration ms
 * @throws ConfigError for a duration that is no time, lengths that differ, a time outside [0, duration) or before its predecessor, or a source that
 *   is no channel
 */
export function checkInput(
  { times, sources }: { readonly times: Float64Array; readonly sources: ArrayLike<number> },
  channels: number,
  duration: number,
  source: string,
  path: readonly PropertyKey[],
): void {
  const wrong = timeComplaint(duration);
  if (wrong !== undefined) throw complaint(source, [...path.slice(0, -1), "duration"], wrong, duration);
  if (sources.length !== times.length)
    throw complaint(source, [...path, "sources"], `expected ${times.length} sources, one for each time`, [
      ...Array.from(sources),
    ]);
  for (let k = 0; k < times.length; k++) {
    const time = times[k]!;
    if (!(time >= 0 && time < duration))
      throw complaint(source, [...path, "times", k], `expected a time in [0, ${duration})`, time);
    if (k > 0 && time < times[k - 1]!)
      throw complaint(
        source,
        [...path, "times", k],
        `expected a time ≥ the one before, ${times[k - 1]}`,
        time,
      );
    const channel = sources[k]!;
    if (!Number.isInteger(channel) || channel < 0 || channel >= channels)
      throw complaint(
        source,
        [...path, "sources", k],
        `expected an integer from 0 to ${channels - 1}`,
        channel,
      );
  }
}
