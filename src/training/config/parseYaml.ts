/** YAML with errors in one line that say where, and with keys compared in linear time. */
import { type Document, isScalar, LineCounter, parseDocument, visit, type YAMLMap } from "yaml";
import { ConfigError } from "../../base/errors.ts";
import { shown } from "../../base/parseWith.ts";

/**
 * @param source what `text` was read from; starts the message
 * @throws ConfigError one line: it is no YAML or several documents, or a mapping has a key twice or a merge key
 */
export function parseYaml(text: string, source: string): unknown {
  const lines = new LineCounter();
  const fail = (problem: string) => new ConfigError(`${source}: ${problem}`);
  try {
    // The parser would compare every key with every other.
    const document = parseDocument(text, { logLevel: "error", uniqueKeys: false, lineCounter: lines });
    const [error] = document.errors;
    if (error?.code === "MULTIPLE_DOCS")
      throw fail("expected one YAML document, got several; keep one, without --- between settings");
    if (error) throw error;
    const odd = oddKey(document, lines);
    if (odd) throw fail(odd);
    return document.toJS();
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw fail(`not YAML: ${(error as Error).message.split("\n", 1)[0]!.replace(/:$/, "")}`);
  }
}

/** What is wrong with the first key that is there twice, or that merges. */
function oddKey(document: Document, lines: LineCounter): string | undefined {
  let found: string | undefined;
  visit(document, {
    Map(_, map) {
      found = oddKeyOf(map, lines);
      return found === undefined ? undefined : visit.BREAK;
    },
  });
  return found;
}

function oddKeyOf({ items }: YAMLMap, lines: LineCounter): string | undefined {
  const keys = new Set<unknown>();
  for (const { key } of items) {
    if (!isScalar(key)) continue;
    const place = `line ${lines.linePos(key.range?.[0] ?? 0).line}`;
    if (key.value === "<<" && key.type === "PLAIN")
      return `${place}: expected a name, got <<: YAML 1.2 has no merge keys; write the settings out where they belong`;
    if (keys.has(key.value)) return `${place}: expected each key once, got ${shown(key.value)} again`;
    keys.add(key.value);
  }
  return undefined;
}
