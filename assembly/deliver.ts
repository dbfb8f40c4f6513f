/** Jump: what one event adds to the currents of its targets. Rows that arrive at one instant are summed first. */
import { coefficientStride } from "./coefficients";
import { addTo } from "./lanes";
import { DelayKind, EventKind } from "./kinds";
import { Event, Plan, Population, Projection, outgoing, populationAt, projectionAt } from "./plan";

/** Weights (or gradients) of the synapses that leave neuron `source`. */
export function rowOf(matrix: usize, projection: Projection, source: u32): usize {
  return matrix + <usize>source * <usize>projection.stride * sizeof<real>();
}

/** Adds a row to what arrives at a population at this instant. */
function arrive(population: Population, row: usize): void {
  if (population.row == 0) {
    population.row = row;
    return;
  }
  addTo(population.drive, population.row, row, coefficientStride(population));
  population.row = population.drive;
}

function arriveOne(population: Population, neuron: u32, weight: real): void {
  const bytes = <usize>population.stride * sizeof<real>();
  if (population.row == 0) memory.fill(population.drive, 0, bytes);
  else if (population.row != population.drive) memory.copy(population.drive, population.row, bytes);
  population.row = population.drive;
  const at = population.drive + <usize>neuron * sizeof<real>();
  store<real>(at, load<real>(at) + weight);
}

/** Deliveries of an event that happen at its own instant. */
export function deliver(plan: Plan, event: Event): void {
  if (event.kind == EventKind.delivery) {
    deliverDelayed(plan, event);
    return;
  }
  const range = outgoing(plan, event.group);
  for (let p = <u32>range; p < <u32>(range >> 32); p++) {
    const projection = projectionAt(plan, p);
    if (projection.delayKind != DelayKind.none || projection.target >= plan.simulatedCount) continue;
    arrive(populationAt(plan, projection.target), rowOf(projection.weight, projection, event.source));
  }
}

function deliverDelayed(plan: Plan, event: Event): void {
  const projection = projectionAt(plan, event.projection);
  if (projection.target >= plan.simulatedCount) return;
  const population = populationAt(plan, projection.target);
  const row = rowOf(projection.weight, projection, event.source);
  if (projection.delayKind == DelayKind.shared) {
    arrive(population, row);
    return;
  }
  const order = projection.order + ((<usize>event.source * projection.stride) << 2);
  for (let k = event.first; k < event.first + event.count; k++) {
    const neuron = load<u32>(order + (<usize>k << 2));
    arriveOne(population, neuron, load<real>(row + <usize>neuron * sizeof<real>()));
  }
}
