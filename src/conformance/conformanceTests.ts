/** Cases of the suite as tests of a test runner: one each, for backends that are functions of the same process. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError } from "../base/errors.ts";
import { loadCase } from "../format/loadCase.ts";
import type { Case } from "../model/case.ts";
import { type Batch, loadBatch } from "./batch/batch.ts";
import { choiceOf, type Expected, plain } from "./choice.ts";
import { demandOf } from "./compare/comparison.ts";
import type { Judging } from "./run/judge.ts";
import type { Answered, Outcome } from "./run/outcome.ts";
import { prepare } from "./run/prepare.ts";
import { type Files, foregone, questionsOf, verdictOn } from "./run/questions.ts";
import type { Group } from "./suite/golden.ts";
import { bundledSuite, listSuite, pathOfCase } from "./suite/suite.ts";
import type { ClassName } from "./verdict/classes.ts";
import { isWrong } from "./verdict/verdict.ts";

/** Thrown by a backend at a legal case that it cannot solve: the test is skipped. */
export class Unsupported extends Error {}

/** What a backend gets. */
export interface Question {
  /** Holds case.json and its raw files, and batch.json of a batch. */
  readonly folder: string;
  /** The case as it was read. */
  readonly problem: Case;
  /** Of a batch. */
  readonly batch: Batch | undefined;
}

/** `test` of vitest, or of Node. */
type Test = (name: string, run: (context: { skip(note?: string): unknown }) => Promise<void>) => unknown;

interface Chosen {
  /** A folder of groups; the bundled suite if absent. */
  readonly suite?: string;
  /** All groups, if absent. */
  readonly group?: readonly Group[];
}

/**
 * A test for each case: it fails with the verdict's line and one for each part that is wrong, and is skipped where the backend
 * throws `Unsupported`, or the class cannot judge the case. Cases that must be refused are not among them: reading them throws
 * before any backend is asked.
 *
 * @param test of the test runner
 * @param expected the class, alone or with what goes with it, and which cases
 * @param solve its result is an object as result.json holds it, typed arrays for arrays of numbers too
 * @throws ConfigError there is no such suite or group
 */
export async function conformanceTests(
  test: Test,
  expected: ClassName | (Expected & Chosen),
  solve: (question: Question) => unknown,
): Promise<void> {
  const {
    suite = bundledSuite,
    group,
    ...rest
  }: Expected & Chosen = typeof expected === "string" ? { name: expected } : expected;
  const judging: Judging = { choice: choiceOf(rest), demand: demandOf(rest.tensors, rest.require) };
  const entries = (await listSuite(suite)).filter((entry) => group?.includes(entry.group) ?? true);
  if (entries.length === 0) throw new ConfigError(`group: expected one with cases, got ${group?.join(", ")}`);
  for (const entry of entries) {
    const prepared = await prepare(entry);
    if (prepared.known.kind === "refused") continue;
    test(pathOfCase(entry), async (context) => {
      const verdict =
        foregone(prepared, judging) ??
        (await answering(questionsOf(prepared), solve, (answers) => verdictOn(prepared, answers, judging)));
      if (verdict.status === "unsupported") {
        context.skip(verdict.message);
        return;
      }
      if (verdict.status !== "fail" && verdict.status !== "error") return;
      const wrong = verdict.parts.filter(isWrong);
      const lines = wrong.map(({ name, status, message }) => `  ${name}: ${message ?? status}`);
      throw new Error([`${pathOfCase(entry)}: ${verdict.message}`, ...lines].join("\n"));
    });
  }
}

/** In folders, as other backends have it. */
async function answering<T>(
  questions: readonly Files[],
  solve: (question: Question) => unknown,
  then: (answers: readonly Answered[]) => Promise<T>,
): Promise<T> {
  const place = await mkdtemp(join(tmpdir(), "goldspike-"));
  try {
    const answers: Answered[] = [];
    for (const files of questions) {
      const [from, to] = [await mkdtemp(join(place, "case-")), await mkdtemp(join(place, "result-"))];
      for (const [name, content] of files) await writeFile(join(from, name), content);
      answers.push({ outcome: await outcomeOf(from, to, solve), place: to });
    }
    return await then(answers);
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

async function outcomeOf(
  folder: string,
  to: string,
  solve: (question: Question) => unknown,
): Promise<Outcome> {
  const of = (status: Outcome["status"], message: string): Outcome => ({ status, message, seconds: 0 });
  try {
    const question = { folder, problem: await loadCase(folder), batch: await loadBatch(folder) };
    const result = plain(await solve(question));
    await writeFile(join(to, "result.json"), JSON.stringify(result));
    return of("done", "expected a result, got none");
  } catch (error) {
    if (error instanceof Unsupported) return of("unsupported", error.message);
    throw error;
  }
}
