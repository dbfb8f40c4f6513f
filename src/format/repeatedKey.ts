/** Keys that a JSON object has twice: JSON.parse takes the last, and whoever wrote the first meant something by it. */
import { ConfigError } from "../base/errors.ts";
import { pathText } from "../base/parseWith.ts";

const [quote, backslash, comma] = [34, 92, 44];
const [openArray, closeArray, openObject, closeObject] = [91, 93, 123, 125];

/**
 * @param text valid JSON
 * @param source starts the message
 * @throws ConfigError one line: `case.json: line 3, column 5: populations[0].tau_mem: expected each key once, got it again`
 */
export function requireDistinctKeys(text: string, source: string): void {
  /** Of the open arrays and objects, the present index or key, and the keys that came before. */
  const path: (string | number)[] = [];
  const keys: (Set<string> | undefined)[] = [];
  let isKey = false;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case openObject:
      case openArray:
        isKey = text.charCodeAt(at) === openObject;
        keys.push(isKey ? new Set() : undefined);
        path.push(isKey ? "" : 0);
        break;
      case closeObject:
      case closeArray:
        keys.pop();
        path.pop();
        isKey = false;
        break;
      case comma:
        isKey = keys.at(-1) !== undefined;
        if (!isKey) path[path.length - 1] = (path.at(-1) as number) + 1;
        break;
      case quote: {
        const start = at;
        at = endOfString(text, at);
        if (!isKey) break;
        const key = JSON.parse(text.slice(start, at + 1)) as string;
        path[path.length - 1] = key;
        if (keys.at(-1)!.has(key)) throw repeated(text, start, path, source);
        keys.at(-1)!.add(key);
        isKey = false;
      }
    }
  }
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  for (; text.charCodeAt(at) !== quote; at++) if (text.charCodeAt(at) === backslash) at++;
  return at;
}

function repeated(text: string, at: number, path: readonly PropertyKey[], source: string): ConfigError {
  const before = text.slice(0, at).split("\n");
  const place = `line ${before.length}, column ${before.at(-1)!.length + 1}`;
  return new ConfigError(`${source}: ${place}: ${pathText(path)}: expected each key once, got it again`);
}
