/** Verdicts as they come: lines on stdout, a bar on a terminal, and files that are whole at any moment. */
import { appendFileSync, writeFileSync } from "node:fs";
import { visibleJson, visibleLines } from "../../base/controls.ts";
import { cannotWrite, replaceFile } from "../../base/files.ts";
import { pathOfCase, type SuiteEntry } from "../../conformance/suite/suite.ts";
import { junitXml } from "../../conformance/verdict/junit.ts";
import {
  countsOf,
  type RunAbout,
  type RunReport,
  summaryOf,
  unjudgedKinds,
} from "../../conformance/verdict/runReport.ts";
import type { Verdict, VerdictStatus } from "../../conformance/verdict/verdict.ts";
import { verdictPage } from "../../conformance/verdict/verdictPage.ts";
import { countBar } from "../bars.ts";
import { pairsLine, print, printJson } from "../lines.ts";

export interface ShowOptions {
  readonly about: RunAbout;
  readonly entries: readonly SuiteEntry[];
  readonly json?: boolean | undefined;
  readonly junit?: string | undefined;
  readonly html?: string | undefined;
  /** File for the lines of JSON too. */
  readonly lines?: string | undefined;
}

export class VerdictShow {
  readonly #options: ShowOptions;
  readonly #width: number;
  readonly #bar: ReturnType<typeof countBar>;
  readonly #verdicts = new Map<string, Verdict>();
  readonly #files: readonly LatestFile[];

  /** @throws ConfigError the file for lines cannot be written */
  constructor(options: ShowOptions) {
    const { entries, about, lines, junit, html } = options;
    this.#options = options;
    this.#width = Math.max(...entries.map((entry) => pathOfCase(entry).length));
    this.#files = [
      ...(junit === undefined ? [] : [new LatestFile(junit, junitXml)]),
      ...(html === undefined ? [] : [new LatestFile(html, verdictPage)]),
    ];
    if (lines !== undefined) writeLines(lines, "", writeFileSync);
    this.#tell({ run: { ...about, cases: entries.length } });
    this.#bar = countBar("judging", entries.length, process.stderr);
    // Those of an earlier run would tell of another backend.
    this.#writeFiles();
  }

  /** A verdict, or one in place of an earlier. */
  show(verdict: Verdict): void {
    const { group, case: name, status, message } = verdict;
    const key = pathOfCase({ group, name });
    const isAmended = this.#verdicts.has(key);
    this.#verdicts.set(key, verdict);
    this.#bar.aside(this.#verdicts.size, () => {
      this.#tell({ verdict, ...(isAmended && { amended: true }) });
      if (this.#options.json) return;
      const line = `${key.padEnd(this.#width)}  ${status.padEnd(11)}  ${message}`.trimEnd();
      process.stdout.write(`${coloured(visibleLines(line), status)}\n`);
    });
    this.#writeFiles();
  }

  #writeFiles(): void {
    for (const file of this.#files) file.write(this.report("it was ended, or is still under way"));
  }

  report(unfinished?: string): RunReport {
    const { about, entries } = this.#options;
    const verdicts = entries.flatMap(
      ({ group, name }) => this.#verdicts.get(pathOfCase({ group, name })) ?? [],
    );
    return { about, verdicts, cases: entries.length, unfinished };
  }

  /** Takes the bar away. */
  stop(): void {
    this.#bar.stop();
  }

  /** @throws ConfigError a report cannot be written */
  async finish(report: RunReport): Promise<void> {
    this.stop();
    this.#tell({ summary: summaryOf(report) });
    if (!this.#options.json) print(`${endLines(report)}\n`);
    for (const file of this.#files) await file.close(report);
  }

  #tell(record: object): void {
    const { json, lines } = this.#options;
    if (json) printJson(record);
    if (lines !== undefined) writeLines(lines, `${visibleJson(record)}\n`, appendFileSync);
  }
}

function writeLines(path: string, text: string, by: (path: string, text: string) => void): void {
  try {
    by(path, text);
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

function endLines(report: RunReport): string {
  const { about, verdicts, cases, unfinished } = report;
  const kinds = [...unjudgedKinds(verdicts)];
  const total = kinds.reduce((sum, [, count]) => sum + count, 0);
  const counts = pairsLine({
    ...countsOf(verdicts),
    ...(total > 0 && { unjudged_tensors: total }),
    class: about.class,
  });
  return [
    ...(total === 0
      ? []
      : [
          `not delivered, and not judged: ${kinds.map(([kind, count]) => `${kind} (${count})`).join(", ")}; --require makes tensors mandatory`,
        ]),
    ...(unfinished === undefined ? [] : [`unfinished, ${verdicts.length} of ${cases} cases: ${unfinished}`]),
    counts,
  ].join("\n");
}

const colours: Readonly<Record<VerdictStatus, number>> = {
  pass: 32,
  refused: 32,
  fail: 31,
  error: 31,
  undecidable: 33,
  unsupported: 2,
  expected: 33,
};

/** Where stdout is a terminal with colours and NO_COLOR does not forbid them. */
function coloured(line: string, status: VerdictStatus): string {
  if (!process.stdout.isTTY || !process.stdout.hasColors()) return line;
  return line.replace(` ${status}`, ` \u001b[${colours[status]}m${status}\u001b[0m`);
}

/** A file with a report, written again and again: never half, and the last one last. */
class LatestFile {
  readonly #path: string;
  readonly #textOf: (report: RunReport) => string;
  #waiting: RunReport | undefined;
  #writing: Promise<void> | undefined;

  constructor(path: string, textOf: (report: RunReport) => string) {
    this.#path = path;
    this.#textOf = textOf;
  }

  write(report: RunReport): void {
    this.#waiting = report;
    // Whether it can be written is told at the end.
    this.#writing ??= this.#writeAll().catch(() => {});
  }

  async #writeAll(): Promise<void> {
    try {
      for (let next = this.#waiting; next; next = this.#waiting) {
        this.#waiting = undefined;
        await replaceFile(this.#path, this.#textOf(next));
      }
    } finally {
      this.#writing = undefined;
    }
  }

  /** @throws ConfigError it cannot be written */
  async close(report: RunReport): Promise<void> {
    this.#waiting = undefined;
    await this.#writing;
    await replaceFile(this.#path, this.#textOf(report));
  }
}
