/** Threads share the work without a trace in the results, and a failure on one of them is told, not waited for. */
import { expect, test } from "vitest";
import { Threads, threadCount } from "../src/batch/threads.ts";
import type { KernelMemory } from "../src/kernel/memory.ts";
import { checkpointOf } from "../src/run/state.ts";
import { trainRun } from "../src/run/trainRun.ts";
import { everyState, trainerOf } from "./support/tinyTraining.ts";

/** All that a checkpoint holds but for the number of threads itself. */
async function endState(threads: number) {
  const trainer = await trainerOf({ ...everyState, threads });
  try {
    await trainRun(trainer);
    const { configuration, tensors, ...state } = checkpointOf(trainer);
    const bits = [...tensors].map(([name, { data, ...about }]) => [
      name,
      about,
      Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("hex"),
    ]);
    expect(configuration.threads).toBe(threads);
    return { ...state, bits };
  } finally {
    trainer.engine.close();
  }
}

test("1, 2 and 3 threads, and more than there are lanes, end in the same state to the last bit", async () => {
  const one = await endState(1);
  expect(one.bits.length).toBeGreaterThan(10);
  for (const threads of [2, 3, 9]) expect(await endState(threads)).toEqual(one);
});

test("there are no more threads than tasks to share", () => {
  expect(threadCount(16, 8)).toBe(8);
  expect(threadCount(2, 8)).toBe(2);
  expect(threadCount("auto", 1)).toBe(1);
});

/** `(module (func (export "work") (param i32) unreachable))` */
const trapping = [
  [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  [0x01, 0x05, 0x01, 0x60, 0x01, 0x7f, 0x00],
  [0x03, 0x02, 0x01, 0x00],
  [0x07, 0x08, 0x01, 0x04, 0x77, 0x6f, 0x72, 0x6b, 0x00, 0x00],
  [0x0a, 0x05, 0x01, 0x03, 0x00, 0x00, 0x0b],
].flat();
/** `(module (import "other" "f" (func)))`, which what the threads are given does not satisfy. */
const unfit = [
  [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  [0x01, 0x04, 0x01, 0x60, 0x00, 0x00],
  [0x02, 0x0b, 0x01, 0x05, 0x6f, 0x74, 0x68, 0x65, 0x72, 0x01, 0x66, 0x00, 0x00],
].flat();

/** Threads whose kernel is these bytes; this thread's own part of the work does nothing. */
function threadsOf(bytes: readonly number[]): Promise<Threads> {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const idle = { memory, functions: { work: () => {} } } as unknown as KernelMemory;
  return Threads.create(new WebAssembly.Module(Uint8Array.from(bytes)), idle, 0, 3);
}

test("a kernel that traps on a thread is an error, again and again", async () => {
  const threads = await threadsOf(trapping);
  for (let round = 0; round < 3; round++)
    expect(() => threads.run()).toThrow("the kernel failed on a thread");
  threads.close();
});

test("a thread that cannot start is an error", async () => {
  await expect(threadsOf(unfit)).rejects.toThrow(/^a thread could not be started: .*other/);
});
