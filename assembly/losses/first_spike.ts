/**
 * L = −log softmax(−t/τ₀)_y + penalty(t_y); t_k is the first spike of output k, T + 1 if it never spikes.
 * Penalty: α (e^(t_y/τ₁) − 1), or α/(1.01 T − t_y).
 */

import { Penalty, Status } from "../kinds";
import { exp, expm1 } from "../maths/exp";
import { entryOf, f64Of, setF64, Table } from "../memory";
import { FirstEvent, LossPlan } from "../trial/loss_plan";
import { populationAt } from "../trial/network";
import { eventAt, eventsEnd, instantAt } from "../trial/record";
import { Trial } from "../trial/trial";
import { crossEntropy } from "./softmax";
import { isSpikeOf } from "./spikes";

function firstOf(firsts: Table<FirstEvent>, j: u32): FirstEvent {
  return entryOf<FirstEvent>(firsts, j);
}

/** First spike of each output into `readout`, and which event it is. */
function findFirst(trial: Trial): void {
  const loss = trial.loss;
  const record = trial.record;
  const population = populationAt(trial.network, loss.population);
  for (let j: u32 = 0; j < population.size; j++) {
    setF64(loss.readout, j, record.duration + 1.0);
    firstOf(loss.firsts, j).exists = 0;
  }
  for (let k: u32 = 0; k < record.instantCount; k++) {
    const time = instantAt(record, k).hi;
    for (let e = instantAt(record, k).events; e < eventsEnd(record, k); e++) {
      const event = eventAt(record, e);
      if (!isSpikeOf(event, loss.population)) continue;
      const first = firstOf(loss.firsts, event.source);
      if (first.exists) continue;
      first.exists = 1;
      first.event = e;
      setF64(loss.readout, event.source, time);
    }
  }
}

/** 1.01 T − t for a first spike at t, or for none, as T + 1; to 2 ulp also where 1.01 T is near t. */
function timeLeft(duration: f64, t: f64, silent: bool): f64 {
  if (silent) return 0.01 * (duration - 100.0);
  return duration - t + 0.01 * duration;
}

/** Penalty of the label's first spike at t, or of none. */
function penaltyOf(loss: LossPlan, duration: f64, t: f64, silent: bool): f64 {
  switch (loss.penalty) {
    case Penalty.exponential:
      return loss.alpha * expm1(t / loss.tau1);
    case Penalty.hyperbolic:
      return loss.alpha / timeLeft(duration, t, silent);
    default:
      return unreachable();
  }
}

/** Derivative of the penalty at a first spike at t. */
function penaltySlope(loss: LossPlan, duration: f64, t: f64): f64 {
  if (loss.penalty == Penalty.exponential) return (loss.alpha / loss.tau1) * exp(t / loss.tau1);
  const left = timeLeft(duration, t, false);
  return loss.alpha / (left * left);
}

/** Loss, first-spike times and the explicit ∂l/∂t of the first spikes. */
export function firstSpike(trial: Trial): Status {
  const loss = trial.loss;
  const duration = trial.record.duration;
  findFirst(trial);
  const count = populationAt(trial.network, loss.population).size;
  for (let j: u32 = 0; j < count; j++) setF64(loss.logits, j, -f64Of(loss.readout, j) / loss.tau0);
  loss.value = crossEntropy(loss.logits, count, loss.target, loss.dReadout);
  const label = f64Of(loss.readout, loss.target);
  const labelIsSilent = firstOf(loss.firsts, loss.target).exists == 0;
  loss.value += penaltyOf(loss, duration, label, labelIsSilent);
  const slope = penaltySlope(loss, duration, label);
  loss.phantomSlope = loss.phantomSpikes && labelIsSilent ? penaltySlope(loss, duration, duration) : 0;
  for (let j: u32 = 0; j < count; j++) {
    const first = firstOf(loss.firsts, j);
    if (!first.exists) continue;
    const moved = -f64Of(loss.dReadout, j) / loss.tau0;
    eventAt(trial.record, first.event).derivative += j == loss.target ? moved + slope : moved;
  }
  return Status.ok;
}
