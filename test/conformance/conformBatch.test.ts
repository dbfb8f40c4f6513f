/** Batches: what goldspike itself answers, what a batch means, and what is said of bad ones and of wrong answers. */
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Batch, loadBatch, membersOf, trialCase } from "../../src/conformance/batch/batch.ts";
import { batchReference } from "../../src/conformance/batch/batchReference.ts";
import { batchResultJson } from "../../src/conformance/batch/batchResult.ts";
import { compareBatch } from "../../src/conformance/batch/compareBatch.ts";
import {
  type BatchResult,
  engineTrial,
  solveBatch,
  twinTrial,
} from "../../src/conformance/batch/solveBatch.ts";
import { comparisonOf } from "../../src/conformance/compare/comparison.ts";
import type { ClassChoice } from "../../src/conformance/reference/references.ts";
import { judgeBatch } from "../../src/conformance/run/judge.ts";
import { readBatchGolden } from "../../src/conformance/suite/batchGolden.ts";
import { bundledSuite, listSuite } from "../../src/conformance/suite/suite.ts";
import { conventionNames, conventions } from "../../src/conformance/twin/convention.ts";
import { type Part, summed } from "../../src/conformance/verdict/verdict.ts";
import { solveCase } from "../../src/engine/solve.ts";
import { jsonChunks } from "../../src/format/jsonChunks.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const folder = temporaryFolder();
const entries = (await listSuite(bundledSuite)).filter(({ group }) => group === "batch");
const named = entries.map((entry) => [entry.name, entry] as const);
const exact: ClassChoice = {
  name: "T1",
  convention: conventions.genn_eventprop,
  dt: 0.1,
  precision: "f64",
};

async function verdictOf(place: string, result: BatchResult, choice: Partial<ClassChoice>): Promise<Part[]> {
  const batch = (await loadBatch(place))!;
  const { answer } = await readBatchGolden(place);
  const reference = await batchReference({ ...exact, ...choice }, answer, batch);
  return compareBatch(batch, reference, result, comparisonOf(batch.problem, { wanted: () => true }));
}

async function batchOf(name: string): Promise<{ place: string; batch: Batch }> {
  const place = entries.find((entry) => entry.name === name)!.folder;
  return { place, batch: (await loadBatch(place))! };
}

describe("no false alarms", () => {
  test.each(named)("the engine passes T0, T1 and T3: %s", async (_, { folder: place }) => {
    const batch = (await loadBatch(place))!;
    for (const [precision, name] of [
      ["f64", "T0"],
      ["f64", "T1"],
      ["f32", "T3"],
    ] as const) {
      const parts = await verdictOf(place, await solveBatch(batch, engineTrial(precision)), { name });
      expect(summed(parts)).toEqual({ status: "pass", message: "" });
    }
  });

  test.each(named)(
    "every twin passes T4, with stale backward passes too: %s",
    async (_, { folder: place }) => {
      const batch = (await loadBatch(place))!;
      for (const name of conventionNames)
        for (const precision of ["f64", "f32"] as const)
          for (const staleBackward of [false, true]) {
            const convention = { ...conventions[name], staleBackward };
            const steps = { convention, dt: 0.1, precision };
            const result = await solveBatch(batch, twinTrial(steps), staleBackward);
            const { status, message } = summed(await verdictOf(place, result, { name: "T4", ...steps }));
            expect(status, message).not.toBe("fail");
          }
    },
  );
});

describe("what a batch is", () => {
  test("its gradient is the sum of its trials', each solved alone", async () => {
    const { batch } = await batchOf("sum-over-batch");
    const { batches } = await solveBatch(batch, engineTrial("f64"));
    const found = batches[0]!.gradients.tensors.get("projections[0].weight")!.values;
    const sum = new Float64Array(found.length);
    for (const k of batch.trials.keys()) {
      const { gradients } = await solveCase(trialCase(batch, k, batch.problem.network));
      for (const [n, value] of gradients.projections[0]!.weight.entries()) sum[n]! += value;
    }
    expect([...found]).toEqual([...sum]);
  });

  test("weights, and nothing else, move by the rate times the sum after every batch", async () => {
    const { batch } = await batchOf("descending-weights");
    const { trials, batches } = await solveBatch(batch, engineTrial("f64"));
    const { network } = batch.problem;
    const moved = {
      ...network,
      projections: network.projections.map((projection, p) => ({
        ...projection,
        weight: projection.weight.map(
          (w, n) =>
            w -
            batch.learningRate * batches[0]!.gradients.tensors.get(`projections[${p}].weight`)!.values[n]!,
        ),
      })),
    };
    const third = await solveCase(trialCase(batch, 2, moved));
    expect(trials[2]!.loss).toBe(third.loss);
    expect([...trials[2]!.spikes.get("hidden")!.times]).toEqual([...third.spikes.hidden!.times]);
  });

  test("the last may have fewer trials", async () => {
    const { batch } = await batchOf("last-partial-batch");
    expect(membersOf(batch)).toEqual([[0, 1], [2, 3], [4]]);
  });

  test("a stale backward pass shows once weights have moved, and not before", async () => {
    const { batch } = await batchOf("descending-weights");
    const start = twinTrial({ convention: conventions.euler, dt: 0.1, precision: "f64" });
    const [fresh, stale] = [await solveBatch(batch, start), await solveBatch(batch, start, true)];
    const still = { ...batch, learningRate: 0 };
    expect(await solveBatch(still, start, true)).toEqual(await solveBatch(still, start));
    const losses = ({ trials }: BatchResult) => trials.map(({ loss }) => loss);
    expect(losses(stale).slice(0, 2)).toEqual(losses(fresh).slice(0, 2));
    expect(losses(stale)[2]).not.toBe(losses(fresh)[2]);
    // The first batch's own gradient, as its weights had not moved when it was made.
    expect(stale.batches[0]).toEqual(fresh.batches[0]);
    expect(stale.batches[1]).not.toEqual(fresh.batches[1]);
  });
});

describe("what is said of a batch.json that is none", () => {
  type Json = { trials: { target: unknown; input: { times: unknown[] } }[]; [key: string]: unknown };
  test.each<[string, (json: Json) => void, RegExp]>([
    ["another format", (json) => (json.format = "x"), /format: expected "goldspike\/batch@1", got "x"$/],
    ["no trials", (json) => (json.trials = []), /trials: expected an array of length ≥ 1, got \[\]$/],
    ["a size of 0", (json) => (json.batch_size = 0), /batch_size: expected a number ≥ 1, got 0$/],
    [
      "a rate in words",
      (json) => (json.learning_rate = "small"),
      /learning_rate: expected a finite number, got/,
    ],
    [
      "an unknown key",
      (json) => (json.optimizer = "adam"),
      /optimizer: unknown key \(expected one of format,/,
    ],
    [
      "a label that no readout has",
      (json) => (json.trials[1]!.target = 2),
      /trials\[1\].target: expected an integer from 0 to 1, got 2$/,
    ],
    [
      "a spike after the end",
      (json) => json.trials[2]!.input.times.splice(-1, 1, 30),
      /trials\[2\].input.times\[2\]: expected a time in \[0, 30\), got 30$/,
    ],
    [
      "a first trial that is another than the case's",
      (json) => (json.trials[0]!.target = 1),
      /trials\[0\]: expected the input and target of case.json, got/,
    ],
  ])("%s", async (_, spoil, line) => {
    const place = mkdtempSync(join(folder, "batch-"));
    cpSync((await batchOf("sum-over-batch")).place, place, { recursive: true });
    const json = JSON.parse(readFileSync(join(place, "batch.json"), "utf8")) as Json;
    spoil(json);
    writeFileSync(join(place, "batch.json"), JSON.stringify(json));
    await expect(loadBatch(place)).rejects.toThrow(line);
  });

  test("a folder with a case alone has no batch", async () => {
    expect(await loadBatch(join(bundledSuite, "smoke", "recurrence"))).toBeUndefined();
  });
});

describe("what is said of a wrong answer", () => {
  async function judged(change: (json: ReturnType<typeof JSON.parse>) => unknown) {
    const { place, batch } = await batchOf("sum-over-batch");
    const result = await solveBatch(batch, engineTrial("f64"));
    const text = [...jsonChunks(batchResultJson(batch.problem.network, result))].join("");
    const json = JSON.parse(text);
    const into = mkdtempSync(join(folder, "result-"));
    writeFileSync(join(into, "result.json"), JSON.stringify(change(json) ?? json));
    const known = { kind: "batch", batch, answer: (await readBatchGolden(place)).answer } as const;
    const judging = { choice: exact, demand: { wanted: () => true } };
    const { status, message } = await judgeBatch(known, into, judging);
    return `${status}: ${message}`;
  }

  const mean = (value: unknown): unknown =>
    typeof value === "number" ? value / 3 : Array.isArray(value) ? value.map(mean) : value;

  test.each<[string, Parameters<typeof judged>[0], RegExp]>([
    ["nothing wrong", () => undefined, /^pass: $/],
    [
      "the mean for the sum",
      (json) => {
        const { projections } = json.batches[0].gradients;
        for (const projection of projections) projection.weight = mean(projection.weight);
      },
      /^fail: batches\[0\].projections\[\d\].weight: .* 1\/3 \(the mean over the batch, not the sum\) times/,
    ],
    [
      "a trial that is missing",
      (json) => json.trials.pop() && json,
      /^fail: trials: expected 3 entries, one for each, got 2/,
    ],
    [
      "a batch too many",
      (json) => json.batches.push(json.batches[0]) && json,
      /^fail: batches: expected 1 entries/,
    ],
    [
      "a trial without readout",
      (json) => delete json.trials[1].readout && json,
      /^fail: trials\[1\].readout: missing: expected shape \[2\]/,
    ],
    [
      "spikes of another trial",
      (json) => {
        json.trials[2].spikes = json.trials[0].spikes;
      },
      /^fail: trials\[2\].spikes.hidden: spike \d of neuron \d/,
    ],
    [
      "a gradient of two trials",
      (json) => delete json.batches[0].gradients.projections[1].weight && json,
      /^fail: batches\[0\].projections\[1\].weight: missing: expected shape \[2, 2\]/,
    ],
    ["text", () => "sum", /^fail: result.json: expected an object, got "sum"$/],
    [
      "a key of one trial's result",
      (json) => Object.assign(json, { loss: 1 }),
      /^fail: result.json: loss: unknown key/,
    ],
    [
      "an answer to case.json alone",
      (json) => ({ ...json, format: "goldspike/result@1" }),
      /^unsupported: batch.json was not answered: expected goldspike\/batch_result@1$/,
    ],
  ])("%s", async (_, change, line) => {
    expect(await judged(change)).toMatch(line);
  });
});
