/** Which single habit would make a time-stepped result right, if there is one. */
import { ConfigError } from "../base/errors.ts";
import type { ClassChoice } from "./references.ts";
import { type Convention, switches } from "./twin/convention.ts";
import { type Part, summed } from "./verdict.ts";

/**
 * The verdict that the parts add up to; where they fail in class T4, every other setting of one switch is tried, and the
 * message names the one with which they pass.
 *
 * @param compare the result with the twin of a convention
 */
export async function summedWithHint(
  parts: readonly Part[],
  { name, convention }: ClassChoice,
  compare: (convention: Convention) => Promise<readonly Part[]>,
): Promise<ReturnType<typeof summed>> {
  const sum = summed(parts);
  if (name !== "T4" || sum.status !== "fail") return sum;
  for (const [title, { key, values }] of Object.entries(switches))
    for (const [setting, value] of Object.entries(values)) {
      if (convention[key] === value) continue;
      if (await passes(() => compare({ ...convention, [key]: value })))
        return { ...sum, message: `${sum.message}; with --switch ${title}=${setting} it passes` };
    }
  return sum;
}

async function passes(compare: () => Promise<readonly Part[]>): Promise<boolean> {
  try {
    return summed(await compare()).status === "pass";
  } catch (error) {
    // A twin with this habit cannot do the case.
    if (error instanceof ConfigError) return false;
    throw error;
  }
}
