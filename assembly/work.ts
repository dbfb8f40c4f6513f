/**
 * Work that threads share: each takes the next task until none is left. What a task computes does not depend on who does
 * it or when, so neither do the results on the number of threads.
 */
import { Tensor, updateTensor } from "./adam";
import { differentiate, evaluate } from "./evaluate";
import { WorkKind } from "./kinds";
import { Plan } from "./plan";

/** Bytes of a tensor that one task of an update moves. */
export const partBytes: usize = 65536;

@unmanaged
export class Work {
  kind: u32;
  /** Next task, shared by all threads; tasks are numbered [0, taskCount). */
  next: u32;
  taskCount: u32;
  /** Trials in the slots [0, trialCount), whose plans are u32[slots] addresses. */
  trialCount: u32;
  plans: usize;
  slots: u32;
  /** Sums over trials are formed in so many parts: lane l has the slots [l slots / lanes, (l + 1) slots / lanes). */
  lanes: u32;
  /** An update: its tensors one after another. */
  tensors: usize;
  tensorCount: u32;
  end: usize;
}

/** First slot of a lane: the smallest s with ⌊s lanes / slots⌋ = lane. */
function firstSlot(work: Work, lane: u32): u32 {
  return (lane * work.slots + work.lanes - 1) / work.lanes;
}

function planOf(work: Work, slot: u32): Plan {
  return changetype<Plan>(<usize>load<u32>(work.plans + (<usize>slot << 2)));
}

/** Runs the trials of a lane; the gradients that will be added are cleared first, since a loss may add to them. */
function evaluateLane(work: Work, lane: u32, clear: bool): void {
  const end = min(firstSlot(work, lane + 1), work.trialCount);
  if (clear) {
    const plan = planOf(work, firstSlot(work, lane));
    memory.fill(plan.gradients, 0, plan.gradientsEnd - plan.gradients);
  }
  for (let slot = firstSlot(work, lane); slot < end; slot++) evaluate(planOf(work, slot));
}

function differentiateLane(work: Work, lane: u32): void {
  const end = min(firstSlot(work, lane + 1), work.trialCount);
  for (let slot = firstSlot(work, lane); slot < end; slot++) differentiate(planOf(work, slot));
}

/** Task k of an update: the k-th part of all tensors laid end to end. */
function updatePart(work: Work, k: u32): void {
  let part = k;
  for (let t: u32 = 0; t < work.tensorCount; t++) {
    const tensor = changetype<Tensor>(work.tensors + <usize>t * offsetof<Tensor>());
    const parts = <u32>((tensor.bytes + partBytes - 1) / partBytes);
    if (part < parts) {
      const from = <usize>part * partBytes;
      updateTensor(tensor, from, min(from + partBytes, tensor.bytes));
      return;
    }
    part -= parts;
  }
}

/** Takes part in the work until no task is left. */
export function work(address: Work): void {
  for (;;) {
    const task = atomic.add<u32>(changetype<usize>(address) + offsetof<Work>("next"), 1);
    if (task >= address.taskCount) return;
    switch (address.kind) {
      case WorkKind.evaluate: evaluateLane(address, task, false); break;
      case WorkKind.evaluateForGradients: evaluateLane(address, task, true); break;
      case WorkKind.differentiate: differentiateLane(address, task); break;
      default: updatePart(address, task);
    }
  }
}
