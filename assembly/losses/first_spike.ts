/**
 * L = −log softmax(−t/τ₀)_y + penalty(t_y); t_k is the first spike of output k, T + 1 if it never spikes.
 * Penalty: α (e^(t_y/τ₁) − 1), or α/(1.01 T − t_y).
 */
import { expm1, exp } from "../exp";
import { EventKind, Penalty, Status } from "../kinds";
import { Plan, eventAt, eventsEnd, instantAt, populationAt } from "../plan";
import { crossEntropy } from "./softmax";

const noEvent: f64 = -1;

/** First spike of each output into `readout`, and which event it is into `lossScratch`. */
function findFirst(plan: Plan): void {
  const population = populationAt(plan, plan.lossPopulation);
  for (let j: u32 = 0; j < population.size; j++) {
    store<f64>(plan.readout + (<usize>j << 3), plan.duration + 1.0);
    store<f64>(plan.lossScratch + (<usize>j << 3), noEvent);
  }
  for (let k: u32 = 0; k < plan.instantCount; k++) {
    const time = instantAt(plan, k).hi;
    for (let e = instantAt(plan, k).events; e < eventsEnd(plan, k); e++) {
      const event = eventAt(plan, e);
      if (event.kind != EventKind.spike || event.group != 1 + plan.lossPopulation) continue;
      const at = <usize>event.source << 3;
      if (load<f64>(plan.lossScratch + at) != noEvent) continue;
      store<f64>(plan.readout + at, time);
      store<f64>(plan.lossScratch + at, <f64>e);
    }
  }
}

/** 1.01 T − t for a first spike at t, or for none, as T + 1; to 2 ulp also where 1.01 T is near t. */
function timeLeft(plan: Plan, t: f64, silent: bool): f64 {
  if (silent) return 0.01 * (plan.duration - 100.0);
  return plan.duration - t + 0.01 * plan.duration;
}

/** Derivative of the penalty at a first spike at t. */
function penaltySlope(plan: Plan, t: f64): f64 {
  if (plan.penalty == Penalty.exponential) return (plan.alpha / plan.tau1) * exp(t / plan.tau1);
  const left = timeLeft(plan, t, false);
  return plan.alpha / (left * left);
}

/** Loss, first-spike times and the explicit ∂l/∂t of the first spikes. */
export function firstSpike(plan: Plan): Status {
  findFirst(plan);
  const count = populationAt(plan, plan.lossPopulation).size;
  for (let j: usize = 0; j < <usize>count; j++) {
    store<f64>(plan.logits + (j << 3), -load<f64>(plan.readout + (j << 3)) / plan.tau0);
  }
  plan.loss = crossEntropy(plan.logits, count, plan.target, plan.dReadout);
  const label = load<f64>(plan.readout + (<usize>plan.target << 3));
  const labelIsSilent = load<f64>(plan.lossScratch + (<usize>plan.target << 3)) == noEvent;
  if (plan.penalty == Penalty.exponential) plan.loss += plan.alpha * expm1(label / plan.tau1);
  else plan.loss += plan.alpha / timeLeft(plan, label, labelIsSilent);
  const slope = penaltySlope(plan, label);
  plan.phantomSlope = plan.phantomSpikes && labelIsSilent ? penaltySlope(plan, plan.duration) : 0;
  for (let j: u32 = 0; j < count; j++) {
    const at = <usize>j << 3;
    const first = load<f64>(plan.lossScratch + at);
    if (first == noEvent) continue;
    const moved = -load<f64>(plan.dReadout + at) / plan.tau0;
    eventAt(plan, <u32>first).derivative += j == plan.target ? moved + slope : moved;
  }
  return Status.ok;
}
