/** What cannot be gone on with is refused in one line, with exit code 2, and is afterwards as it was before. */
import { execFile } from "node:child_process";
import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { decodeSafetensors, encodeSafetensors } from "../../src/run/safetensors.ts";
import { goldspike, main } from "../support/command.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";
import { traces } from "../support/training/runFolders.ts";
import { everyState, hidden, tiny } from "../support/training/tinyTraining.ts";

const parent = temporaryFolder();
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
  await Promise.all([trained("run", everyState), trained("wider", { ...everyState, ...hiddenOf(9) })]);
});

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
        const format = "goldspike/checkpoint@4";
        await writeFile(file, encodeSafetensors({ metadata: { ...metadata, format }, tensors }));
      },
      /expected a checkpoint of format goldspike\/checkpoint@3, got goldspike\/checkpoint@4(;|$)/,
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
      /is cut short: expected a safetensors file, got 3000 bytes that end before/,
    ],
    ["that is empty", (file) => writeFile(file, ""), /expected a safetensors file, got 0 bytes/],
  ];

  test.each(spoilt)("%s is refused", async (what, spoil, message) => {
    const name = what.replaceAll(/\W/g, "-");
    await cp(path("run"), path(name), { recursive: true });
    for (const file of ["last", "previous"]) await spoil(path(name, `${file}.safetensors`));
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
      expect(line).toMatch(message);
    }
    expect(await contents(path(name))).toEqual(before);
  });
});

describe("evaluate", () => {
  const edited = async (name: string, from: string, to: string) => {
    await cp(path("run"), path(name), { recursive: true });
    const text = await readFile(path(name, "config.yaml"), "utf8");
    expect(text).toContain(from);
    await writeFile(path(name, "config.yaml"), text.replace(from, to));
  };

  test("of a run whose settings were edited is refused by the setting's name", async () => {
    await edited("edited", "tau_mem: 20", "tau_mem: 19");
    const { code, stdout, stderr } = await goldspike(["evaluate", "edited"], options);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(errorOf(stderr)).toMatch(
      /^error: edited\/best\.safetensors: network\.hidden\[0\]\.tau_mem: expected 19 as in the run, got 20$/,
    );
  });

  test("takes what may differ", async () => {
    await edited("freed", "epochs: 4", "epochs: 9");
    const { code } = await goldspike(["evaluate", "freed", "--threads", "2", "--max-events", "999"], options);
    expect(code).toBe(0);
  });
});

describe("best.safetensors of another run", () => {
  test("is neither evaluated nor reported at the end of the run", async () => {
    await writeFile(path("seed.yaml"), stringify(tiny({ ...everyState, seed: 3 })));
    expect((await goldspike(["train", "seed.yaml", "-o", "seed"], options)).code).toBe(0);
    await cp(path("run"), path("foreign"), { recursive: true });
    await cp(path("seed", "best.safetensors"), path("foreign", "best.safetensors"));
    for (const name of ["report.html", "result.json"]) await rm(path("foreign", name));
    const before = await contents(path("foreign"));
    for (const command of ["evaluate", "resume"]) {
      const { code, stderr } = await goldspike([command, "foreign"], options);
      expect(code).toBe(2);
      expect(errorOf(stderr)).toMatch(
        /^error: foreign\/best\.safetensors: seed: expected 1 as in the run, got 3/,
      );
      expect(await contents(path("foreign"))).toEqual(before);
    }
  });
});

test("a resumed run that gets out of hand leaves the end that the run had", async () => {
  await cp(path("run"), path("away"), { recursive: true });
  const before = await contents(path("away"));
  const { code } = await goldspike(["resume", "away", "--epochs", "9", "--max-events", "1"], options);
  expect(code).toBe(1);
  expect(await contents(path("away"))).toEqual(before);
});

test("a run told to end before what is done is refused, and stays as it was", async () => {
  await cp(path("run"), path("fewer"), { recursive: true });
  const before = await contents(path("fewer"));
  const { code, stderr } = await goldspike(["resume", "fewer", "--epochs", "3"], options);
  expect(code).toBe(2);
  expect(errorOf(stderr)).toBe("error: --epochs: expected at least the 4 epochs that are done, got 3");
  expect(await contents(path("fewer"))).toEqual(before);
});

test("the report of a run that was resumed tells the time of all its epochs", async () => {
  await cp(path("run"), path("timed"), { recursive: true });
  const file = path("timed", "metrics.jsonl");
  const text = await readFile(file, "utf8");
  await writeFile(file, text.replaceAll(/"seconds":{[^}]*}/g, '"seconds":{"train":90,"validation":30}'));
  expect((await goldspike(["resume", "timed"], options)).code).toBe(0);
  expect(await readFile(path("timed", "report.html"), "utf8")).toMatch(/\b8 min\b/);
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
    expect(errorOf(stderr)).toMatch(
      /^error: full\/(best|last)\.safetensors: cannot be written: \S.*, then: goldspike resume full$/,
    );
    const after = await contents(path("full"));
    for (const name of ["last.safetensors", "best.safetensors"]) expect(after[name]).toBe(before[name]);
    expect(Object.keys(after).filter((name) => /tmp|lock/.test(name))).toEqual([]);

    expect((await goldspike(["resume", "full", "--epochs", "6"], options)).code).toBe(0);
    await trained("long", { ...everyState, epochs: 6 });
    const [full, long] = [await traces(path("full")), await traces(path("long"))];
    expect([full.last, full.metrics]).toEqual([long.last, long.metrics]);
  },
);
