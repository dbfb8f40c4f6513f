/** JSON with errors that say where: JSON.parse names neither the place nor the key in all supported Node versions. */
import { ConfigError } from "../base/errors.ts";
import { pathText } from "../base/parseWith.ts";
import { requireDistinctKeys } from "./repeatedKey.ts";

/**
 * @param text may begin with a byte order mark
 * @param source what `text` was read from; starts the error message
 * @throws ConfigError one line: `case.json: line 3, column 17: populations[0].tau_mem: expected a value, got NaN`; an object
 *   has a key twice
 */
export function parseJson(text: string, source: string): unknown {
  const json = text.startsWith("\ufeff") ? text.slice(1) : text;
  const value = parsed(json, source);
  requireDistinctKeys(json, source);
  return value;
}

function parsed(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const { at, expected, path } = firstFault(text);
    const before = text.slice(0, at).split("\n");
    const place = `line ${before.length}, column ${before.at(-1)!.length + 1}`;
    const found = /^(?:[\w+.-]{1,20}|.)/su.exec(text.slice(at, at + 40))?.[0];
    const where = path.length > 0 ? `${pathText(path)}: ` : "";
    throw new ConfigError(`${source}: ${place}: ${where}expected ${expected}, got ${describe(found)}`);
  }
}

function describe(found: string | undefined): string {
  if (found === undefined) return "the end of the file";
  return found === '"' ? "a string without end or with a wrong escape" : found;
}

/** What may come next, in the words of the message. */
type Expected =
  | "a value"
  | 'a value or "]"'
  | "a key in double quotes"
  | 'a key in double quotes or "}"'
  | '":"'
  | '"," or "]"'
  | '"," or "}"'
  | "the end of the file";

const space = /[ \t\n\r]*/y;
const token =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: JSON strings may not hold them unescaped
  /[{}[\],:]|"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/** The first place where `text` is not JSON. Keeps the path of open arrays and objects, not their contents. */
function firstFault(text: string): { at: number; expected: Expected; path: readonly PropertyKey[] } {
  const open: (string | number)[] = [];
  let expected: Expected = "a value";
  for (let at = 0; ; ) {
    space.lastIndex = at;
    at += space.exec(text)![0].length;
    token.lastIndex = at;
    const found = token.exec(text)?.[0];
    const next: Expected | undefined = found === undefined ? undefined : follow(expected, found, open);
    if (found === undefined || next === undefined) {
      return { at, expected, path: expected.startsWith("a key") ? open.slice(0, -1) : open };
    }
    at += found.length;
    expected = next;
  }
}

/** What may follow `found`; undefined where `found` itself is not allowed. `open` holds the present key or index. */
function follow(expected: Expected, found: string, open: (string | number)[]): Expected | undefined {
  const last = open.length - 1;
  switch (expected) {
    case "a value":
    case 'a value or "]"':
      if (found === "]" && expected !== "a value") return close(open);
      if (found === "[") open.push(0);
      else if (found === "{") open.push("");
      else return /^[}\],:]/.test(found) ? undefined : afterValue(open);
      return found === "[" ? 'a value or "]"' : 'a key in double quotes or "}"';
    case "a key in double quotes":
    case 'a key in double quotes or "}"':
      if (found === "}" && expected !== "a key in double quotes") return close(open);
      if (!found.startsWith('"')) return undefined;
      open[last] = JSON.parse(found) as string;
      return '":"';
    case '":"':
      return found === ":" ? "a value" : undefined;
    case '"," or "]"':
      if (found === "]") return close(open);
      if (found !== ",") return undefined;
      open[last] = (open[last] as number) + 1;
      return "a value";
    case '"," or "}"':
      if (found === "}") return close(open);
      return found === "," ? "a key in double quotes" : undefined;
    case "the end of the file":
      return undefined;
  }
}

function close(open: (string | number)[]): Expected {
  open.pop();
  return afterValue(open);
}

function afterValue(open: readonly (string | number)[]): Expected {
  const innermost = open.at(-1);
  if (innermost === undefined) return "the end of the file";
  return typeof innermost === "number" ? '"," or "]"' : '"," or "}"';
}
