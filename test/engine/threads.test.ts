/** Threads share the work without a trace in the results, and a failure on one of them is told, not waited for. */
import { expect, test } from "vitest";
import type { SharedWork } from "../../src/engine/batch/threads.ts";
import { threadCount, workerThreads } from "../../src/engine/batch/workerThreads.ts";
import { checkpointOf } from "../../src/run/state.ts";
import { trainRun } from "../../src/run/trainRun.ts";
import { everyState, trainerOf } from "../support/training/tinyTraining.ts";

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

/**
 * `(module (import "env" "memory" (memory 1 1 shared)) (func (export "work") (param i32)
 *   (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 50000000)))
 *   (drop (i32.atomic.rmw.add (i32.const 4) (i32.const 1)))))`: counts the calls that are done, each after 50 ms.
 */
const slow = [
  [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  [0x01, 0x05, 0x01, 0x60, 0x01, 0x7f, 0x00],
  [
    0x02, 0x10, 0x01, 0x03, 0x65, 0x6e, 0x76, 0x06, 0x6d, 0x65, 0x6d, 0x6f, 0x72, 0x79, 0x02, 0x03, 0x01,
    0x01,
  ],
  [0x03, 0x02, 0x01, 0x00],
  [0x07, 0x08, 0x01, 0x04, 0x77, 0x6f, 0x72, 0x6b, 0x00, 0x00],
  [0x0a, 0x1b, 0x01, 0x19, 0x00],
  [0x41, 0x00, 0x41, 0x00, 0x42, 0x80, 0xe1, 0xeb, 0x17, 0xfe, 0x01, 0x02, 0x00, 0x1a],
  [0x41, 0x04, 0x41, 0x01, 0xfe, 0x1e, 0x02, 0x00, 0x1a, 0x0b],
].flat();

/** Three threads whose kernel is these bytes; `own` is this thread's part of the work. */
async function threadsOf(bytes: readonly number[], own = () => {}) {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const module = new WebAssembly.Module(Uint8Array.from(bytes));
  const functions = { work: own } as unknown as SharedWork["functions"];
  const threads = await workerThreads(3)({ module, memory, functions, work: 0, tasks: 3 });
  return { threads, memory };
}

test("a kernel that traps on a thread is an error, again and again", async () => {
  const { threads } = await threadsOf(trapping);
  for (let round = 0; round < 3; round++)
    expect(() => threads.run()).toThrow("the kernel failed on a thread");
  threads.close();
});

test("a thread that cannot start is an error", async () => {
  await expect(threadsOf(unfit)).rejects.toThrow(/^a thread could not be started: .*other/);
});

const failing = () => {
  throw new Error("mine");
};

test("what fails on this thread meanwhile is told when the work is done, by all threads", async () => {
  let own = 0;
  const { threads, memory } = await threadsOf(slow, () => void own++);
  const done = new Int32Array(memory.buffer);
  for (let round = 1; round <= 3; round++) {
    expect(() => threads.run(failing)).toThrow("mine");
    expect([own, done[1]]).toEqual([round, 2 * round]);
  }
  threads.run();
  expect([own, done[1]]).toEqual([4, 8]);
  threads.close();
});

test("a kernel that traps on this thread is told when the others are done", async () => {
  const { threads, memory } = await threadsOf(slow, failing);
  expect(() => threads.run()).toThrow("mine");
  expect(new Int32Array(memory.buffer)[1]).toBe(2);
  threads.close();
});
