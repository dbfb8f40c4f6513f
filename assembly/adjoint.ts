/**
 * The adjoint pass: the events of the forward pass in reverse; flow*, then jump*. With gu = ∂L/∂u, gi = ∂L/∂I of a
 * neuron just after an event and h = β gi − α gu, what moving an arrival by 1 ms does per unit of weight,
 *
 *   arrival at j, weight w:  ∂L/∂w += gi_j,   ∂L/∂t += w h_j   (of the sender; also ∂L/∂delay)
 *   spike of n:  ∂L/∂t = Σ_arrivals w h − α_n (I_n − reset_n) gu_n + ∂l/∂t,   gu_n ← −(∂L/∂t)/slope
 *
 * A regulariser then adds to gu_n: it is no gradient of anything, but a jump of λ_V as [NTK25] makes it.
 *
 * which are the jumps of [Wunderlich & Pehle 2021] with λ_V = −gu/τ_m, λ_I = −gi/τ_s, extended to delays and resets.
 */
import { addRow, addRowAndMove, addRowAndMoveEach, addRowMoveAndDelay } from "./adjoint_rows";
import { rowOf } from "./deliver";
import { prepareFlow } from "./coefficients";
import { flowAdjoint, flowGradient } from "./flow";
import { DelayKind, EventKind, PopulationFlag } from "./kinds";
import { add, vectorBytes } from "./lanes";
import {
  Event, Plan, Population, Projection,
  eventAt, eventsEnd, instantAt, intervalLength, outgoing, populationAt, projectionAt,
} from "./plan";
import { pullReadout } from "./readout";
import { replay, replayed, segmentStart } from "./replay";

function undoRow(plan: Plan, event: Event, origin: Event, projection: Projection): void {
  const population = populationAt(plan, projection.target);
  const gradient = rowOf(projection.dWeight, projection, event.source);
  const weight = rowOf(projection.weight, projection, event.source);
  if (plan.delayGradients) {
    const delay = rowOf(projection.dDelay, projection, event.source);
    origin.derivative += addRowMoveAndDelay(gradient, delay, weight, population);
  } else if (origin.kind == EventKind.input && !plan.inputGradients) {
    addRow(gradient, population);
  } else if (population.flags & PopulationFlag.uniform) {
    origin.derivative += addRowAndMove(gradient, weight, population);
  } else {
    origin.derivative += addRowAndMoveEach(gradient, weight, population);
  }
}

function undoSynapses(plan: Plan, event: Event, origin: Event, projection: Projection): void {
  const population = populationAt(plan, projection.target);
  const order = projection.order + ((<usize>event.source * projection.stride) << 2);
  const row = <usize>event.source * projection.stride;
  for (let k = event.first; k < event.first + event.count; k++) {
    const j = <usize>load<u32>(order + (<usize>k << 2));
    const at = (row + j) * sizeof<real>();
    const gi = <f64>load<real>(population.gi + j * sizeof<real>());
    const gu = <f64>load<real>(population.gu + j * sizeof<real>());
    const h = load<f64>(population.beta + (j << 3)) * gi - load<f64>(population.alpha + (j << 3)) * gu;
    const move = <f64>load<real>(projection.weight + at) * h;
    origin.derivative += move;
    store<real>(projection.dWeight + at, <real>(<f64>load<real>(projection.dWeight + at) + gi));
    if (plan.delayGradients) store<real>(projection.dDelay + at, <real>(<f64>load<real>(projection.dDelay + at) + move));
  }
}

/** Reverse of `deliver`. */
function undoDelivery(plan: Plan, event: Event): void {
  if (event.kind == EventKind.delivery) {
    const projection = projectionAt(plan, event.projection);
    if (projection.target >= plan.simulatedCount) return;
    const origin = eventAt(plan, event.origin);
    if (projection.delayKind == DelayKind.shared) undoRow(plan, event, origin, projection);
    else undoSynapses(plan, event, origin, projection);
    return;
  }
  const range = outgoing(plan, event.group);
  for (let p = <u32>range; p < <u32>(range >> 32); p++) {
    const projection = projectionAt(plan, p);
    if (projection.delayKind != DelayKind.none || projection.target >= plan.simulatedCount) continue;
    undoRow(plan, event, event, projection);
  }
}

/** Reverse of a spike's reset; its deliveries are undone already. */
function undoReset(plan: Plan, event: Event): void {
  const population = populationAt(plan, event.group - 1);
  const at = <usize>event.source * sizeof<real>();
  const at64 = <usize>event.source << 3;
  const gu = <f64>load<real>(population.gu + at);
  const fall = load<f64>(population.alpha + at64) * (event.current - load<f64>(population.reset + at64));
  event.derivative -= fall * gu;
  const shift = event.derivative / event.slope;
  const regularization = <f64>load<real>(population.regularization + at);
  store<real>(population.gu + at, <real>(regularization - shift));
  if (plan.neuronGradients) {
    store<real>(population.dReset + at, <real>(<f64>load<real>(population.dReset + at) + gu));
    store<real>(population.dThreshold + at, <real>(<f64>load<real>(population.dThreshold + at) + shift));
  }
}

/** Reverse of interval k: what the loss sees in it, then the gradients of the flow, then flow*. */
function undoInterval(plan: Plan, k: u32, needStates: bool): void {
  const x = max(intervalLength(plan, k), 0.0);
  for (let p: u32 = 0; p < plan.simulatedCount; p++) {
    const population = populationAt(plan, p);
    prepareFlow(population, x, plan.neuronGradients != 0, plan.scratch);
    if (plan.neuronGradients) {
      flowGradient(population, replayed(plan, population.u, k), replayed(plan, population.i, k), x);
    }
    flowAdjoint(population);
  }
  if (needStates) pullReadout(plan, k, x);
}

/** ∂L/∂V(0), ∂L/∂I(0), and u(0) = V(0) − bias. */
function undoStart(plan: Plan): void {
  if (!plan.neuronGradients) return;
  for (let p: u32 = 0; p < plan.simulatedCount; p++) {
    const population = populationAt(plan, p);
    for (let j: usize = 0; j < <usize>population.stride * sizeof<real>(); j += vectorBytes) {
      v128.store(population.dV0 + j, add(v128.load(population.dV0 + j), v128.load(population.gu + j)));
      v128.store(population.dI0 + j, add(v128.load(population.dI0 + j), v128.load(population.gi + j)));
    }
  }
}

/** A label's output that never spiked, pulled up at T as if it had been about to spike there: λ_V = slope. [NTK25] */
function pullPhantom(plan: Plan): void {
  const population = populationAt(plan, plan.lossPopulation);
  const pull = -plan.phantomSlope / load<f64>(population.alpha + (<usize>plan.target << 3));
  store<real>(population.gu + <usize>plan.target * sizeof<real>(), <real>pull);
}

/**
 * Adds the gradients of a recorded trial. On entry every spike's `derivative` holds the loss's explicit ∂l/∂t and the
 * sensitivities are those at T; on return `derivative` is the total one.
 */
export function adjoint(plan: Plan): void {
  for (let p: u32 = 0; p < plan.simulatedCount; p++) {
    const population = populationAt(plan, p);
    memory.fill(population.gu, 0, <usize>population.stride * sizeof<real>());
    memory.fill(population.gi, 0, <usize>population.stride * sizeof<real>());
  }
  if (plan.phantomSlope != 0) pullPhantom(plan);
  const needStates = plan.neuronGradients != 0 || plan.simulatedCount > plan.spikingCount;
  let k = plan.instantCount;
  for (;;) {
    if (needStates && (k == plan.instantCount || (k + 1) % plan.segment == 0)) replay(plan, segmentStart(plan, k), k);
    undoInterval(plan, k, plan.simulatedCount > plan.spikingCount);
    if (k == 0) break;
    k--;
    const first = instantAt(plan, k).events;
    const end = eventsEnd(plan, k);
    for (let e = end; e > first; e--) undoDelivery(plan, eventAt(plan, e - 1));
    for (let e = end; e > first; e--) {
      const event = eventAt(plan, e - 1);
      if (event.kind == EventKind.spike) undoReset(plan, event);
    }
  }
  undoStart(plan);
}
