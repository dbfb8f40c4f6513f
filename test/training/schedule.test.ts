/** The learning rate, the end of training and the choice of an epoch follow their rules, and go on from their state. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { optimizerSchema } from "../../src/training/config/optimizer.ts";
import {
  accuracyOf,
  bestAfterEpoch,
  initialSchedule,
  learningRate,
  noBest,
  type ScheduleState,
  scheduleAfterBatch,
  scheduleAfterEpoch,
  stopReason,
} from "../../src/training/schedule.ts";

function optimizer(changes: Record<string, unknown>) {
  return optimizerSchema.parse({ kind: "adam", learning_rate: 0.002, ...changes });
}

describe("the learning rate", () => {
  test("eases in from a thousandth to the whole at batch 142", () => {
    const options = optimizer({ ease_in: {} });
    let state = initialSchedule(options);
    expect(learningRate(state)).toBeCloseTo(2e-6, 20);
    for (let batch = 1; batch <= 141; batch++) {
      state = scheduleAfterBatch(options, state);
      expect(learningRate(state) / (2e-6 * 1.05 ** batch)).toBeCloseTo(1, 12);
    }
    expect(learningRate(state)).toBeLessThan(0.002);
    for (let batch = 142; batch <= 150; batch++) {
      state = scheduleAfterBatch(options, state);
      expect(learningRate(state)).toBe(0.002);
    }
  });

  test("is whole from the start without easing", () => {
    const options = optimizer({});
    expect(learningRate(scheduleAfterBatch(options, initialSchedule(options)))).toBe(0.002);
  });

  test("decays after every epoch, eased in or not", () => {
    const options = optimizer({ decay: 0.5, ease_in: { from: 0.25, factor: 2 } });
    let state = scheduleAfterEpoch(options, initialSchedule(options), 1, 0.3);
    expect(learningRate(state)).toBe(0.002 * 0.5 * 0.25);
    state = scheduleAfterBatch(options, scheduleAfterBatch(options, state));
    expect(learningRate(state)).toBe(0.001);
  });
});

describe("on a plateau", () => {
  const options = optimizer({ plateau: { patience: 3, fast: 0.5, slow: 0.75 } });

  /** Learning rates after each epoch of these accuracies. */
  function rates(accuracies: readonly number[]): number[] {
    let state = initialSchedule(options);
    return accuracies.map((accuracy, k) => {
      state = scheduleAfterEpoch(options, state, k + 1, accuracy);
      return learningRate(state) / 0.002;
    });
  }

  test("the rate halves once the fast mean is no better than the slow one, epochs apart", () => {
    // Fast means 0.5, 0.25, 0.125, 0.0625, …; slow ones 0.25, 0.1875, 0.140625, 0.10546875, …
    expect(rates([1, 0, 0, 0, 0, 0, 0, 0])).toEqual([1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.25]);
  });

  test("equal means, as of nothing but zeros, are a plateau", () => {
    expect(rates([0, 0, 0, 0])).toEqual([1, 1, 1, 0.5]);
  });

  test("a rising accuracy is none", () => {
    expect(rates([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8])).toEqual(new Array(8).fill(1));
  });

  test("the means are those of the rule", () => {
    const state = scheduleAfterEpoch(options, initialSchedule(options), 1, 0.8);
    expect(state).toMatchObject({ fast: 0.5 * 0.8, slow: (1 - 0.75) * 0.8 });
    const next = scheduleAfterEpoch(options, state, 2, 0.6);
    expect(next).toMatchObject({ fast: 0.5 * 0.4 + 0.5 * 0.6, slow: 0.75 * state.slow + 0.25 * 0.6 });
  });
});

test("a schedule goes on from its state as JSON with the same bits", () => {
  const options = optimizer({ ease_in: {}, decay: 0.97, plateau: { patience: 1 } });
  const step = (state: ScheduleState, accuracy: number, epoch: number) =>
    scheduleAfterEpoch(options, scheduleAfterBatch(options, state), epoch, accuracy);
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 }), (accuracies) => {
      let whole = initialSchedule(options);
      let restored = whole;
      accuracies.forEach((accuracy, k) => {
        whole = step(whole, accuracy, k + 1);
        restored = JSON.parse(JSON.stringify(step(restored, accuracy, k + 1)));
      });
      expect(restored).toEqual(whole);
    }),
    { seed: 1 },
  );
});

test("the best epoch is the first with the highest accuracy, even if all are 0", () => {
  const best = (accuracies: readonly number[]) =>
    accuracies.reduce((so, accuracy, k) => bestAfterEpoch(so, k + 1, accuracy), noBest);
  expect(best([0.5, 0.7, 0.6, 0.7])).toEqual({ epoch: 2, accuracy: 0.7 });
  expect(best([0, 0])).toEqual({ epoch: 1, accuracy: 0 });
});

test("decisions look at the part they name", () => {
  const score = (accuracy: number) => ({ trials: 1, loss: 1, accuracy });
  const record = { train: score(0.9), validation: score(0.8) };
  expect([accuracyOf(record, "train"), accuracyOf(record, "validation")]).toEqual([0.9, 0.8]);
});

describe("training ends", () => {
  const history = (...accuracies: number[]) =>
    accuracies.map((accuracy) => ({
      train: { trials: 1, loss: 1, accuracy: 0 },
      validation: { trials: 1, loss: 1, accuracy },
    }));
  const of = "validation";

  test("once an accuracy is reached", () => {
    expect(stopReason({ of, at_accuracy: 0.8 }, history(0.2, 0.8))).toBe("at_accuracy");
    expect(stopReason({ of, at_accuracy: 0.8 }, history(0.8, 0.79))).toBeUndefined();
  });

  test("after so many epochs without a better one than the first best", () => {
    const rising = [0.5, 0.6, 0.7, 0.8];
    expect(stopReason({ of, patience: 3 }, history(...rising, 0.8, 0.7))).toBeUndefined();
    expect(stopReason({ of, patience: 3 }, history(...rising, 0.8, 0.7, 0.8))).toBe("patience");
  });

  test("by the part that is named", () => {
    expect(stopReason({ of: "train", at_accuracy: 0.8 }, history(0.9))).toBeUndefined();
    expect(stopReason({ of: "train", patience: 2 }, history(0.1, 0.2, 0.3))).toBe("patience");
  });

  test("only if asked to", () => {
    expect(stopReason({ of }, history(...new Array(1000).fill(1)))).toBeUndefined();
  });
});
