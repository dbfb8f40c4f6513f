/** goldspike/training: what it exports, and that its documented options are those that it knows. */
import { expect, expectTypeOf, test } from "vitest";
import type { z } from "zod";
import type { AugmentationConfig } from "../../src/data/settings.ts";
import type { TrainedLossKind } from "../../src/training/config/loss.ts";
import type { ownSettingsSchema } from "../../src/training/config/own.ts";
import * as training from "../../src/training.ts";

test("its functions are these", () => {
  expect(Object.keys(training).sort()).toEqual([
    "ConfigError",
    "KernelError",
    "configuredTraining",
    "createTraining",
    "drawNetwork",
    "loadCheckpoint",
    "loadData",
    "loadNetwork",
    "loadRunConfig",
    "oneThread",
    "parseRunConfig",
    "readShdFile",
    "samplesOf",
    "saveCheckpoint",
    "saveNetwork",
    "saveRun",
    "workerThreads",
    "yinYang",
  ]);
});

type Camel<Name extends string> = Name extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<Camel<Tail>>}`
  : Name;
/** The keys of the settings that are checked, as programs spell them. */
type Settings = { [Key in keyof z.input<typeof ownSettingsSchema> & string as Camel<Key>]: unknown };

test("its documented options are those that it takes", () => {
  type Given = Omit<training.TrainingOptions, "network" | "data" | "threads">;
  expectTypeOf<keyof Given>().toEqualTypeOf<keyof Settings>();
});

test("its losses and augmentations are those of runs", () => {
  expectTypeOf<training.TrainingLoss["kind"]>().toEqualTypeOf<TrainedLossKind>();
  expectTypeOf<training.Augmentation["kind"]>().toEqualTypeOf<AugmentationConfig["kind"]>();
});
