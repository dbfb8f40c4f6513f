/** Settings of the command line in a configuration. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { ConfigError } from "../../src/base/errors.ts";
import { loadRunConfig } from "../../src/training/config/load.ts";
import { withSettings } from "../../src/training/config/settings.ts";
import { goldspike } from "../support/command.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const yinyang = fileURLToPath(new URL("../../configs/yinyang.yaml", import.meta.url));
const folder = temporaryFolder();

const key = fc.stringMatching(/^[a-z][a-z_]{0,5}$/);
const value = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), key);

test("a value is where its path says, and everything else is as it was", () => {
  fc.assert(
    fc.property(
      fc.array(key, { minLength: 1, maxLength: 4 }),
      value,
      fc.dictionary(key, value),
      (path, set, before) => {
        const [first] = path;
        const document = { ...before, [first!]: undefined };
        const after = withSettings(document, [`${path.join(".")}=${stringify(set)}`]) as Record<
          string,
          unknown
        >;
        expect(path.reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], after)).toEqual(
          parse(stringify(set)),
        );
        for (const name of Object.keys(before)) if (name !== first) expect(after[name]).toBe(before[name]);
      },
    ),
  );
});

test("what is taken away is something that a configuration may have, there or not", () => {
  const document = parse("network: { hidden: [{ size: 3 }], weights: { input_hidden: { drive: 1 } } }");
  for (const path of [
    "network.weights.input_hidden.drive",
    "network.delays.a.min",
    "input.delay_line",
    "threads",
  ])
    expect(() => withSettings(document, [`${path}=null`])).not.toThrow();
  for (const path of ["network.weights.input_hidden.driv", "network.hidden.0.sise", "thread"])
    expect(() => withSettings(document, [`${path}=null`])).toThrow(
      /^--set: .*: expected a setting that a configuration may have, got null$/,
    );
});

describe("of a run", () => {
  test("any setting is checked by the schema and kept in the resolved configuration", async () => {
    const config = await loadRunConfig(yinyang, {
      set: [
        "optimizer.learning_rate=1e-3",
        "network.hidden.0.size=7",
        "dataset.train=50",
        "loss={kind: max_cross_entropy}",
      ],
    });
    expect(config.optimizer.learning_rate).toBe(1e-3);
    expect(config.network.hidden[0]).toMatchObject({ size: 7, recurrent: false, tau_mem: 20 });
    expect(config.loss).toEqual({ kind: "max_cross_entropy" });
    const run = join(folder, "run");
    const sets = ["dataset.train=40", "dataset.test=20", "epochs=1", "network.hidden.0.size=9"];
    const trained = await goldspike(["train", yinyang, "-o", run, ...sets.flatMap((set) => ["--set", set])]);
    expect(trained.code).toBe(0);
    const resolved = parse(await readFile(join(run, "config.yaml"), "utf8"));
    expect(resolved.network.hidden[0].size).toBe(9);
    expect(resolved.dataset.train).toBe(40);
  });

  test.each([
    ["epochs", /^--set: expected path.to.key=value, got "epochs"$/],
    ["=1", /^--set: expected path.to.key=value, got "=1"$/],
    ["a..b=1", /^--set: expected path.to.key=value/],
    ["__proto__.epochs=1", /^--set: expected path.to.key=value/],
    ["epochs=", /^--set: expected a value after =, got "epochs="$/],
    ["epochs=many", /yinyang.yaml --set epochs=many: epochs: expected an integer .*got "many"$/],
    ["epoch=3", /--set epoch=3: epoch: unknown key \(expected one of /],
    ["epochs.first=3", /^--set: expected epochs to have a "first", got 30 there$/],
    ["network.hidden.2.size=3", /^--set: expected network.hidden with a number from 0 to 1, got "2"$/],
    ["network.hidden.all.size=3", /^--set: expected network.hidden with a number from 0 to 1, got "all"$/],
    ["epochs=[1", /^--set epochs: not YAML: |^--set epochs: /],
  ])("%s is told in one line", async (setting, message) => {
    const wanted = loadRunConfig(yinyang, { set: [setting] });
    await expect(wanted).rejects.toThrow(ConfigError);
    await expect(wanted).rejects.toThrow(message);
  });
});
