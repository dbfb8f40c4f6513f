/** Every case of the suite. */
import { activity } from "./activity.ts";
import { batches } from "./batches.ts";
import { constants } from "./constants.ts";
import { coreCases } from "./core.ts";
import { depth } from "./depth.ts";
import { ends } from "./ends.ts";
import { firstSpikes } from "./firsts.ts";
import { linears } from "./linear.ts";
import { metamorphs } from "./metamorphic.ts";
import { ratioCases } from "./ratio.ts";
import { readouts } from "./readouts.ts";
import type { SuiteCase } from "./recipe.ts";
import { refusals } from "./refusals.ts";
import { scaleCases } from "./scale.ts";
import { smokes } from "./smoke.ts";
import { thresholds } from "./thresholds.ts";
import { timing } from "./timing.ts";

export const suiteCases: readonly SuiteCase[] = [
  ...smokes,
  ...coreCases,
  ...ratioCases,
  ...thresholds,
  ...activity,
  ...timing,
  ...ends,
  ...constants,
  ...readouts,
  ...firstSpikes,
  ...depth,
  ...linears,
  ...refusals,
  ...scaleCases,
  ...batches,
  ...metamorphs,
];
