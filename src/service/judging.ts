/** How results are to be judged, as requests have it; and what reports say of it. */
import { hostname } from "node:os";
import { z } from "zod";
import { ConfigError } from "../base/errors.ts";
import { version } from "../base/version.ts";
import { choiceOf, requireExact } from "../conformance/choice.ts";
import { demandOf } from "../conformance/compare/comparison.ts";
import type { Judging } from "../conformance/run/judge.ts";
import { suiteVersion } from "../conformance/suite/checksums.ts";
import { bundledSuite } from "../conformance/suite/suite.ts";
import { requireKnownWords } from "../conformance/suite/tensorWords.ts";
import {
  type ConventionName,
  conventionNames,
  conventions,
  switchTo,
} from "../conformance/twin/convention.ts";
import { classNames } from "../conformance/verdict/classes.ts";
import type { RunAbout } from "../conformance/verdict/runReport.ts";
import { tensorNames } from "../model/tensors.ts";
import { preparedCase, whichCaseSchema } from "./whichCase.ts";

const words = z.array(z.string().min(1));

export const judgingSchema = z.strictObject({
  class: z.enum(classNames).default("T2"),
  dt: z.number().positive("expected a positive number").default(0.1).describe("ms; of T4 and T5."),
  convention: z.enum(conventionNames as [ConventionName, ...ConventionName[]]).default("genn_eventprop"),
  switches: z
    .record(z.string(), z.union([z.string(), z.boolean()]))
    .default({})
    .describe("Habits that are others than the convention's."),
  precision: z.enum(["f64", "f32"]).optional().describe("What the result says, if absent."),
  rtol: z.number().positive("expected a positive number").optional().describe("Of T1 to T3."),
  tensors: words.optional(),
  require: words.optional(),
});
export type JudgingGiven = z.output<typeof judgingSchema>;

/** @throws ConfigError settings that do not go together */
export function judgingOf(given: JudgingGiven): Judging {
  const { class: name, dt, convention, switches, precision, rtol, tensors, require } = given;
  requireExact(name, rtol, "rtol");
  const own = Object.entries(switches).map(([key, value]) => habit(key, String(value)));
  const habits = Object.assign({ ...conventions[convention] }, ...own);
  const choice = choiceOf({
    name,
    dt,
    convention: habits,
    ...(precision && { precision }),
    ...(rtol !== undefined && { rtol }),
  });
  return { choice, demand: demandOf(tensors, require) };
}

function habit(name: string, setting: string) {
  try {
    return switchTo(name, setting);
  } catch (error) {
    throw new ConfigError(`switches: ${(error as Error).message.replace(/\.$/, "")}`);
  }
}

export const checkSchema = z.strictObject({ cases: z.array(whichCaseSchema), judging: judgingSchema });

/** The operation `check`: whether results of these cases can be judged so. No answer but an error, if not. */
export async function check({ cases, judging }: z.output<typeof checkSchema>): Promise<null> {
  judgingOf(judging);
  const { tensors, require } = judging;
  if (tensors === undefined && require === undefined) return null;
  const names = new Set<string>();
  for (const which of cases) {
    const { known } = await preparedCase(which);
    const problem =
      known.kind === "batch" ? known.batch.problem : "problem" in known ? known.problem : undefined;
    for (const name of problem ? tensorNames(problem.network) : []) names.add(name);
  }
  requireKnownWords(names, { ...(tensors && { tensors }), ...(require && { require }) }, (name) => name);
  return null;
}

/** @param name of what is judged */
export async function aboutOf(
  given: JudgingGiven,
  name: string,
  suite: string = bundledSuite,
): Promise<RunAbout> {
  const { class: className, dt, convention, switches, precision, rtol, tensors, require } = given;
  const suite_version = await suiteVersion(suite);
  const steps = className === "T4" || className === "T5";
  return {
    command: name,
    class: className,
    ...(steps && {
      convention,
      switches: Object.entries(switches).map(([key, value]) => `${key}=${value}`),
      dt,
    }),
    ...(precision && { precision }),
    ...(rtol !== undefined && { rtol }),
    ...(tensors && { tensors }),
    ...(require && { require }),
    suite,
    ...(suite_version !== undefined && { suite_version }),
    version,
    date: new Date().toISOString(),
    host: hostname(),
  };
}
