/** What is too large to train is refused before weights are drawn, and what fits is not. */
import { describe, expect, test } from "vitest";
import { requireRoom } from "../../src/training/config/check.ts";
import { refusalOf } from "../support/conformance/refusal.ts";
import { resolved, trainerOf } from "../support/training/tinyTraining.ts";

const layer = { size: 8, recurrent: false };

describe("a network", () => {
  test("of a layer whose weights alone take tens of GiB is refused at once, naming them", async () => {
    const hidden = [layer, { size: 60_000, recurrent: true }];
    const message = await refusalOf(trainerOf({ network: { hidden, weights: {} } }));
    expect(message).toMatch(
      /^network\.hidden: expected .* 4 GiB .* 8 lanes, got 3600000000 synapses of hidden2_hidden2 and 295\.\d GiB; lower/,
    );
  });

  test("counts the input's channels and the lanes in use", () => {
    const config = resolved({ network: { hidden: [{ ...layer, size: 1000 }] }, precision: "f32" });
    // 4 bytes × (3 + 8) arrays × (1000 channels + 10 classes) × 1000 neurons
    expect(() => requireRoom(config, 97_000, 10)).not.toThrow();
    expect(() => requireRoom(config, 98_000, 10)).toThrow("98000000 synapses of input_hidden");
    expect(() => requireRoom({ ...config, lanes: 7 }, 98_000, 10)).not.toThrow();
    expect(() => requireRoom({ ...config, batch_size: 2 }, 98_000, 10)).not.toThrow();
  });
});
