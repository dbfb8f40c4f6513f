/** What cannot be gone on with is refused in one line, with exit code 2, and is afterwards as it was before. */
import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { decodeSafetensors, encodeSafetensors } from "../src/run/safetensors.ts";
import { goldspike, main } from "./support/command.ts";
import { traces } from "./support/runFolders.ts";
import { everyState, hidden, tiny } from "./support/tinyTraining.ts";

let parent: string;
const options = {
  get cwd() {
    return parent;
  },
};
const path = (...names: string[]) => join(parent, ...names);

async function trained(name: string, changes: Record<string, unknown>): Promise<void> {
  await writeFile(path(`${name}.yaml`), stringify(tiny(changes)));
  expect((await goldspike(["train", `${name}.yaml`, "-o", name], options)).code).toBe(0);
}

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), "goldspike-"));
  await Promise.all([trained("run", everyState), trained("wider", { ...everyState, ...hiddenOf(9) })]);
});
afterAll(() => rm(parent, { recursive: true, force: true }));

function hiddenOf(size: number) {
  return { network: { ...(everyState.network as object), ...hidden({ size, recurrent: true }) } };
}

async function contents(folder: string): Promise<Record<string, string>> {
  const names = await readdir(folder);
  const entries = names.map(async (name) => [name, await readFile(join(folder, name), "base64")] as const);
  return Object.fromEntries(await Promise.all(entries));
}

/** The only error line. */
function errorOf(stderr: string): string {
  const lines = stderr.trimEnd().split("\n");
  const errors = lines.filter((line) => line.startsWith("error: "));
  expect(errors).toEqual([lines.at(-1)]);
  return errors[0]!;
}

describe("a checkpoint", () => {
  const spoilt: [string, (file: string) => Promise<void>, RegExp][] = [
    [
      "of another network",
      (file) => cp(path("wider", "last.safetensors"), file),
      /network\.hidden\[0\]\.size: expected 8 as in the run, got 9$/,
    ],
    [
      "of another version of the format",
      async (file) => {
        const { metadata, tensors } = decodeSafetensors(await readFile(file), file);
        const format = "goldspike/checkpoint@3";
        await writeFile(file, encodeSafetensors({ metadata: { ...metadata, format }, tensors }));
      },
      /expected a checkpoint of format goldspike\/checkpoint@2, got goldspike\/checkpoint@3$/,
    ],
    [
      "with a flipped bit",
      async (file) => {
        const bytes = await readFile(file);
        bytes[bytes.length - 3]! ^= 1;
        await writeFile(file, bytes);
      },
      /is damaged: expected SHA-256/,
    ],
    [
      "cut short",
      async (file) => writeFile(file, (await readFile(file)).subarray(0, 3000)),
      /expected a safetensors file/,
    ],
    ["that is empty", (file) => writeFile(file, ""), /expected a safetensors file, got 0 bytes/],
  ];

  test.each(spoilt)("%s is refused", async (what, spoil, message) => {
    const name = what.replaceAll(/\W/g, "-");
    await cp(path("run"), path(name), { recursive: true });
    await spoil(path(name, "last.safetensors"));
    const before = await contents(path(name));
    const commands = [
      ["resume", name, "--epochs", "9"],
      ["evaluate", name, "--checkpoint", "last"],
    ];
    for (const args of commands) {
      const { code, stdout, stderr } = await goldspike(args, options);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      const line = errorOf(stderr);
      expect(line).toContain(`error: ${name}/last.safetensors: `);
      // What is evaluated need not be the run's own configuration, only fit its network.
      if (what !== "of another network" || args[0] === "resume") expect(line).toMatch(message);
    }
    expect(await contents(path(name))).toEqual(before);
  });
});

test.each([
  ["resume", "nothing-there"],
  ["evaluate", "nothing-there"],
])("%s of no run says what it expected", async (...args) => {
  const { code, stderr } = await goldspike(args, options);
  expect(code).toBe(2);
  expect(stderr).toBe("error: nothing-there: expected the folder of a run, found no config.yaml in it\n");
});

test.skipIf(process.platform === "win32")(
  "a disk on which a checkpoint finds no room leaves the one of before, from which the run goes on (not on Windows)",
  async () => {
    await cp(path("run"), path("full"), { recursive: true });
    const before = await contents(path("full"));
    // No file may grow beyond so many blocks, of which a checkpoint needs more.
    const limited = `ulimit -f 8 && exec "${process.execPath}" "${main}" resume full --epochs 6`;
    const { code, stderr } = await new Promise<{ code: unknown; stderr: string }>((resolve) => {
      execFile("sh", ["-c", limited], options, (error, _, err) =>
        resolve({ code: error?.code, stderr: err }),
      );
    });
    expect(code).toBe(2);
    expect(errorOf(stderr)).toMatch(/^error: full\/(best|last)\.safetensors: cannot be written: \S/);
    const after = await contents(path("full"));
    for (const name of ["last.safetensors", "best.safetensors"]) expect(after[name]).toBe(before[name]);
    expect(Object.keys(after).filter((name) => /tmp|lock/.test(name))).toEqual([]);

    expect((await goldspike(["resume", "full", "--epochs", "6"], options)).code).toBe(0);
    await trained("long", { ...everyState, epochs: 6 });
    const [full, long] = [await traces(path("full")), await traces(path("long"))];
    expect([full.last, full.metrics]).toEqual([long.last, long.metrics]);
  },
);
