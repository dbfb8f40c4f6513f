/** Every case of the suite. */
import { coreCases } from "./core.ts";
import { extremes } from "./extremes.ts";
import { metamorphs } from "./metamorphic.ts";
import type { SuiteCase } from "./recipe.ts";
import { refusals } from "./refusals.ts";
import { scaleCases } from "./scale.ts";
import { smokes } from "./smoke.ts";
import { thresholds } from "./thresholds.ts";

export const suiteCases: readonly SuiteCase[] = [
  ...smokes,
  ...coreCases,
  ...thresholds,
  ...extremes,
  ...refusals,
  ...scaleCases,
  ...metamorphs,
];
