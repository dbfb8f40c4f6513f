/** A JSON object has each key once; JSON.parse would take the last silently. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseJson } from "../../src/format/parseJson.ts";

describe("a key that is there twice is named with its place:", () => {
  test.each([
    ['{"a": 1, "a": 1}', "line 1, column 10: a"],
    ['{"a": [{}, {"b": [1, 2],\n "c": "x", "b": 3}]}', "line 2, column 12: a[1].b"],
    ['{"a": 1, "\\u0061": 2}', "line 1, column 10: a"],
    ['{"x": {"a": "a"}, "y": "\\"", "x": 0}', "line 1, column 30: x"],
    ['{"a": {}, "b": [], "c": {"": 1, "": 2}}', 'line 1, column 33: c[""]'],
    ['{"__proto__": 1, "__proto__": 2}', "line 1, column 18: __proto__"],
  ])("%s", (text, place) => {
    expect(() => parseJson(text, "x.json")).toThrow(`x.json: ${place}: expected each key once, got it again`);
  });
});

test("any other JSON is read as JSON.parse reads it, with a byte order mark or without", () => {
  fc.assert(
    fc.property(
      fc.json({ maxDepth: 6 }),
      fc.integer({ min: 0, max: 2 }),
      fc.boolean(),
      (text, indent, marked) => {
        const value: unknown = JSON.parse(text);
        const written = JSON.stringify(value, null, indent);
        expect(parseJson(marked ? `\ufeff${written}` : written, "x.json")).toEqual(JSON.parse(written));
      },
    ),
    { seed: 1, numRuns: 500 },
  );
});
