/** The settings of a training whose network and data are a program's own: those of a run but for what describes the two. */
import { z } from "zod";
import { inputSchema } from "../../data/settings.ts";
import { count, wholeNumber } from "../../format/values.ts";
import { optimizerSchema } from "./optimizer.ts";
import type { Decided, ResolvedConfig } from "./resolve.ts";
import { runConfigSchema } from "./run.ts";

const { kind } = optimizerSchema.shape;

export const ownSettingsSchema = runConfigSchema
  .omit({ dataset: true, split: true, network: true, gradient_scale: true, threads: true })
  .extend({
    input: inputSchema.omit({ channel_scale: true, time_scale: true }).prefault({}),
    optimizer: optimizerSchema.extend({ kind: kind.default(kind.value) }).prefault({}),
    epochs: count().optional(),
    max_input_spikes: wholeNumber.optional(),
    output: z.string().optional(),
    train: z.array(z.string()).optional(),
    bounds: z
      .record(z.string(), z.strictObject({ min: z.number().optional(), max: z.number().optional() }))
      .default({}),
  });

/** As checkpoints keep them: with the network's shape, by which a checkpoint and a training know each other. */
export const ownConfigSchema = ownSettingsSchema.extend({
  network: z.strictObject({
    input_channels: count(),
    populations: z.array(z.strictObject({ name: z.string(), size: count(), model: z.enum(["lif", "li"]) })),
    projections: z.array(z.strictObject({ from: z.string(), to: z.string() })),
  }),
});

/** Every decision says on which accuracy it rests, and what is trained is named. */
export type OwnConfig = z.output<typeof ownConfigSchema> & {
  readonly optimizer: { readonly plateau?: Decided | undefined };
  readonly stopping: Decided;
  readonly selection: Decided;
  readonly output: string;
  readonly train: readonly string[];
};

/** What a trainer is told, whatever its network is described by. */
export type TrainerConfig = ResolvedConfig | OwnConfig;
