/** Studies of tiny runs in a folder of a test file's own, swept as a user does it. */
import { existsSync } from "node:fs";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { stringify } from "yaml";
import { goldspike } from "../command.ts";
import { tiny, withValidation } from "../training/tinyTraining.ts";
import { until } from "../until.ts";

const axes = {
  "network.hidden.0.size": [4, 8],
  loss: {
    variants: {
      sum: {},
      max: { loss: { kind: "max_cross_entropy" }, "optimizer.learning_rate": 0.01 },
    },
  },
};

export class Sweeps {
  /** Where commands run. */
  readonly parent: string;

  constructor(parent: string) {
    this.parent = parent;
  }

  /** Writes a study: unless it is changed, four combinations and two seeds of 12 epochs. */
  async study(name: string, changes: Record<string, unknown> = {}, base = {}): Promise<void> {
    const settings = { base: tiny({ ...withValidation, epochs: 12, ...base }), axes, seeds: [1, 2] };
    await writeFile(join(this.parent, name), stringify({ ...settings, ...changes }));
  }

  sweep(...args: readonly string[]) {
    return goldspike(["sweep", ...args], { cwd: this.parent });
  }

  async table(folder: string): Promise<string> {
    const { code, stdout } = await this.sweep("table", folder, "--csv");
    expect(code).toBe(0);
    return stdout;
  }

  /** Those that have been begun, once there is one. */
  async points(folder: string): Promise<string[]> {
    const begun = async () => {
      const names = await readdir(join(this.parent, folder, "points")).catch(() => []);
      return names.filter((name) => existsSync(join(this.parent, folder, "points", name, "config.yaml")));
    };
    await until(`a point of ${folder}`, async () => (await begun()).length > 0, 60);
    return begun();
  }
}
