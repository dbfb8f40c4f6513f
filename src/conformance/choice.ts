/** What programs may say of a result that is to be judged: the class, alone or with what goes with it. */
import { ConfigError } from "../base/errors.ts";
import { shown } from "../base/parseWith.ts";
import type { ClassChoice } from "./reference/references.ts";
import type { RunChoice } from "./run/judge.ts";
import { type Convention, type ConventionName, conventions } from "./twin/convention.ts";
import { type ClassName, classNames } from "./verdict/classes.ts";

/** A class, and of T4 and T5 how the backend steps; `tensors` as `--tensors`, `require` as `--require`. */
export type Expected = Pick<ClassChoice, "name"> &
  Partial<Omit<ClassChoice, "convention">> & {
    readonly convention?: ConventionName | Convention;
    readonly tensors?: readonly string[];
    readonly require?: readonly string[];
  };

/** @throws ConfigError there is no such class */
export function choiceOf({
  tensors: _,
  require: __,
  convention = "genn_eventprop",
  ...choice
}: Expected): RunChoice {
  if (!classNames.includes(choice.name))
    throw new ConfigError(`class: expected one of ${classNames.join(", ")}, got ${shown(choice.name)}`);
  const steps = typeof convention === "string" ? conventions[convention] : convention;
  return { dt: 0.1, ...choice, convention: steps };
}

/** @throws ConfigError the class has no use for a relative error; `option` starts the message */
export function requireExact(name: ClassName, rtol: number | undefined, option: string): void {
  if (rtol !== undefined && !["T1", "T2", "T3"].includes(name))
    throw new ConfigError(`${option}: expected a class from T1 to T3 with it, got ${name}`);
}

/** Arrays for typed arrays, as a file would have them. */
export function plain(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number>);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)]));
}
