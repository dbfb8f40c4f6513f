/** A kernel and a host that were not built together refuse each other: their descriptions of memory have another version. */
import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { bindKernel, memoryOf } from "../../src/engine/kernel/kernel.ts";
import { bytesOf } from "../support/kernel/kernels.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** The f64 kernel of a copy of assembly/ in which a piece of a file is another. */
async function changedKernel(file: string, find: string, replace: string): Promise<WebAssembly.Module> {
  const folder = temporaryFolder();
  cpSync(join(root, "assembly"), join(folder, "assembly"), { recursive: true });
  cpSync(join(root, "asconfig.json"), join(folder, "asconfig.json"));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  const path = join(folder, "assembly", file);
  const text = readFileSync(path, "utf8");
  expect(text.split(find)).toHaveLength(2);
  writeFileSync(path, text.replace(find, replace));
  const run = (...args: string[]) => execFileSync(process.execPath, args, { cwd: folder });
  run("--input-type=module", "-e", 'await (await import("./assembly/describe.mjs")).describe()');
  run("node_modules/assemblyscript/bin/asc.js", "--config", "asconfig.json", "--target", "f64");
  return WebAssembly.compile(readFileSync(join(folder, "build/kernel.f64.wasm")));
}

const complaint =
  /^kernel: expected layout version [0-9a-f]{8}, got [0-9a-f]{8}: kernel and host were not built together; run npm run build$/;

test.each([
  ["a field more in a structure", "trial/loss_plan.ts", "  dBeta: f64;\n", "  dBeta: f64;\n  gain: f64;\n"],
  [
    "an array more a neuron",
    "kinds.ts",
    "  gainBeta = 5,\n  count = 6,\n",
    "  gainBeta = 5,\n  count = 7,\n",
  ],
])("%s", async (_, file, find, replace) => {
  const module = await changedKernel(file, find, replace);
  expect(() => bindKernel(module, memoryOf(1))).toThrow(complaint);
});

test("a field that no code of the kernel uses is refused by the build", async () => {
  const [find, replace] = ["  dBeta: f64;\n", "  dBeta: f64;\n  dGamma: f64;\n"];
  await expect(changedKernel("trial/loss_plan.ts", find, replace)).rejects.toThrow(
    "assembly/trial/loss_plan.ts: Influence: no code of the kernel uses dGamma",
  );
});

test("a kernel that knows no version", () => {
  const unknown = Uint8Array.from([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);
  expect(() => bindKernel(new WebAssembly.Module(unknown), memoryOf(1))).toThrow(
    /^kernel: expected layout version [0-9a-f]{8}, got none: /,
  );
});

test("the kernel of this build", () => {
  const module = new WebAssembly.Module(bytesOf("f64"));
  expect(bindKernel(module, memoryOf(1)).heapBase()).toBeGreaterThanOrEqual(0);
});
