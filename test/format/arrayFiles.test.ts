/** Results and networks as NumPy and safetensors read them, and networks read back. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { bundledSuite } from "../../src/conformance/suite/suite.ts";
import { loadCase } from "../../src/format/loadCase.ts";
import { npzOf, readNpz } from "../../src/format/npz.ts";
import { type Network, solveCase } from "../../src/index.ts";
import { mapParameters } from "../../src/model/parameters.ts";
import { loadNetwork, saveNetwork } from "../../src/training.ts";
import { pythonWith } from "../nir/python.ts";
import { goldspike } from "../support/command.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const found = pythonWith("nir==1.0.8", "h5py==3.16.0", "numpy==2.4.6", "safetensors==0.8.0");
if (!found.python) console.warn(`skipped: ${found.reason}`);
const python = found.python!;
const patience = 600_000;
const folder = temporaryFolder();
const problem = await loadCase(join(bundledSuite, "smoke", "recurrence"));

/** What `li` populations have for parameters that they lack is not kept. */
function kept(network: Network): unknown {
  const delays = network.projections.map(({ delay }) => (typeof delay === "number" ? delay : [...delay]));
  const weights = network.projections.map(({ weight }) => [...weight]);
  const values = network.populations.map((one) => [
    one.name,
    one.size,
    one.model,
    mapParameters((key) => [...one[key]]),
  ]);
  return { channels: network.inputChannels, delays, weights, values };
}

test.each(["json", "npz", "safetensors"])(
  "a network as .%s comes back, the same bytes every time",
  async (ending) => {
    for (const name of ["smoke/recurrence", "smoke/linear-readouts", "core/simultaneous-arrivals"]) {
      const { network } = await loadCase(join(bundledSuite, name)).catch(() => problem);
      const path = join(folder, `net.${ending}`);
      await saveNetwork(network, path);
      const read = await loadNetwork(path);
      expect(kept(read)).toEqual(kept(network));
      const before = readFileSync(path);
      await saveNetwork(read, path);
      expect(readFileSync(path).equals(before)).toBe(true);
    }
  },
);

const show = `
import json, sys
import numpy as np
from safetensors.numpy import load_file
def hexes(arrays): return {k: [list(v.shape), v.astype(np.float64).tobytes().hex()] for k, v in arrays.items() if v.dtype.kind == "f"}
npz, safe, result = sys.argv[1:]
arrays = np.load(npz)
print(json.dumps([str(arrays["network"]), hexes(dict(arrays)), hexes(load_file(safe)), hexes(dict(np.load(result)))]))
np.savez_compressed(npz + ".again.npz", **{**dict(arrays), "projections[0].weight": 2 * arrays["projections[0].weight"]})
`;

function hexOf(values: ArrayLike<number>): string {
  return Buffer.from(Float64Array.from(values).buffer).toString("hex");
}

test.runIf(python)(
  "NumPy and safetensors read them, bit for bit; what NumPy writes is read here",
  async () => {
    const [npz, safe, result] = ["net.npz", "net.safetensors", "result.npz"].map((name) =>
      join(folder, name),
    );
    await saveNetwork(problem.network, npz!);
    await saveNetwork(problem.network, safe!);
    expect((await goldspike(["solve", "smoke/recurrence", "-o", result!])).code).toBe(0);
    const [outline, ofNpz, ofSafe, ofResult] = JSON.parse(python.run(show, npz!, safe!, result!)) as [
      string,
      ...Record<string, [number[], string]>[],
    ];
    expect(JSON.parse(outline).format).toBe("goldspike/network@1");
    expect(ofNpz).toEqual(ofSafe);
    const { weight } = problem.network.projections[0]!;
    expect(ofNpz!["projections[0].weight"]![1]).toBe(hexOf(weight));
    const hidden = problem.network.populations[0]!;
    expect(ofNpz![`populations.${hidden.name}.tau_mem`]).toEqual([[hidden.size], hexOf(hidden.tauMem)]);
    const { loss, spikes, gradients } = await solveCase(problem);
    expect(ofResult!["loss"]).toEqual([[], hexOf([loss])]);
    expect(ofResult!["spikes.hidden.times"]![1]).toBe(hexOf(spikes["hidden"]!.times));
    expect(ofResult!["gradients.projections[0].weight"]![1]).toBe(hexOf(gradients.projections[0]!.weight));
    const doubled = await loadNetwork(`${npz}.again.npz`);
    expect([...doubled.projections[0]!.weight]).toEqual([...weight].map((value) => 2 * value));
  },
  patience,
);

describe("a file is refused in one line", () => {
  const refusal = (path: string) =>
    loadNetwork(path).then(
      () => "read",
      (error: Error) => error.message,
    );
  const npzWith = (name: string, content: Parameters<typeof npzOf>[0]) => {
    const path = join(folder, name);
    writeFileSync(path, npzOf(content));
    return path;
  };

  test("that is no ZIP, of other arrays, or cut short", async () => {
    const text = join(folder, "text.npz");
    writeFileSync(text, "weights");
    expect(await refusal(text)).toMatch(/text\.npz: expected an \.npz file, a ZIP of arrays \(/);
    const other = npzWith("other.npz", [["w", { shape: [1], values: Float64Array.of(1) }]]);
    expect(await refusal(other)).toBe(
      `${other}: expected the network that goldspike export wrote, found no text "network" among its arrays`,
    );
    const broken = join(folder, "broken.npz");
    writeFileSync(broken, zipSync({ "network.npy": new Uint8Array(40) }));
    expect(await refusal(broken)).toBe(
      `${broken}: network: expected an array in the .npy format, got 40 bytes of something else`,
    );
  });

  test("that lacks an array, or has one of another shape or with NaN", async () => {
    const path = join(folder, "whole.npz");
    await saveNetwork(problem.network, path);
    const content = readNpz(readFileSync(path), path);
    const changed = (name: string, value: typeof content extends Map<string, infer V> ? V : never) =>
      npzWith("changed.npz", new Map([...content, [name, value]]));
    const weight = "projections[0].weight";
    const file = join(folder, "changed.npz");
    expect(await refusal(changed(weight, { shape: [1], values: Float64Array.of(1) }))).toMatch(
      `${file}: ["projections[0].weight"]: expected an array of shape [2, 1], got [1]`,
    );
    const nan = { shape: [2, 1], values: Float64Array.of(1, Number.NaN) };
    expect(await refusal(changed(weight, nan))).toBe(
      `${file}: ["projections[0].weight"][1]: expected a finite number, got NaN`,
    );
    const without = npzWith(
      "changed.npz",
      [...content].filter(([name]) => name !== weight),
    );
    expect(await refusal(without)).toBe(
      `${file}: ["projections[0].weight"]: expected an array of shape [2, 1], got nothing`,
    );
  });

  test("of another ending, or a folder of neither a run nor a case", async () => {
    await expect(saveNetwork(problem.network, join(folder, "net.pt"))).rejects.toThrow(
      "net.pt: expected a name that ends in .json, .npz, .safetensors",
    );
    expect(await refusal(folder)).toBe(
      `${folder}: expected the folder of a run or of a case, found neither config.yaml nor case.json in it`,
    );
  });
});
