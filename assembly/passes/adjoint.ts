/**
 * The adjoint pass: the events of the forward pass in reverse; flow*, then jump*. With gu = ∂L/∂u, gi = ∂L/∂I of a
 * neuron just after an event and h = β gi − α gu, what moving an arrival by 1 ms does per unit of weight,
 *
 *   arrival at j, weight w:  ∂L/∂w += gi_j,   ∂L/∂t += w h_j   (of the sender; also ∂L/∂delay)
 *   spike of n:  ∂L/∂t = Σ_arrivals w h − α_n (I_n − reset_n) gu_n + ∂l/∂t,   gu_n ← −(∂L/∂t)/slope
 *
 * which are the jumps of [WP21] with λ_V = −gu/τ_m, λ_I = −gi/τ_s, extended to delays and resets. A regulariser then adds to
 * gu_n: it is no gradient of anything, but a jump of λ_V as [NTK25] makes it.
 */

import { DelayKind, EventKind, Phase, PopulationFlag } from "../kinds";
import { runLoss, Stage } from "../losses/loss";
import { add, vectorBytes } from "../maths/lanes";
import { addReal, f64Of, realOf, setReal, u32Of } from "../memory";
import { prepareFlow } from "../neuron/coefficients";
import { dropNegligible, flowAdjoint, flowGradient } from "../neuron/flow";
import { moveOf, slopeOf } from "../neuron/lif";
import { flowOwnAdjoint, flowOwnGradient } from "../neuron/own_flow";
import { fromRest, Population } from "../neuron/population";
import { halvingsOf } from "../neuron/short_flow";
import { enter } from "../profile";
import { Network, orderOf, outgoing, Projection, populationAt, projectionAt, rowOf } from "../trial/network";
import { unread } from "../trial/readings";
import { Event, eventAt, eventsEnd, instantAt, intervalLength, originOf, Record } from "../trial/record";
import { replay, replayed, segmentStart } from "../trial/replay";
import { Trial, Wanted } from "../trial/trial";
import {
  addRowAndMove,
  addRowAndMoveEach,
  addRowMoveAndDelay,
  addRows,
  listRow,
  prepareMoves,
} from "./adjoint_rows";

/** Intervals after which sensitivities that have become negligible are dropped. */
const dropEvery: u32 = 32;

function undoRow(
  network: Network,
  wanted: Wanted,
  event: Event,
  origin: Event,
  projection: Projection,
): void {
  const population = populationAt(network, projection.target);
  const gradient = rowOf(projection.dWeight, projection, event.source);
  const weight = rowOf(projection.weight, projection, event.source);
  if (wanted.delays) {
    const delay = rowOf(projection.dDelay, projection, event.source);
    origin.derivative += addRowMoveAndDelay(gradient, delay, weight, population);
  } else if (origin.kind == EventKind.input && !wanted.inputTimes) {
    listRow(gradient, population);
  } else if (population.flags & PopulationFlag.uniform) {
    origin.derivative += addRowAndMove(gradient, weight, population);
  } else {
    origin.derivative += addRowAndMoveEach(gradient, weight, population);
  }
}

function undoSynapses(
  network: Network,
  wanted: Wanted,
  event: Event,
  origin: Event,
  projection: Projection,
): void {
  const population = populationAt(network, projection.target);
  const order = orderOf(projection, event.source);
  const weight = rowOf(projection.weight, projection, event.source);
  const gradient = rowOf(projection.dWeight, projection, event.source);
  const delay = rowOf(projection.dDelay, projection, event.source);
  for (let k = event.first; k < event.first + event.count; k++) {
    const j = u32Of(order, k);
    const gi = realOf(population.gi, j);
    const h = moveOf(realOf(population.gu, j), gi, f64Of(population.alpha, j), f64Of(population.beta, j));
    const move = realOf(weight, j) * h;
    origin.derivative += move;
    addReal(gradient, j, gi);
    if (wanted.delays) addReal(delay, j, move);
  }
}

/** Reverse of `deliver`. */
function undoDelivery(network: Network, wanted: Wanted, record: Record, event: Event): void {
  if (event.kind == EventKind.delivery) {
    const projection = projectionAt(network, event.projection);
    if (projection.target >= network.simulatedCount) return;
    const origin = originOf(record, event);
    if (projection.delayKind == DelayKind.shared) undoRow(network, wanted, event, origin, projection);
    else undoSynapses(network, wanted, event, origin, projection);
    return;
  }
  const range = outgoing(network, event.group);
  for (let p = <u32>range; p < <u32>(range >> 32); p++) {
    const projection = projectionAt(network, p);
    if (projection.delayKind != DelayKind.none || projection.target >= network.simulatedCount) continue;
    undoRow(network, wanted, event, event, projection);
  }
}

/** Reverse of a spike's reset; its deliveries are undone already. */
function undoReset(network: Network, wanted: Wanted, event: Event): void {
  const population = populationAt(network, event.group - 1);
  const n = event.source;
  const gu = realOf(population.gu, n);
  const reset = fromRest(population, n, f64Of(population.reset, n));
  const fall = slopeOf(reset, event.current, f64Of(population.alpha, n));
  event.derivative -= fall * gu;
  const shift = event.derivative / event.slope;
  setReal(population.gu, n, realOf(population.regularization, n) - shift);
  if (!wanted.neurons) return;
  addReal(population.dReset, n, gu);
  addReal(population.dThreshold, n, shift);
}

/** Reverse of all that happens at instant k. */
function undoInstant(trial: Trial, k: u32): void {
  const outer = enter(Phase.adjointRows);
  const network = trial.network;
  const record = trial.record;
  const wanted = trial.wanted;
  const first = instantAt(record, k).events;
  const end = eventsEnd(record, k);
  if (first == end) unread(trial.readings, network, instantAt(record, k).hi);
  if (wanted.delays && end > first) {
    for (let p: u32 = 0; p < network.simulatedCount; p++) prepareMoves(populationAt(network, p));
  }
  for (let e = end; e > first; e--) undoDelivery(network, wanted, record, eventAt(record, e - 1));
  for (let p: u32 = 0; p < network.simulatedCount; p++) {
    if (populationAt(network, p).rowCount > 0) addRows(populationAt(network, p));
  }
  for (let e = end; e > first; e--) {
    const event = eventAt(record, e - 1);
    if (event.kind == EventKind.spike) undoReset(network, wanted, event);
  }
  enter(outer);
}

function undoFlow(network: Network, population: Population, x: f64): void {
  const halvings = halvingsOf(population, x);
  if (halvings >= 0) {
    flowOwnAdjoint(population, x, halvings);
    return;
  }
  prepareFlow(population, x, false, network.coefficients);
  flowAdjoint(population);
}

/** `undoFlow`, with the gradients of the neurons' parameters. */
function undoFlowForNeurons(trial: Trial, population: Population, k: u32, x: f64): void {
  const network = trial.network;
  const u = replayed(trial.record, network, population.u, k);
  const i = replayed(trial.record, network, population.i, k);
  const halvings = population.flags & PopulationFlag.hasRest ? -1 : halvingsOf(population, x);
  if (halvings >= 0) {
    flowOwnGradient(population, u, i, x, halvings);
    return;
  }
  prepareFlow(population, x, true, network.coefficients);
  flowGradient(population, u, i, x);
}

/** Reverse of interval k: the gradients of the flow, then flow*, and what the loss sees of voltages that are simulated. */
function undoInterval(trial: Trial, k: u32): void {
  const outer = enter(Phase.adjointFlow);
  const network = trial.network;
  const x = max(intervalLength(trial.record, k), 0.0);
  for (let p: u32 = 0; p < network.simulatedCount; p++) {
    if (trial.wanted.neurons) undoFlowForNeurons(trial, populationAt(network, p), k, x);
    else undoFlow(network, populationAt(network, p), x);
  }
  enter(outer);
  if (network.simulatedCount == network.spikingCount) return;
  enter(Phase.loss);
  runLoss(Stage.interval, trial, k, x);
  enter(outer);
}

/** ∂L/∂V(0) and ∂L/∂I(0). */
function undoStart(trial: Trial): void {
  if (!trial.wanted.neurons) return;
  for (let p: u32 = 0; p < trial.network.simulatedCount; p++) {
    const population = populationAt(trial.network, p);
    for (let j: usize = 0; j < <usize>population.stride * sizeof<real>(); j += vectorBytes) {
      v128.store(population.dV0 + j, add(v128.load(population.dV0 + j), v128.load(population.gu + j)));
      v128.store(population.dI0 + j, add(v128.load(population.dI0 + j), v128.load(population.gi + j)));
    }
  }
}

/** Sensitivities at T: none, but that of a label's output that never spiked, pulled up as if about to spike. [NTK25] */
function beginAtEnd(trial: Trial): void {
  for (let p: u32 = 0; p < trial.network.simulatedCount; p++) {
    const population = populationAt(trial.network, p);
    memory.fill(population.gu, 0, <usize>population.stride * sizeof<real>());
    memory.fill(population.gi, 0, <usize>population.stride * sizeof<real>());
  }
  const loss = trial.loss;
  if (loss.phantomSlope == 0) return;
  const population = populationAt(trial.network, loss.population);
  // λ_V = slope.
  setReal(population.gu, loss.target, -loss.phantomSlope / f64Of(population.alpha, loss.target));
}

/**
 * Adds the gradients of a recorded trial. On entry every spike's `derivative` holds the loss's explicit ∂l/∂t; on return it
 * is the total one.
 */
export function adjoint(trial: Trial): void {
  const network = trial.network;
  const record = trial.record;
  beginAtEnd(trial);
  const needsStates = trial.wanted.neurons != 0 || network.simulatedCount > network.spikingCount;
  for (let k = record.instantCount; ; k--) {
    const isLastOfSegment = k == record.instantCount || (k + 1) % record.segment == 0;
    if (needsStates && isLastOfSegment) replay(record, network, segmentStart(record, k), k);
    undoInterval(trial, k);
    if (k == 0) break;
    if (k % dropEvery == 0) {
      for (let p: u32 = 0; p < network.simulatedCount; p++) dropNegligible(populationAt(network, p));
    }
    undoInstant(trial, k - 1);
  }
  undoStart(trial);
}
