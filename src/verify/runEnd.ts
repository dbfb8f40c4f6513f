/** What the end of a run has left: scores that fit the run and each other, and a page with the same numbers. */
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { ConfigError } from "../base/errors.ts";
import { complaint, parseWith } from "../base/parseWith.ts";
import { readText } from "../base/text.ts";
import { readJson } from "../format/readJson.ts";
import { html } from "../report/html.ts";
import type { Checkpoint } from "../run/checkpoint.ts";

const count = z.int().min(0);
const score = z.strictObject({
  trials: count,
  loss: z.number(),
  accuracy: z.number().min(0).max(1),
});
const resultSchema = z.strictObject({
  version: z.string(),
  ended: z.string(),
  epochs: count,
  selected: z.strictObject({ epoch: count, of: z.enum(["train", "validation"]) }),
  validation: score.optional(),
  test: score,
  confusion: z.strictObject({
    part: z.enum(["validation", "test"]),
    classes: z.array(z.string()),
    counts: z.array(z.array(count)),
  }),
});

/**
 * @param last the newest checkpoint, if it can be read
 * @returns what the file says
 * @throws ConfigError naming the first number that does not fit
 */
export async function checkResult(path: string, last: Checkpoint | undefined): Promise<string> {
  const result = parseWith(resultSchema, await readJson(path), path);
  const { confusion } = result;
  const require = (place: string, found: unknown, expected: unknown) => {
    if (!isDeepStrictEqual(found, expected))
      throw complaint(path, [place], `expected ${JSON.stringify(expected)}`, found);
  };
  const { trials, accuracy } = result[confusion.part] ?? result.test;
  const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
  const right = sum(confusion.counts.map((row, label) => row[label] ?? 0));
  require("confusion.counts", sum(confusion.counts.map(sum)), trials);
  require(`${confusion.part}.accuracy`, accuracy, right / trials);
  if (last) {
    const { history, progress, configuration, classes, data } = last;
    const { epoch } = progress.selected;
    require("epochs", result.epochs, history.length);
    require("selected", result.selected, { epoch, of: configuration.selection.of });
    require("confusion.classes", confusion.classes, classes);
    require("test.trials", result.test.trials, data.test?.trials);
    require("validation", result.validation, history[epoch - 1]?.validation);
  }
  return `ended after epoch ${result.epochs}`;
}

/**
 * As far as a page can be checked that nothing is signed of: that it is all there, and its settings.
 *
 * @param config the run's settings as their file has them, if it can be read
 * @throws ConfigError
 */
export function checkReport(path: string, config: string | undefined): string {
  const text = readText(path);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a page has none of them.
  const control = /[\x00-\x08\x0b-\x1f\x7f]/.exec(text)?.[0];
  if (control !== undefined) throw complaint(path, [], "expected a page of text", control);
  if (!text.startsWith("<!doctype html>") || !text.endsWith("</html>\n"))
    throw new ConfigError(`${path}: is cut short: expected a page from <!doctype html> to </html>`);
  requireBalanced(text, path);
  if (config !== undefined && !text.includes(html`<pre>${config}</pre>`.text))
    throw new ConfigError(`${path}: expected the settings of the run's configuration, got others`);
  return "";
}

/** Elements without an end. */
const single = /^(meta|br|hr|img|input|link)$/;

function requireBalanced(text: string, path: string): void {
  const open: string[] = [];
  for (const [tag, end, name, empty] of text.matchAll(
    /<(\/?)([a-zA-Z][\w-]*)(?:[^<>"']|"[^"]*"|'[^']*')*?(\/?)>/g,
  )) {
    if (empty || single.test(name!)) continue;
    if (end === "") open.push(name!);
    else if (open.pop() !== name) throw complaint(path, [], "expected elements that end as they begin", tag);
  }
  if (open.length > 0)
    throw complaint(path, [], "expected elements that end as they begin", `<${open.at(-1)}>`);
}
