/**
 * Work that threads share: each takes the next task until none is left. What a task computes does not depend on who does
 * it or when, so neither do the results on the number of threads.
 */
import { Size, WorkKind } from "../kinds";
import { entryOf, Table, U32s, u32Of } from "../memory";
import { differentiate, evaluate } from "../passes/evaluate";
import { Trial } from "../trial/trial";
import { Tensor, updateTensor } from "./adam";
import { normalizeChunk } from "./normalize";

@unmanaged
export class Work {
  /** Of `WorkKind`. */
  kind: u32;
  /** Next task, shared by all threads; tasks are numbered [0, taskCount). */
  next: u32;
  taskCount: u32;
  /** The trials [0, trialCount) of those whose addresses are in `trials`, [slots]. */
  trialCount: u32;
  trials: U32s;
  slots: u32;
  /** Sums over trials are formed in so many parts: lane l has the slots [l slots / lanes, (l + 1) slots / lanes). */
  lanes: u32;
  /** A step of the optimiser: its tensors one after another. */
  tensors: Table<Tensor>;
  tensorCount: u32;
}

/** First slot of a lane: the smallest s with ⌊s lanes / slots⌋ = lane. */
function firstSlot(work: Work, lane: u32): u32 {
  return (lane * work.slots + work.lanes - 1) / work.lanes;
}

function trialOf(work: Work, slot: u32): Trial {
  return changetype<Trial>(<usize>u32Of(work.trials, slot));
}

/** Runs the trials of a lane; the gradients that will be added are cleared first, since a loss may add to them. */
function evaluateLane(work: Work, lane: u32, clear: bool): void {
  const end = min(firstSlot(work, lane + 1), work.trialCount);
  if (clear) {
    const wanted = trialOf(work, firstSlot(work, lane)).wanted;
    memory.fill(wanted.gradients, 0, wanted.gradientsEnd - wanted.gradients);
  }
  for (let slot = firstSlot(work, lane); slot < end; slot++) evaluate(trialOf(work, slot));
}

function differentiateLane(work: Work, lane: u32): void {
  const end = min(firstSlot(work, lane + 1), work.trialCount);
  for (let slot = firstSlot(work, lane); slot < end; slot++) differentiate(trialOf(work, slot));
}

/** Tasks that a tensor's part in a step's work is divided into: chunks of its rows, or parts of its bytes. */
function tasksOf(tensor: Tensor, kind: u32): u32 {
  if (kind == WorkKind.update) return <u32>((tensor.bytes + Size.part - 1) / Size.part);
  return tensor.normalized ? <u32>(tensor.rowBytes / Size.chunk) : 0;
}

/** Task k of a step's work: the k-th of all tensors' laid end to end. */
function stepTask(work: Work, k: u32): void {
  let task = k;
  for (let t: u32 = 0; t < work.tensorCount; t++) {
    const tensor = entryOf<Tensor>(work.tensors, t);
    const tasks = tasksOf(tensor, work.kind);
    if (task < tasks) {
      if (work.kind == WorkKind.normalize) {
        normalizeChunk(tensor, <usize>task * Size.chunk);
      } else {
        const from = <usize>task * Size.part;
        updateTensor(tensor, from, min(from + Size.part, tensor.bytes));
      }
      return;
    }
    task -= tasks;
  }
}

/** Takes part in the work until no task is left. An unknown kind traps. */
export function work(address: Work): void {
  for (;;) {
    const task = atomic.add<u32>(changetype<usize>(address) + offsetof<Work>("next"), 1);
    if (task >= address.taskCount) return;
    switch (address.kind) {
      case WorkKind.evaluate:
        evaluateLane(address, task, false);
        break;
      case WorkKind.evaluateForGradients:
        evaluateLane(address, task, true);
        break;
      case WorkKind.differentiate:
        differentiateLane(address, task);
        break;
      case WorkKind.normalize:
      case WorkKind.update:
        stepTask(address, task);
        break;
      default:
        unreachable();
    }
  }
}
