/** What every judgement needs, what an error on the way to one says, and which single habit would make a result right. */
import { ConfigError } from "../../base/errors.ts";
import type { ClassChoice } from "../reference/references.ts";
import { type Convention, switches } from "../twin/convention.ts";
import { type Part, summed } from "../verdict/verdict.ts";
import type { Limits } from "./command.ts";
import { type Judged, only } from "./ending.ts";

export interface Judging {
  readonly choice: ClassChoice;
  /** Which tensors are looked at. */
  readonly wanted: (tensor: string) => boolean;
  readonly limits: Limits;
}

/** The reference, not the result, is what cannot be had. */
class Unjudged extends Error {}

/** What is made of a reference, for `judgement`, which must tell a ConfigError of the reference from one of the result. */
export async function fromReference<T>(made: Promise<T>): Promise<T> {
  return made.catch((error: unknown) => {
    throw error instanceof ConfigError ? new Unjudged(error.message) : error;
  });
}

/** What `work` finds; a ConfigError is what is wrong with the result, unless it came by `fromReference`. */
export async function judgement({ choice }: Judging, work: () => Promise<Judged>): Promise<Judged> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Unjudged) return only("unsupported", `class ${choice.name}: ${error.message}`);
    if (error instanceof ConfigError) return only("fail", error.message);
    throw error;
  }
}

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
