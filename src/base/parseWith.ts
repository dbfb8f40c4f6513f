/** Validation of what a user wrote: a zod schema's first complaint as one line with path, expectation and value. */
import type { z } from "zod";
import { ConfigError } from "./errors.ts";

type Path = readonly PropertyKey[];
type Issue = z.core.$ZodIssue;

/**
 * `value` as `schema` understands it, defaults filled in.
 *
 * A `refine` or `error` message of a schema states what was expected ("expected a positive number"); the path in front
 * and the value found behind it are added here. Schemas without a message get one in the same words.
 *
 * @param source what the value was read from, e.g. a file's name; starts the message
 * @param spelled how whoever wrote the value spells the schema's keys
 * @throws ConfigError one line: `case.json: populations[0].tau_mem[1]: expected a positive number, got -5`
 */
export function parseWith<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  source: string,
  spelled: (key: string) => string = (key) => key,
): z.output<Schema> {
  const result = schema.safeParse(value, { error: (issue) => expectation(issue, spelled) });
  if (result.success) return result.data;
  const { path, message } = blame(result.error.issues);
  const place = path.map((key) => (typeof key === "string" ? spelled(key) : key));
  throw complaint(source, place, message, valueAt(value, path));
}

/** The ConfigError for the `found` value at `path` of `source`. */
export function complaint(source: string, path: Path, expected: string, found: unknown): ConfigError {
  const place = path.length > 0 ? `${source}: ${pathText(path)}` : source;
  return new ConfigError(`${place}: ${expected}, got ${shown(found)}`);
}

/** `["populations", 0, "tau_mem"]` → `populations[0].tau_mem` */
export function pathText(path: Path): string {
  let text = "";
  for (const key of path) {
    if (typeof key === "number") text += `[${key}]`;
    else if (/^[A-Za-z_][\w-]*$/.test(String(key))) text += text === "" ? String(key) : `.${String(key)}`;
    else text += `[${shown(String(key))}]`;
  }
  return text;
}

/** A value in a few words on one line, shortened. */
export function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string") return shortened(JSON.stringify(value));
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  if (Array.isArray(value)) {
    const some = value.slice(0, 3).map((entry) => (Array.isArray(entry) ? "[…]" : shown(entry)));
    return value.length > 3 ? `[${some.join(", ")}, …] (${value.length} values)` : `[${some.join(", ")}]`;
  }
  if (typeof value === "object" && value !== null) {
    const keys = Object.keys(value);
    return keys.length > 0 ? shortened(`an object with keys ${keys.map(shown).join(", ")}`) : "{}";
  }
  return shortened(typeof value === "bigint" ? `${value}n` : String(value));
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** The issue to report: the first, descending into unions; an unknown key rather than the key it was meant to be. */
function blame(issues: readonly Issue[]): { path: Path; message: string } {
  const first = issues[0]!;
  if (first.code === "unrecognized_keys") return unknownKey(first);
  // What is wrong is the name, not what stands under it.
  if (first.code === "invalid_key") return { path: first.path, message: first.issues[0]!.message };
  const parent = pathText(first.path.slice(0, -1));
  for (const issue of issues) {
    if (issue.code === "unrecognized_keys" && pathText(issue.path) === parent) return unknownKey(issue);
  }
  if (first.code !== "invalid_union" || first.errors.length === 0) return first;
  const branches = first.errors.map(blame);
  const deepest = branches.reduce((a, b) => (b.path.length > a.path.length ? b : a));
  if (deepest.path.length > 0) return { path: [...first.path, ...deepest.path], message: deepest.message };
  const [head, ...tail] = [...new Set(branches.map((branch) => branch.message))];
  return { path: first.path, message: [head, ...tail.map((m) => m.replace(/^expected /, ""))].join(" or ") };
}

function unknownKey(issue: Extract<Issue, { code: "unrecognized_keys" }>): { path: Path; message: string } {
  return { path: [...issue.path, issue.keys[0]!], message: issue.message };
}

/** What was expected, in words, where the schema does not say it itself. */
function expectation(
  issue: Parameters<z.core.$ZodErrorMap>[0],
  spelled: (key: string) => string,
): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return `expected ${typeNames[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      return `expected ${issue.values.map(shown).join(" or ")}`;
    case "too_small":
      return `expected ${counted[issue.origin] ?? "a number"} ${issue.inclusive ? "≥" : ">"} ${issue.minimum}`;
    case "too_big":
      return `expected ${counted[issue.origin] ?? "a number"} ${issue.inclusive ? "≤" : "<"} ${issue.maximum}`;
    case "unrecognized_keys": {
      const def = issue.inst?._zod.def as { shape?: object } | undefined;
      return `unknown key (expected one of ${Object.keys(def?.shape ?? {})
        .map(spelled)
        .join(", ")})`;
    }
    case "invalid_union":
      return Array.isArray(issue.options) ? `expected ${issue.options.map(shown).join(" or ")}` : undefined;
    default:
      return undefined;
  }
}

const typeNames: Readonly<Record<string, string>> = {
  number: "a finite number",
  int: "an integer",
  string: "a string",
  boolean: "true or false",
  array: "an array",
  object: "an object",
  record: "an object",
};

const counted: Readonly<Record<string, string>> = {
  string: "a string of length",
  array: "an array of length",
};

function valueAt(value: unknown, path: Path): unknown {
  let at = value;
  for (const key of path) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<PropertyKey, unknown>)[key];
  }
  return at;
}

/** Programs spell names in camelCase, files in snake_case: `max_events` → `maxEvents`; anything that is no such name, e.g. that of a tensor, stays as it is. */
export function camelCase(name: string): string {
  if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)+$/.test(name)) return name;
  return name.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}

/** `maxEvents` → `max_events`; anything that is no such name stays as it is. */
function snakeCase(name: string): string {
  if (!/^[a-z][A-Za-z0-9]*$/.test(name)) return name;
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The same with every key in snake_case. */
export function snakeCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeCased);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [snakeCase(key), snakeCased(entry)]));
}
