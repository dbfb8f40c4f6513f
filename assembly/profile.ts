/**
 * Where the time goes: a clock that every phase stops and starts, and counters of what the search looks at. They exist only
 * in the build that is compiled with `--use profiling=f64`; in the others nothing is left of them.
 */
import { Counter, Phase } from "./kinds";
import { f64Of, setF64 } from "./memory";

/** ms; the host's. */
declare function clock(): f64;

/** [Phase.count]: ms. Memory is asked for in functions, so that a build without them has none. */
function times(): usize {
  return memory.data(8 * Phase.count, 8);
}

/** [Phase.count]: how often each was entered. */
function entries(): usize {
  return memory.data(8 * Phase.count, 8);
}

/** [Counter.count] */
function counters(): usize {
  return memory.data(8 * Counter.count, 8);
}

/** `Phase.other` at first. */
let current: Phase = 0;
let since: f64 = 0;

/** From now on time belongs to this phase; returns the one it belonged to. */
export function enter(phase: Phase): Phase {
  if (isDefined(profiling)) return switchTo(phase);
  return phase;
}

function switchTo(phase: Phase): Phase {
  const now = clock();
  const before = current;
  setF64(times(), before, f64Of(times(), before) + (now - since));
  setF64(entries(), phase, f64Of(entries(), phase) + 1);
  current = phase;
  since = now;
  return before;
}

export function tally(counter: Counter, n: u32): void {
  if (isDefined(profiling)) setF64(counters(), counter, f64Of(counters(), counter) + n);
}

/** Starts anew, outside all phases. */
export function profileBegin(): void {
  memory.fill(times(), 0, 8 * Phase.count);
  memory.fill(entries(), 0, 8 * Phase.count);
  memory.fill(counters(), 0, 8 * Counter.count);
  current = Phase.other;
  since = clock();
}

/** ms in a phase since the start. */
export function profileTime(phase: Phase): f64 {
  switchTo(Phase.other);
  return f64Of(times(), phase);
}

export function profileEntries(phase: Phase): f64 {
  return f64Of(entries(), phase);
}

export function profileCounter(counter: Counter): f64 {
  return f64Of(counters(), counter);
}
