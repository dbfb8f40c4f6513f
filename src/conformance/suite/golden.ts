/** What a suite knows about a case: the file golden.json beside it. */
import { join } from "node:path";
import { z } from "zod";
import { parseWith } from "../../base/parseWith.ts";
import { arraySchema } from "../../format/arraySchemas.ts";
import type { ArraySource } from "../../format/arrays.ts";
import { gradientsSchema, readGradients } from "../../format/gradients.ts";
import { blobsOf } from "../../format/loadCase.ts";
import { readJson } from "../../format/readJson.ts";
import { readTensor, type Tensor } from "../../format/tensor.ts";

export const groups = ["smoke", "core", "ratio", "adversarial", "scale", "batch", "metamorphic"] as const;
export type Group = (typeof groups)[number];

/** Spikes of one population in order of time, with what is known about each. */
export interface GoldenSpikes {
  /** ms */
  readonly times: Float64Array;
  readonly neurons: Float64Array;
  /** Doubles that the time lies between, ms. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** dV/dt just before, 1/ms. */
  readonly slopes: Float64Array;
  /** 1/(τm dV/dt): how far the time moves per unit of voltage, as a share of τm. */
  readonly conditions: Float64Array;
  /** ms by which the time moves per relative change of all numbers of the case; absent where such a change loses spikes. */
  readonly sensitivities: Float64Array | undefined;
}

/** How near one population came to other spikes. */
interface GoldenMargins {
  /** In each stretch between spikes of a neuron that has a maximum of V: threshold − V at the highest, and when. */
  readonly neurons: Float64Array;
  readonly times: Float64Array;
  readonly missed: Float64Array;
  /** Of each spike: V − threshold at the peak that it would have reached without the reset. */
  readonly overshoots: Float64Array;
  readonly sensitivities: { readonly missed: Float64Array; readonly overshoots: Float64Array } | undefined;
}

interface Sensitivities {
  readonly loss: number;
  readonly readout: number;
  /** Euclidean, by tensor. */
  readonly gradients: Readonly<Record<string, number>>;
}

/** States and adjoints, shape [time][neuron]. */
interface GoldenTraces {
  /** ms */
  readonly times: Float64Array;
  readonly populations: Readonly<
    Record<string, Readonly<Record<"v" | "i" | "lambda_v" | "lambda_i", Tensor>>>
  >;
}

export interface Answer {
  readonly spikes: Readonly<Record<string, GoldenSpikes>>;
  readonly margins: Readonly<Record<string, GoldenMargins>>;
  /** Absent in a case without a loss. */
  readonly loss?: number;
  readonly readout?: Float64Array;
  /** By name, such as `projections[0].weight`. */
  readonly gradients: ReadonlyMap<string, Tensor>;
  readonly sensitivities: Sensitivities | undefined;
  /** Of a case of one trial. */
  readonly traces?: GoldenTraces;
}

/** What a suite knows about a case. */
export interface Golden {
  /** The case's name. */
  readonly case: string;
  /** Folder of the suite that it is in. */
  readonly group: Group;
  /** The bug that the case is there to catch. */
  readonly catches: string;
  /** What is wrong with the case, if it must be refused. */
  readonly refuse?: string;
  /** Certified values; absent where the case must be refused. */
  readonly answer?: Answer;
}

/** What every golden.json has, but for its format. */
export const known = {
  case: z.string(),
  group: z.enum(groups),
  catches: z.string(),
  /** SHA-256 over the case's files, for whoever keeps copies. */
  case_sha256: z.string(),
};
export const provenanceSchema = z.record(z.string(), z.string());
const spikesSchema = z.strictObject({
  times: arraySchema,
  neurons: arraySchema,
  lower: arraySchema,
  upper: arraySchema,
  slopes: arraySchema,
  conditions: arraySchema,
  sensitivities: arraySchema.nullable(),
});
const marginsSchema = z.strictObject({
  neurons: arraySchema,
  times: arraySchema,
  missed: arraySchema,
  overshoots: arraySchema,
  sensitivities: z.strictObject({ missed: arraySchema, overshoots: arraySchema }).nullable(),
});
const tracesSchema = z.strictObject({
  times: arraySchema,
  populations: z.record(
    z.string(),
    z.strictObject({ v: arraySchema, i: arraySchema, lambda_v: arraySchema, lambda_i: arraySchema }),
  ),
});
const format = z.literal("goldspike/golden@1");

/** What is known of a trial before its backward pass. */
export const trialAnswer = {
  spikes: z.record(z.string(), spikesSchema),
  margins: z.record(z.string(), marginsSchema),
  loss: z.number().optional(),
  readout: arraySchema.optional(),
};
export const tensorSensitivities = z.record(z.string(), z.number());
const answerSchema = z.strictObject({
  ...trialAnswer,
  gradients: gradientsSchema.optional(),
  sensitivities: z
    .strictObject({ loss: z.number(), readout: z.number(), gradients: tensorSensitivities })
    .nullable()
    .optional(),
  traces: tracesSchema.optional(),
});
export const goldenSchema = z.union([
  z.strictObject({ format, ...known, refuse: z.string() }),
  answerSchema.extend({ format, ...known, provenance: provenanceSchema, traces: tracesSchema }),
]);

/**
 * The golden.json of a case's folder.
 *
 * @throws ConfigError the folder has no golden.json, or one that is none
 */
export async function readGolden(folder: string): Promise<Golden> {
  const path = join(folder, "golden.json");
  const raw = parseWith(goldenSchema, await readJson(path), path);
  return goldenFrom(raw, { source: path, readBlob: blobsOf(folder) });
}

/** The same of what has been read. @throws ConfigError an array that is none */
export function goldenFrom(raw: z.output<typeof goldenSchema>, from: ArraySource): Golden {
  const { case: name, group, catches } = raw;
  const about = { case: name, group, catches };
  if ("refuse" in raw) return { ...about, refuse: raw.refuse };
  return { ...about, answer: answerOf(raw, from) };
}

/** Tensors in place of what their file has. */
export function answerOf(raw: z.output<typeof answerSchema>, from: ArraySource): Answer {
  const values = (array: unknown, path: string) => readTensor(array, path, from).values;
  return {
    spikes: mapValues(raw.spikes, ({ sensitivities, ...rest }, name) => ({
      ...mapValues(rest, (array, key) => values(array, `spikes.${name}.${key}`)),
      sensitivities: sensitivities ? values(sensitivities, `spikes.${name}.sensitivities`) : undefined,
    })),
    margins: mapValues(raw.margins, ({ sensitivities, ...rest }, name) => ({
      ...mapValues(rest, (array, key) => values(array, `margins.${name}.${key}`)),
      sensitivities: sensitivities
        ? mapValues(sensitivities, (array, key) => values(array, `margins.${name}.sensitivities.${key}`))
        : undefined,
    })),
    ...(raw.loss !== undefined && { loss: raw.loss }),
    ...(raw.readout !== undefined && { readout: values(raw.readout, "readout") }),
    gradients: raw.gradients ? readGradients(raw.gradients, from).tensors : new Map(),
    sensitivities: raw.sensitivities ?? undefined,
    ...(raw.traces && { traces: tracesOf(raw.traces, from) }),
  };
}

function tracesOf({ times, populations }: z.output<typeof tracesSchema>, from: ArraySource): GoldenTraces {
  return {
    times: readTensor(times, "traces.times", from).values,
    populations: mapValues(populations, (of, name) =>
      mapValues(of, (array, key) => readTensor(array, `traces.populations.${name}.${key}`, from)),
    ),
  };
}

function mapValues<K extends string, A, B>(
  record: Readonly<Record<K, A>>,
  of: (value: A, name: K) => B,
): Record<K, B> {
  const entries = Object.entries<A>(record).map(([name, value]) => [name, of(value, name as K)]);
  return Object.fromEntries(entries) as Record<K, B>;
}
