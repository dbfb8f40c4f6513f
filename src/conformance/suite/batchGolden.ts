/** What a suite knows about a batch: golden.json of the format `goldspike/batch_golden@1`. */
import { join } from "node:path";
import { z } from "zod";
import { parseWith } from "../../base/parseWith.ts";
import { gradientsSchema } from "../../format/gradients.ts";
import { blobsOf } from "../../format/loadCase.ts";
import { readJson } from "../../format/readJson.ts";
import {
  type Answer,
  answerOf,
  type Golden,
  known,
  provenanceSchema,
  tensorSensitivities,
  trialAnswer,
} from "./golden.ts";

export interface BatchAnswer {
  /** Without gradients. */
  readonly trials: readonly Answer[];
  /** Gradients summed over a batch's trials, and nothing else. */
  readonly batches: readonly Answer[];
}

type BatchGolden = Pick<Golden, "case" | "group" | "catches"> & { readonly answer: BatchAnswer };

export const batchGoldenSchema = z.strictObject({
  format: z.literal("goldspike/batch_golden@1"),
  ...known,
  provenance: provenanceSchema,
  trials: z.array(
    z.strictObject({
      ...trialAnswer,
      sensitivities: z.strictObject({ loss: z.number(), readout: z.number() }).nullable(),
    }),
  ),
  batches: z.array(
    z.strictObject({ gradients: gradientsSchema, sensitivities: tensorSensitivities.nullable() }),
  ),
});

/** @throws ConfigError as `readGolden` */
export async function readBatchGolden(folder: string): Promise<BatchGolden> {
  const path = join(folder, "golden.json");
  const raw = parseWith(batchGoldenSchema, await readJson(path), path);
  const { case: name, group, catches, trials, batches } = raw;
  const from = { source: path, readBlob: blobsOf(folder) };
  return {
    case: name,
    group,
    catches,
    answer: {
      trials: trials.map(({ sensitivities, ...trial }) =>
        answerOf({ ...trial, sensitivities: sensitivities && { ...sensitivities, gradients: {} } }, from),
      ),
      batches: batches.map(({ gradients, sensitivities }) =>
        answerOf(
          {
            spikes: {},
            margins: {},
            gradients,
            sensitivities: sensitivities && { loss: 0, readout: 0, gradients: sensitivities },
          },
          from,
        ),
      ),
    },
  };
}
