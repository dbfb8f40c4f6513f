/** The published studies as files: their sizes are those that were published, and they hold the best configurations. */
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { loadStudy } from "../../src/study/loadStudy.ts";
import { pointsOf } from "../../src/study/points.ts";
import { loadRunConfig } from "../../src/training/config/load.ts";
import { resolveRun } from "../../src/training/config/resolve.ts";

function path(name: string): string {
  return fileURLToPath(new URL(`../../${name}`, import.meta.url));
}

async function points(name: string) {
  const file = path(`studies/${name}.yaml`);
  return pointsOf(await loadStudy(file), file);
}

test.each([
  ["shd_xval", 5120 * 10],
  ["shd_test", 2560],
  ["ssc", 5120],
  ["ssc_test", 1920],
  ["shd_losses_xval", 160 * 10],
  ["shd_losses_test", 64],
])("studies/%s.yaml has %i points", async (name, count) => {
  expect((await points(name)).length).toBe(count);
});

const common = {
  delay_line: "with",
  "network.hidden.0.size": 512,
  time_step: "2",
  augmentation: "shift",
  time_constants: "alike",
  time_constants_are: "trained",
};

test.each([
  ["shd_test", "shd_best", common],
  ["shd_xval", "shd_best", { ...common, regularization: "2.5e-10" }],
  [
    "ssc_test",
    "ssc_best",
    {
      ...common,
      ...{ "network.hidden.0.size": 1024, time_step: "1", augmentation: "shift_blend" },
      ...{ time_constants: "drawn", time_constants_are: "fixed" },
    },
  ],
])("studies/%s.yaml holds configs/%s.yaml", async (study, config, settings) => {
  const found = (await points(study)).filter((point) =>
    Object.entries(settings).every(([name, value]) => point.settings[name] === value),
  );
  expect(found.length).toBeGreaterThan(0);
  const best = resolveRun(await loadRunConfig(path(`configs/${config}.yaml`)), true);
  const { seed: _, split: __, ...expected } = best;
  for (const point of found) {
    const { seed: ___, split: ____, ...its } = resolveRun(point.config, true);
    expect(its).toEqual(expected);
  }
});

test.each(["shd_xval", "shd_test", "ssc", "ssc_test"])(
  "studies/%s.yaml trains blends, which are as many trials again, for half the epochs",
  async (name) => {
    for (const { settings, config } of await points(name))
      expect(config.epochs).toBe(String(settings["augmentation"]).includes("blend") ? 50 : 100);
  },
);

test("studies/shd_losses_xval.yaml scans five strengths around that of each loss", async () => {
  const middle = { sum: 1e-12, sum_exp: 1e-9, first_spike_exp: 2e-7, max: 5e-9 };
  const factors = { weakest: 0.1, weak: 0.5, middle: 1, strong: 5, strongest: 10 };
  for (const { settings, config } of await points("shd_losses_xval")) {
    const { loss, regularization } = settings as {
      loss: keyof typeof middle;
      regularization: keyof typeof factors;
    };
    const { upper, lower } = config.regularization.spike_count!;
    expect(upper / (middle[loss] * factors[regularization])).toBeCloseTo(1, 12);
    expect(lower).toBe(upper);
  }
});
