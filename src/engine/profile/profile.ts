/** Where the time of a trial goes, phase by phase: told by a build of the kernel that stops a clock between them. */
import { embedded } from "../../base/embedded.ts";
import type { Loss } from "../../model/losses.ts";
import { copyNetwork, type Network, type SpikeTrain } from "../../model/network.ts";
import { enums } from "../kernel/description.ts";
import { KernelMemory } from "../kernel/memory.ts";
import { everything, roomOfOne, Trial, type TrialOptions, weightsOnly } from "../trial.ts";
import { profiledBytes } from "./profiledBytes.ts";

export type PhaseName = Exclude<keyof typeof enums.Phase, "count">;
type CounterName = Exclude<keyof typeof enums.Counter, "count">;

/** Of one trial, means over its repetitions. */
export interface Profile {
  /** ms by phase, less what stopping the clock costs. */
  readonly ms: Readonly<Record<PhaseName, number>>;
  /** How often each phase was entered. */
  readonly entries: Readonly<Record<PhaseName, number>>;
  /** What the search looked at. */
  readonly counters: Readonly<Record<CounterName, number>>;
}

interface ProfileFunctions {
  profileBegin(): void;
  /** ms in a phase of `enums.Phase` since the beginning, with the clock's own time. */
  profileTime(phase: number): number;
  profileEntries(phase: number): number;
  profileCounter(counter: number): number;
}

export interface ProfileOptions extends TrialOptions {
  readonly repetitions: number;
  readonly gradients: "weights" | "all";
}

/**
 * Runs a trial with its loss and adjoint, again and again, and tells where the time went. Throws as `Engine.evaluate`.
 */
export async function profileTrial(
  network: Network,
  input: SpikeTrain,
  loss: Loss,
  options: ProfileOptions,
): Promise<Profile> {
  const module = await WebAssembly.compile(embedded(profiledBytes[options.precision]));
  const memory = new KernelMemory(module, copyNetwork(network), { ...options, ...roomOfOne });
  const trial = new Trial(memory, memory.layouts[0]!, options);
  trial.prepare(loss, options.gradients === "all" ? everything : weightsOnly);
  trial.setInput(input);
  run(trial, Math.ceil(options.repetitions / 4));
  const failure = trial.failure();
  if (failure) throw failure;
  const kernel = memory.functions as unknown as ProfileFunctions;
  const clockMs = clockCost();
  kernel.profileBegin();
  run(trial, options.repetitions);
  const mean = (total: number): number => total / options.repetitions;
  const entries = each(enums.Phase, (phase) => mean(kernel.profileEntries(phase)));
  return {
    ms: each(enums.Phase, (phase, name) =>
      Math.max(0, mean(kernel.profileTime(phase)) - entries[name as PhaseName] * clockMs),
    ),
    entries,
    counters: each(enums.Counter, (counter) => mean(kernel.profileCounter(counter))),
  };
}

function run(trial: Trial, repetitions: number): void {
  for (let n = 0; n < repetitions; n++) {
    trial.evaluate();
    trial.differentiate();
  }
}

/** ms that reading the clock takes: the least of several means. */
function clockCost(): number {
  let least = Infinity;
  for (let n = 0; n < 20; n++) {
    const start = performance.now();
    for (let k = 0; k < 5000; k++) performance.now();
    least = Math.min(least, (performance.now() - start) / 5000);
  }
  return least;
}

function each<E extends Readonly<Record<string, number>>>(
  members: E,
  value: (member: number, name: string) => number,
): Record<Exclude<keyof E, "count">, number> {
  const named = Object.entries(members).filter(([name]) => name !== "count");
  return Object.fromEntries(named.map(([name, member]) => [name, value(member, name)])) as Record<
    Exclude<keyof E, "count">,
    number
  >;
}
