/** The operation `judge`: the verdict on a backend's answers to one case. */
import { z } from "zod";
import { ConfigError } from "../base/errors.ts";
import { shown } from "../base/parseWith.ts";
import { type Answered, outcomeStatuses } from "../conformance/run/outcome.ts";
import { foregone, questionsOf, verdictOn } from "../conformance/run/questions.ts";
import type { Verdict } from "../conformance/verdict/verdict.ts";
import type { ReadBlob } from "../format/arrays.ts";
import { judgingOf, judgingSchema } from "./judging.ts";
import { preparedCase, whichCaseSchema } from "./whichCase.ts";

export const judgeSchema = z.strictObject({
  case: whichCaseSchema,
  answers: z
    .array(
      z.strictObject({
        status: z.enum(outcomeStatuses),
        message: z.string().default(""),
        seconds: z.number().min(0).default(0),
        result: z.unknown().optional().describe("As result.json has it."),
      }),
    )
    .describe("To the questions about the case, in order; none where the class has no verdict on it."),
  judging: judgingSchema,
});

/** A verdict: `group`, `case`, `catches`, `class`, `status`, `message`, `parts`, `seconds`. */
export async function judge(
  { case: which, answers, judging: given }: z.output<typeof judgeSchema>,
  readBlob: ReadBlob,
): Promise<Verdict> {
  const prepared = await preparedCase(which, readBlob);
  const judging = judgingOf(given);
  const { entry, catches } = prepared;
  const early = foregone(prepared, judging);
  const asked = questionsOf(prepared).length;
  if (!early && answers.length !== asked)
    throw new ConfigError(`answers: expected ${asked}, one to each question, got ${shown(answers.length)}`);
  const answered = answers.map(({ result, ...outcome }): Answered => {
    return { outcome, place: { json: result, readBlob } };
  });
  return {
    case: entry.name,
    group: entry.group,
    catches,
    class: judging.choice.name,
    ...(early ?? (await verdictOn(prepared, answered, judging))),
    seconds: answers.reduce((sum, { seconds }) => sum + seconds, 0),
  };
}
