/** What may be asked, by name: an operation's schema, and what answers it. */
import type { z } from "zod";
import { ConfigError } from "../base/errors.ts";
import { parseWith, shown } from "../base/parseWith.ts";
import { version } from "../base/version.ts";
import type { ReadBlob } from "../format/arrays.ts";
import { cases, casesSchema, questions, questionsSchema } from "./cases.ts";
import { certify, certifySchema } from "./certify.ts";
import { judge, judgeSchema } from "./judge.ts";
import { check, checkSchema } from "./judging.ts";
import type { Request } from "./protocol.ts";
import { report, reportSchema } from "./report.ts";
import { solve, solveSchema } from "./solve.ts";

interface Operation {
  /** @throws ConfigError what is given is wrong; KernelError the case has no answer */
  answer(given: unknown, readBlob: ReadBlob): Promise<unknown>;
}

function operation<Schema extends z.ZodType>(
  schema: Schema,
  answer: (given: z.output<Schema>, readBlob: ReadBlob) => Promise<unknown>,
): Operation {
  return { answer: (given, readBlob) => answer(parseGiven(schema, given), readBlob) };
}

/** The place alone starts a message: whoever asks knows what was asked. */
function parseGiven<Schema extends z.ZodType>(schema: Schema, given: unknown): z.output<Schema> {
  try {
    return parseWith(schema, given, source);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError(error.message.replace(`${source}: `, "").replace(/^judging\./, ""));
  }
}

const source = "given";

const operations: Readonly<Record<string, Operation>> = {
  cases: operation(casesSchema, cases),
  questions: operation(questionsSchema, questions),
  check: operation(checkSchema, check),
  judge: operation(judgeSchema, judge),
  report: operation(reportSchema, report),
  solve: operation(solveSchema, solve),
  certify: operation(certifySchema, certify),
};

/** @throws ConfigError as the operation; there is no such operation */
export async function answerTo({ op, given, readBlob }: Request): Promise<unknown> {
  if (op === "version") return version;
  if (!Object.hasOwn(operations, op)) {
    const names = ["version", ...Object.keys(operations)];
    throw new ConfigError(`op: expected one of ${names.join(", ")}, got ${shown(op)}`);
  }
  return operations[op]!.answer(given, readBlob);
}
