/**
 * L = ½ Σ (t_k − target_k)² + a cost for each spike without a target and each target without a spike; the spikes and targets
 * of each neuron are paired in order.
 */

import { Status } from "../kinds";
import { difference } from "../maths/double_double";
import { f64Of, u32Of } from "../memory";
import { LossPlan } from "../trial/loss_plan";
import { populationAt } from "../trial/network";
import { eventAt, eventsEnd, instantAt } from "../trial/record";
import { Trial } from "../trial/trial";
import { countUp, isSpikeOf } from "./spikes";

/** Loss and the explicit ∂l/∂t. Fails where a neuron has not spiked as often as it has targets. */
export function spikeTimeMse(trial: Trial): Status {
  const loss = trial.loss;
  const record = trial.record;
  const size = populationAt(trial.network, loss.population).size;
  const found = loss.found;
  memory.fill(found, 0, (<usize>size) << 2);
  loss.value = 0;
  for (let k: u32 = 0; k < record.instantCount; k++) {
    const instant = instantAt(record, k);
    for (let e = instant.events; e < eventsEnd(record, k); e++) {
      const event = eventAt(record, e);
      if (!isSpikeOf(event, loss.population)) continue;
      const j = event.source;
      const nth = countUp(found, j);
      if (nth >= u32Of(loss.counts, j)) continue;
      const late = difference(instant.hi, instant.lo, f64Of(loss.numbers, u32Of(loss.starts, j) + nth), 0);
      loss.value += 0.5 * late * late;
      event.derivative += late;
    }
  }
  return chargeOthers(loss, size);
}

/** Adds what spikes and targets without a partner cost; fails where that is an error. */
function chargeOthers(loss: LossPlan, size: u32): Status {
  for (let j: u32 = 0; j < size; j++) {
    const extra = <f64>u32Of(loss.found, j) - <f64>u32Of(loss.counts, j);
    if (extra == 0) continue;
    const cost = extra > 0 ? loss.extraCost : loss.missingCost;
    if (cost == Infinity) {
      loss.blamed = j;
      return Status.spikeCountDiffers;
    }
    loss.value += abs(extra) * cost;
  }
  return Status.ok;
}
