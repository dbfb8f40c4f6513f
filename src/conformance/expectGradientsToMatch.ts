/** The verdict on one result as an exception: for tests. */
import { loadCase } from "../case/loadCase.ts";
import { ConfigError } from "../errors.ts";
import { compareResult } from "./compare.ts";
import { factorsOf } from "./factors.ts";
import { readGolden } from "./golden.ts";
import { type ClassChoice, referenceOf } from "./references.ts";
import { parseResult, readResult } from "./result.ts";
import { type Convention, type ConventionName, conventions } from "./twin/convention.ts";
import { summed } from "./verdict.ts";

/** A class, and of T4 and T5 how the backend steps; `tensors` as `--tensors`. */
export type Expected = Pick<ClassChoice, "name"> &
  Partial<Omit<ClassChoice, "convention">> & {
    readonly convention?: ConventionName | Convention;
    readonly tensors?: readonly string[];
  };

/**
 * Resolves if the result passes, or if rounding of its class may decide what differs.
 *
 * @param folder of the case, with case.json and golden.json
 * @param result as result.json holds it, or a folder with one
 * @throws Error with a line for each part that is wrong; ConfigError if there is no such case, or none that has an answer
 */
export async function expectGradientsToMatch(
  folder: string,
  result: unknown,
  { tensors, convention = "genn_eventprop", ...choice }: Expected,
): Promise<void> {
  const golden = await readGolden(folder);
  if (!golden.answer) throw new ConfigError(`${folder}: expected a case with an answer, got one to refuse`);
  const problem = await loadCase(folder);
  const found =
    typeof result === "string"
      ? await readResult(result, golden.case)
      : parseResult(result, { source: "result", readBlob: undefined }, golden.case);
  const steps = typeof convention === "string" ? conventions[convention] : convention;
  const complete = { dt: 0.1, precision: "f64", ...choice, convention: steps } as const;
  const reference = await referenceOf(complete, golden.answer, problem);
  const wanted = (name: string) => tensors?.some((word) => name.includes(word)) ?? true;
  const parts = compareResult(reference, found, { wanted, factors: factorsOf(problem) });
  if (summed(parts).status !== "fail") return;
  const lines = parts.flatMap(({ name, status, message }) =>
    status === "pass" || status === "skipped" ? [] : [`  ${name}: ${message ?? status}`],
  );
  throw new Error([`${golden.case} is not as class ${choice.name} asks:`, ...lines].join("\n"));
}
