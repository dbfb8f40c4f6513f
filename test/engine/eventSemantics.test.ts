/** What happens at one instant happens in the order that the case format lays down. */
import { describe, expect, test } from "vitest";
import { KernelError } from "../../src/base/errors.ts";
import { type Sketch, sketch, solveSketch } from "../support/networks/build.ts";

const times = async (given: Sketch, name = "cell") =>
  Array.from((await solveSketch(sketch(given))).spikes[name]!.times);

/** Fires at τm ln(3) from its bias alone, and then every τm ln(3). */
const clock = { name: "cell", bias: 1.5 };
const period = 20 * Math.log(3);

describe("1: a trial is [0, T)", () => {
  test("a crossing at T or later does not happen, one just before it does", async () => {
    const [first] = await times({ duration: 30, populations: [clock] });
    expect(first).toBeCloseTo(period, 13);
    expect(await times({ duration: first!, populations: [clock] })).toEqual([]);
    expect(await times({ duration: first! * (1 + 2 ** -50), populations: [clock] })).toEqual([first]);
  });

  test("a delayed arrival at T does not happen", async () => {
    const arriving = (delay: number) =>
      solveSketch(
        sketch({
          duration: 32,
          input: [[16, 0]],
          populations: [{ name: "out", model: "li", size: 2 }],
          projections: [{ from: "input", to: "out", weight: [[1], [2]], delay }],
          loss: { kind: "integral_cross_entropy", weighting: "uniform", target: 0 },
        }),
      );
    expect(Array.from((await arriving(16)).gradients.projections[0]!.weight)).toEqual([0, 0]);
    expect((await arriving(15.5)).gradients.projections[0]!.weight[0]).not.toBe(0);
  });
});

describe("2: arrivals come before crossings", () => {
  test("inhibition that arrives at the very time of a crossing prevents it, excitation does not", async () => {
    const [first] = await times({ duration: 30, populations: [clock] });
    const withArrival = (weight: number, time: number) =>
      times({
        duration: 30,
        input: [[time, 0]],
        populations: [clock],
        projections: [{ from: "input", to: "cell", weight: [[weight]] }],
      });
    const before = first! * (1 - 2 ** -50);
    const after = first! * (1 + 2 ** -50);
    expect((await withArrival(-5, before)).length).toBe(0);
    expect((await withArrival(-5, after)).length).toBe(1);
    expect((await withArrival(5, first!))[0]).toBeCloseTo(first!, 13);
  });

  test("excitation and inhibition of one instant are added before a crossing is looked for", async () => {
    const input = [
      [5, 0],
      [5, 1],
    ] as const;
    const projections = [{ from: "input", to: "cell", weight: [[1e6, -1e6]] }];
    expect(await times({ channels: 2, input, populations: [{ name: "cell" }], projections })).toEqual([]);
  });

  test("identical neurons emit at once, in population order and then by index, and inhibit each other too late", async () => {
    const all = (size: number, weight: number) =>
      Array.from({ length: size }, () => Array(size).fill(weight));
    const { spikes } = await solveSketch(
      sketch({
        duration: 30,
        populations: [
          { ...clock, name: "b", size: 5 },
          { ...clock, name: "a", size: 5 },
        ],
        projections: [
          { from: "a", to: "b", weight: all(5, -40) },
          { from: "b", to: "a", weight: all(5, -40) },
          { from: "a", to: "a", weight: all(5, -40) },
          { from: "b", to: "b", weight: all(5, -40) },
        ],
      }),
    );
    for (const name of ["a", "b"]) {
      expect(Array.from(spikes[name]!.neurons)).toEqual([0, 1, 2, 3, 4]);
      expect(new Set([...spikes.a!.times, ...spikes.b!.times]).size).toBe(1);
    }
  });
});

describe("3: a spike is an upward crossing", () => {
  test("a voltage that is pulled down from just below threshold does not fire", async () => {
    expect(await times({ populations: [{ name: "cell", v0: 1 - 2 ** -53, i0: 0.5 }] })).toEqual([]);
  });

  test("a voltage just below threshold that rises fires at once, and once", async () => {
    const found = await times({ populations: [{ name: "cell", v0: 1 - 2 ** -53, i0: 3 }] });
    expect(found.length).toBe(1);
    expect(found[0]).toBeLessThan(1e-14);
  });

  test("a voltage that rests exactly at a threshold equal to its bias is never there", async () => {
    expect(await times({ duration: 1e5, populations: [{ name: "cell", bias: 1 }] })).toEqual([]);
  });
});

describe("4: a spike sets V to the reset and leaves I", () => {
  test("every spike resets to the same voltage, whatever the overshoot would have been", async () => {
    const found = await times({ duration: 200, populations: [{ ...clock, reset: -0.5 }] });
    const wait = 20 * Math.log(4);
    expect(found.length).toBe(7);
    found.forEach((time, k) => {
      expect(time).toBeCloseTo(period + k * wait, 11);
    });
  });

  test("what is left of I after a spike decays on", async () => {
    // dV/dt = (I − V)/τm: from reset r the next crossing satisfies the flow of V with I e^(−t/τs).
    const [first, second] = await times({ populations: [{ name: "cell", i0: 12 }] });
    const i = 12 * Math.exp(-first! / 5);
    const wait = second! - first!;
    const v = ((i * 5) / 15) * (Math.exp(-wait / 20) - Math.exp(-wait / 5));
    expect(v).toBeCloseTo(1, 13);
  });

  test.each([0, [[0]], [[0, 0]]])(
    "an autapse without delay, given as %j, acts after the reset, on a later crossing",
    async (delay) => {
      const size = Array.isArray(delay) ? delay[0]!.length : 1;
      const population = { ...clock, size, bias: [1.5, 0].slice(0, size) };
      const weight = Array.from({ length: size }, (_, j) => [j === 0 ? 1 : 0, ...Array(size - 1).fill(0)]);
      const own =
        size === 1
          ? delay
          : [
              [0, 1],
              [0, 0],
            ];
      const projections = [{ from: "cell", to: "cell", weight, delay: own as number }];
      const [first, second] = await times({ populations: [population], projections });
      expect(first).toBeCloseTo(period, 13);
      const wait = second! - first!;
      const v = 1.5 * (1 - Math.exp(-wait / 20)) + (5 / 15) * (Math.exp(-wait / 20) - Math.exp(-wait / 5));
      expect(v).toBeCloseTo(1, 13);
    },
  );
});

describe("5: budgets", () => {
  test("a network that runs away stops with an error that names the budget and the time reached", async () => {
    const runaway = sketch({
      populations: [{ ...clock, size: 2, bias: [1.5, 0] }],
      projections: [
        {
          from: "cell",
          to: "cell",
          weight: [
            [50, 0],
            [50, 0],
          ],
        },
      ],
    });
    const attempt = solveSketch(runaway, "f64", 100);
    await expect(attempt).rejects.toThrow(KernelError);
    await expect(attempt).rejects.toThrow(
      /budget of 100 .* at 2[2-9]\.\d+ of 50 ms \(.*\); .*raise max_events/,
    );
  });

  test("a trial that needs exactly its budget is no error", async () => {
    const given = sketch({ duration: 200, populations: [clock] });
    expect((await solveSketch(given, "f64", 9)).spikes.cell!.times.length).toBe(9);
    await expect(solveSketch(given, "f64", 8)).rejects.toThrow(/max_events/);
  });
});

describe("long trials", () => {
  test("a spike after a million quiet milliseconds is that of a trial that starts then", async () => {
    const projections = [{ from: "input", to: "cell", weight: [[8]] }];
    const [late] = await times({
      duration: 2 ** 20,
      input: [[2 ** 20 - 64, 0]],
      populations: [{ name: "cell", v0: 0.5, i0: 1 }],
      projections,
    });
    const [early] = await times({
      duration: 64,
      input: [[0, 0]],
      populations: [{ name: "cell" }],
      projections,
    });
    expect(late! - (2 ** 20 - 64)).toBeCloseTo(early!, 9);
  });

  test("a clock keeps its period over thousands of time constants", async () => {
    const found = await times({
      duration: 20_000,
      populations: [{ ...clock, tau_mem: 10, tau_syn: 20, i0: 0 }],
    });
    expect(found.length).toBe(Math.floor(20_000 / (10 * Math.log(3))));
    expect(found.at(-1)! / found.length).toBeCloseTo(10 * Math.log(3), 11);
  });
});
