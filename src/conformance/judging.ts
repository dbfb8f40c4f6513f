/** What every judgement needs, and what an error on the way to one says: that a result is wrong, or cannot be judged. */
import { ConfigError } from "../base/errors.ts";
import type { Limits } from "./command.ts";
import { type Judged, only } from "./ending.ts";
import type { ClassChoice } from "./references.ts";

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

/** What `work` finds; a ConfigError is what is wrong with the result, unless it came by `referenceFrom`. */
export async function judgement({ choice }: Judging, work: () => Promise<Judged>): Promise<Judged> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Unjudged) return only("unsupported", `class ${choice.name}: ${error.message}`);
    if (error instanceof ConfigError) return only("fail", error.message);
    throw error;
  }
}
