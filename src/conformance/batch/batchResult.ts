/** The result of a batch, `goldspike/batch_result@1`: every trial's own parts, and every batch's gradient. */
import { z } from "zod";
import { parseWith } from "../../base/parseWith.ts";
import type { ArraySource } from "../../format/arrays.ts";
import { gradientsSchema } from "../../format/gradients.ts";
import type { JsonTree } from "../../format/jsonChunks.ts";
import {
  type ResultPlace,
  readParts,
  requireName,
  sender,
  trialParts,
  writtenTo,
} from "../../format/result.ts";
import { gradientsJson, partsJson } from "../../format/resultJson.ts";
import type { Network } from "../../model/network.ts";
import type { BatchResult } from "./solveBatch.ts";

const format = "goldspike/batch_result@1";

export const batchResultSchema = z.strictObject({
  format: z.literal(format),
  ...sender,
  trials: z.array(z.strictObject(trialParts)).describe("In the order of batch.json."),
  batches: z
    .array(z.strictObject({ gradients: gradientsSchema.describe("Sums over the batch's trials.") }))
    .describe("In order."),
});

/** For `jsonChunks`. */
export function batchResultJson(network: Network, { trials, batches }: BatchResult): JsonTree {
  const { case: name, backend, precision } = trials[0]!;
  return {
    format,
    case: name,
    backend,
    precision,
    trials: trials.map((trial) => partsJson(network, trial)),
    batches: batches.map(({ gradients }) => ({ gradients: gradientsJson(network, gradients.tensors) })),
  };
}

/**
 * What a backend wrote for a batch; undefined if it is a result of case.json alone.
 *
 * @param name of the case that was to be solved
 * @throws ConfigError as `readResult`
 */
export async function readBatchResult(place: ResultPlace, name: string): Promise<BatchResult | undefined> {
  const { json, from } = await writtenTo(place, "result.json");
  if ((json as { format?: unknown } | null)?.format === "goldspike/result@1") return undefined;
  return parseBatchResult(json, from, name);
}

/** What `json` holds, raw files read from where `from` says. Throws as `readResult`. */
export function parseBatchResult(json: unknown, from: ArraySource, name: string): BatchResult {
  const raw = parseWith(batchResultSchema, json, from.source);
  requireName(raw.case, name, from.source);
  const by = { case: raw.case, backend: raw.backend, precision: raw.precision };
  const results = (prefix: string, parts: readonly Parameters<typeof readParts>[0][]) =>
    parts.map((part, k) => ({
      ...by,
      ...readParts(part, { ...from, source: `${from.source}: ${prefix}[${k}]` }),
    }));
  return { trials: results("trials", raw.trials), batches: results("batches", raw.batches) };
}
