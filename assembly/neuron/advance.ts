/** One population from one instant to the next, by whichever of the flows fits it: the forward pass and its replay alike. */
import { PopulationFlag } from "../kinds";
import { Coefficients, prepareFlow } from "./coefficients";
import { flow } from "./flow";
import { flowOwn } from "./own_flow";
import { Population } from "./population";
import { halvingsOf } from "./short_flow";
import { flagAll, flowAndTest, isTested, testUntil } from "./tangent_test";

/** Flows by x ms, adds the arrivals of `row`, and lists who may cross a threshold within the next `horizon` ms. */
export function advance(population: Population, x: f64, row: usize, horizon: f64, slot: Coefficients): void {
  const isUniform = (population.flags & PopulationFlag.uniform) != 0;
  const halvings = population.flags & PopulationFlag.hasRest ? -1 : halvingsOf(population, x);
  if (halvings >= 0) {
    flowOwn(population, x, halvings, row, horizon);
    if (!isTested(population)) flagAll(population);
    return;
  }
  prepareFlow(population, x, false, slot);
  if (isUniform && isTested(population)) {
    flowAndTest(population, row, horizon);
  } else {
    flow(population, row);
    testUntil(population, horizon);
  }
}
