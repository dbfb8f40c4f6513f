/** Draws a case until it is well conditioned. */
import { type CaseJson, caseFromJson } from "../../../src/oracle/certify/caseJson.ts";
import { spikeCounts } from "../../../src/oracle/simulate/differences.ts";
import { simulate } from "../../../src/oracle/simulate/simulate.ts";
import { consult, type Oracle } from "../consult.ts";
import { createDraw } from "./draw.ts";
import type { Recipe } from "./recipe.ts";

/** 1/ms; the error of a spike's time is that of V divided by its slope. */
const leastSlope = 0.01;
const fewestSpikes = 8;
const mostSpikes = 40;
/** No weight changed by this fraction may add or remove a spike. */
const grazeMargin = 1e-4;

/** @throws Error a thousand draws from the recipe's seed are badly conditioned */
export function drawCase({ seed, draw }: Recipe): CaseJson {
  const random = createDraw(seed);
  for (let attempt = 0; attempt < 1000; attempt++) {
    const json = draw(random);
    if (json.loss.kind === "spike_time_mse") giveTargets(json, random.between);
    if (isConditioned(json, consult(caseFromJson(json)))) return json;
  }
  throw new Error(`seed ${seed} yields no well-conditioned case`);
}

/** A target within 2 ms of every spike. */
function giveTargets(json: CaseJson, between: (low: number, high: number) => number): void {
  if (json.loss.kind !== "spike_time_mse") return;
  const { population } = json.loss;
  const { size } = json.populations.find(({ name }) => name === population)!;
  const { times, neurons } = consult(caseFromJson({ ...json, loss: { kind: "none" } })).spikes[population]!;
  const targets = Array.from({ length: size }, (_, neuron) =>
    Array.from(
      times.filter((_, k) => neurons[k] === neuron),
      (time) => Math.round((time + between(-2, 2)) * 1e4) / 1e4,
    ).sort((x, y) => x - y),
  );
  json.loss = { ...json.loss, targets };
}

function isConditioned(json: CaseJson, oracle: Oracle): boolean {
  const slopes = Object.values(oracle.slopes).flatMap((values) => Array.from(values));
  if (slopes.length < fewestSpikes || slopes.length > mostSpikes || Math.min(...slopes) < leastSlope)
    return false;
  if (json.loss.kind === "first_spike") {
    const silent = Array.from(oracle.readout, (time) => time > json.duration);
    // The one output that a recipe keeps silent is its last, and never the target.
    if (
      silent.some(
        (value, k) =>
          value !== (json.loss.kind === "first_spike" && json.loss.penalty === "exponential" && k === 2),
      )
    )
      return false;
  }
  const { exact, trial } = oracle;
  const counts = spikeCounts(exact, trial);
  for (const { weight } of exact.projections)
    for (const [synapse, value] of weight.entries())
      for (const factor of [1 - grazeMargin, 1 + grazeMargin]) {
        weight[synapse] = exact.math.mul(value, exact.math.from(factor));
        const changed = spikeCounts(exact, simulate(exact));
        weight[synapse] = value;
        if (changed !== counts) return false;
      }
  return true;
}
