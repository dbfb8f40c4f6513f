/** The operation `report`: what only all verdicts of a run show, their counts, and the kit's page and JUnit file. */
import { z } from "zod";
import { lackingElsewhere } from "../conformance/run/lackingElsewhere.ts";
import type { Prepared } from "../conformance/run/prepare.ts";
import { groups } from "../conformance/suite/golden.ts";
import { classNames } from "../conformance/verdict/classes.ts";
import { junitXml } from "../conformance/verdict/junit.ts";
import { failureOf, type RunReport, summaryOf } from "../conformance/verdict/runReport.ts";
import { partStatuses, type Verdict, verdictStatuses } from "../conformance/verdict/verdict.ts";
import { verdictPage } from "../conformance/verdict/verdictPage.ts";
import { aboutOf, judgingSchema } from "./judging.ts";
import { preparedCase, whichCaseSchema } from "./whichCase.ts";

const verdictSchema = z.strictObject({
  case: z.string(),
  group: z.enum(groups),
  catches: z.string(),
  class: z.enum(classNames),
  status: z.enum(verdictStatuses),
  message: z.string(),
  parts: z.array(
    z.strictObject({
      name: z.string(),
      status: z.enum(partStatuses),
      error: z.number().optional(),
      tolerance: z.number().optional(),
      message: z.string().optional(),
    }),
  ),
  seconds: z.number(),
});

export const reportSchema = z.strictObject({
  cases: z.array(whichCaseSchema).describe("As many as verdicts, in the same order."),
  verdicts: z.array(verdictSchema),
  judging: judgingSchema,
  name: z.string().describe("Of what is judged."),
  suite: z.string().optional(),
  forms: z
    .array(z.enum(["html", "junit"]))
    .default([])
    .describe("Wanted as text."),
});

/** `verdicts`, some of them others than before; `summary`, `failure` (why the run is no success, or null); `html`, `junit`. */
export async function report(given: z.output<typeof reportSchema>) {
  const prepared: Prepared[] = [];
  for (const which of given.cases) prepared.push(await preparedCase(which));
  const before = given.verdicts as Verdict[];
  const later = lackingElsewhere(prepared, before);
  const verdicts = before.map((verdict, k) => later.get(k) ?? verdict);
  const whole: RunReport = {
    about: await aboutOf(given.judging, given.name, given.suite),
    verdicts,
    cases: verdicts.length,
  };
  return {
    verdicts,
    summary: summaryOf(whole),
    failure: failureOf(whole) ?? null,
    ...(given.forms.includes("html") && { html: verdictPage(whole) }),
    ...(given.forms.includes("junit") && { junit: junitXml(whole) }),
  };
}
