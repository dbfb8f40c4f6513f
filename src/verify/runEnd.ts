/** What the end of a run has left: scores that fit the run and each other, and a page with the same numbers. */
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { ConfigError } from "../base/errors.ts";
import { parseWith, shown } from "../base/parseWith.ts";
import { readText } from "../base/text.ts";
import { parseJson } from "../format/parseJson.ts";
import { count, significant } from "../report/format.ts";
import { html } from "../report/html.ts";
import type { Checkpoint } from "../run/checkpoint.ts";

const number = z.int().min(0);
const score = z.strictObject({
  trials: number,
  loss: z.number(),
  accuracy: z.number().min(0).max(1),
});
const resultSchema = z.strictObject({
  version: z.string(),
  ended: z.enum(["epochs", "at_accuracy", "patience"]),
  epochs: number,
  selected: z.strictObject({ epoch: number, of: z.enum(["train", "validation"]) }),
  validation: score.optional(),
  test: score.optional(),
  train: score.optional(),
  confusion: z.strictObject({
    part: z.enum(["train", "validation", "test"]),
    classes: z.array(z.string()),
    counts: z.array(z.array(number)),
  }),
});

export type RunResult = z.output<typeof resultSchema>;

/**
 * @param last the newest checkpoint, if it can be read
 * @returns what the file holds
 * @throws ConfigError naming the first number that does not fit
 */
export function checkedResult(path: string, last: Omit<Checkpoint, "tensors"> | undefined): RunResult {
  const text = readText(path);
  const result = parseWith(resultSchema, parseJson(text, path), path);
  const require = (place: string, found: unknown, expected: unknown) => {
    if (!isDeepStrictEqual(found, expected))
      throw new ConfigError(`${path}: ${place}: expected ${shown(expected)}, got ${shown(found)}`);
  };
  const { confusion } = result;
  const { trials, accuracy } = scoreOf(result, path);
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
    for (const part of ["train", "test"] as const)
      if (result[part] || part === "test")
        require(`${part}.trials`, result[part]?.trials, data[part]?.trials);
    const score = history[epoch - 1]?.validation;
    for (const key of ["trials", "loss", "accuracy"] as const)
      require(`validation.${key}`, result.validation?.[key], score?.[key]);
  }
  if (text !== `${JSON.stringify(result, null, 2)}\n`)
    throw new ConfigError(`${path}: expected the text that a run writes, got an edited or a damaged one`);
  return result;
}

function scoreOf(result: RunResult, path: string): z.output<typeof score> {
  const found = result[result.confusion.part];
  if (found) return found;
  throw new ConfigError(
    `${path}: ${result.confusion.part}: expected the score of the confusion's part, got nothing`,
  );
}

/**
 * As far as a page can be checked that nothing is signed of: that it is all there, its settings and its scores.
 *
 * @param settings of the run as their file has them, and its `result`, if they can be read
 * @throws ConfigError
 */
export function checkReport(path: string, settings: string | undefined, result: RunResult | undefined): void {
  const text = readText(path);
  const fail = (message: string) => {
    throw new ConfigError(`${path}: ${message}`);
  };
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a page has none of them.
  if (/[\x00-\x08\x0b-\x1f\x7f]/.test(text)) fail("expected a page of text, got control characters");
  if (!text.startsWith("<!doctype html>") || !text.endsWith("</html>\n"))
    fail("is cut short: expected a page from <!doctype html> to </html>");
  requireBalanced(text, path);
  if (settings !== undefined && !text.includes(html`<pre>${settings}</pre>`.text))
    fail("expected the settings of the run's configuration, got others");
  for (const part of ["train", "validation", "test"] as const) {
    const score = result?.[part];
    if (score && !text.includes(scoreText(score)))
      fail(`${part}: expected ${shown(scoreText(score))} as in the run's result, got something else`);
  }
}

/** Elements without an end. */
const single = /^(meta|br|hr|img|input|link)$/;

function requireBalanced(text: string, path: string): void {
  const open: string[] = [];
  const fail = (tag: string) => {
    throw new ConfigError(`${path}: expected elements that end as they begin, got ${shown(tag)}`);
  };
  for (const [tag, end, name, empty] of text.matchAll(
    /<(\/?)([a-zA-Z][\w-]*)(?:[^<>"']|"[^"]*"|'[^']*')*?(\/?)>/g,
  )) {
    if (empty || single.test(name!)) continue;
    if (end === "") open.push(name!);
    else if (open.pop() !== name) fail(tag);
  }
  if (open.length > 0) fail(`<${open.at(-1)}>`);
}

/** As the page has it. */
function scoreText({ trials, loss, accuracy }: z.output<typeof score>): string {
  return `${count(Math.round(accuracy * trials))} of ${count(trials)} trials, loss ${significant(loss)}`;
}
