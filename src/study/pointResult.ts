/** What of a point's finished run is compared, read from its folder. */
import { z } from "zod";
import { readText } from "../base/text.ts";
import { parseJson } from "../format/parseJson.ts";
import { runFile } from "../run/runFolder.ts";
import type { Point } from "./points.ts";
import { pointFolder } from "./studyFolder.ts";

const scoreSchema = z.object({ trials: z.number(), loss: z.number(), accuracy: z.number() });

const resultSchema = z.object({
  ended: z.string(),
  epochs: z.number(),
  selected: z.object({ epoch: z.number() }),
  validation: scoreSchema.optional(),
  test: scoreSchema.optional(),
  /** Of the test part where there is one, else of the validation part. */
  confusion: z.object({ counts: z.array(z.array(z.number())) }),
});

export type PointResult = z.output<typeof resultSchema>;

/** Undefined where there is none, or a damaged one, which the run's checkpoints make again. */
export function resultOf(folder: string, { hash }: Point): PointResult | undefined {
  const path = runFile(pointFolder(folder, hash), "result");
  try {
    const found = resultSchema.safeParse(parseJson(readText(path), path));
    return found.success ? found.data : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a run has been trained for as many epochs, or has come to its end before by what its settings say. */
export function hasReached(result: PointResult | undefined, epochs: number): result is PointResult {
  return result !== undefined && (result.epochs >= epochs || result.ended !== "epochs");
}
