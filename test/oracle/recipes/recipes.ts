/** Core cases that between them show every feature of the case format. */
import {
  aboveThreshold,
  feedForward,
  longTrial,
  recurrentLinear,
  synapseDelays,
  uniformDelay,
} from "./integralRecipes.ts";
import {
  equalTaus,
  firstSpikeExponential,
  firstSpikeHyperbolic,
  nearlyEqualTaus,
  spikeTimes,
  twoLayers,
} from "./otherRecipes.ts";
import type { Recipe } from "./recipe.ts";

export const recipes: readonly Recipe[] = [
  feedForward,
  recurrentLinear,
  synapseDelays,
  uniformDelay,
  firstSpikeExponential,
  firstSpikeHyperbolic,
  equalTaus,
  nearlyEqualTaus,
  longTrial,
  twoLayers,
  spikeTimes,
  aboveThreshold,
];
