/** What `conform init` writes: filled in, it passes, by one process for each case and as a worker, whatever it prints. */
import { spawnSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { bundledSuite } from "../../../src/conformance/suite/suite.ts";
import { goldspike } from "../../support/command.ts";
import { python, runs, withoutPython } from "../../support/programs.ts";
import { temporaryFolder } from "../../support/temporaryFolder.ts";

const folder = temporaryFolder();
const smoke = join(bundledSuite, "smoke");
const compiler = ["cc", "gcc", "clang"].find((name) => runs(name, "--version"));

interface Language {
  readonly there: boolean;
  readonly program: string;
  /** Bodies that take what is known about the case; they print, and do what they should not for cases of some names. */
  readonly forward: readonly [hole: string, body: string];
  readonly backward: readonly [hole: string, body: string];
  readonly compile?: (folder: string, flags: readonly string[]) => readonly string[];
  readonly command: (folder: string) => readonly string[];
}

const languages: Readonly<Record<string, Language>> = {
  python: {
    there: python !== undefined,
    program: "backend.py",
    forward: [
      'raise Unsupported("forward is not written yet")',
      `print("step 1 of 2", flush=True)
    os.system("echo of a child; cat")
    if case.name == "recurrence": raise Unsupported("recurrence")
    if case.name == "first-spikes": raise KeyError("lost")
    golden = load(os.path.join(${JSON.stringify(smoke)}, case.name), "golden.json")
    return {name: (own["times"], own["neurons"]) for name, own in golden["spikes"].items()}, golden`,
    ],
    backward: [
      'raise Unsupported("backward is not written yet")',
      `own = [{"weight": entry["weight"]} for entry in kept["gradients"]["projections"]]
    return kept["loss"], kept["readout"], {"projections": own}`,
    ],
    command: (place) => [python!, join(place, "backend.py")],
  },
  js: {
    there: true,
    program: "backend.mjs",
    forward: [
      'throw new Unsupported("forward is not written yet");',
      `console.log("step 1 of 2");
  if (problem.name === "recurrence") throw new Unsupported("recurrence");
  if (problem.name === "first-spikes") throw new RangeError("lost");
  const golden = load(join(${JSON.stringify(smoke)}, problem.name), "golden.json");
  const spikes = Object.fromEntries(Object.entries(golden.spikes).map(([name, { times, neurons }]) => [name, { times: [...times], neurons: [...neurons] }]));
  return { spikes, kept: golden };`,
    ],
    backward: [
      'throw new Unsupported("backward is not written yet");',
      `const { loss, readout, gradients } = kept;
  return { loss, readout, gradients: { projections: gradients.projections.map(({ weight }) => ({ weight })) } };`,
    ],
    command: (place) => [process.execPath, join(place, "backend.mjs")],
  },
  c: {
    there: compiler !== undefined,
    program: "backend.c",
    forward: [
      '(void)p;\n  gs_unsupported("forward is not written yet");',
      `char *name = gs_text(&p->file, "name"), path[4096];
  printf("step 1 of 2\\n");
  if (system("cat")) exit(4);
  if (!strcmp(name, "recurrence")) gs_unsupported("recurrence");
  if (!strcmp(name, "first-spikes")) exit(3);
  snprintf(path, sizeof path, "%s/%s", ${JSON.stringify(smoke)}, name);
  gs_file golden = gs_open(path, "golden.json");
  for (size_t k = 0; k < p->populations; k++) {
    population *q = &p->population[k];
    if (!q->spiking) continue;
    snprintf(path, sizeof path, "spikes.%s.times", q->name);
    q->times = gs_numbers(&golden, path, &q->spikes);
    snprintf(path, sizeof path, "spikes.%s.neurons", q->name);
    q->neurons = gs_numbers(&golden, path, &q->spikes);
  }
  gs_close(&golden);`,
    ],
    backward: [
      '(void)p;\n  gs_unsupported("backward is not written yet");',
      `char *name = gs_text(&p->file, "name"), path[4096];
  snprintf(path, sizeof path, "%s/%s", ${JSON.stringify(smoke)}, name);
  gs_file golden = gs_open(path, "golden.json");
  p->loss = number(&golden, "loss");
  p->readout = gs_numbers(&golden, "readout", &p->readouts);
  for (size_t k = 0, n; k < p->projections; k++) {
    snprintf(path, sizeof path, "gradients.projections[%zu].weight", k);
    p->projection[k].d_weight = gs_numbers(&golden, path, &n);
  }
  gs_close(&golden);`,
    ],
    compile: (place, flags) => [
      ...[compiler!, "-std=c99", ...flags],
      ...[join(place, "backend.c"), "-lm", "-o", join(place, "backend")],
    ],
    command: (place) => [join(place, "backend")],
  },
};

const group = ["conform", "run", "--group", "smoke", "--jobs", "1"];

describe.each(Object.entries(languages))("%s", (name, language) => {
  const skip = name === "python" ? withoutPython : "(skipped without a compiler)";

  test.skipIf(!language.there)(`untouched it supports nothing, filled in it passes ${skip}`, async () => {
    const place = join(folder, name);
    const written = await goldspike(["conform", "init", name, place]);
    expect(written).toMatchObject({ code: 0, stderr: "" });
    expect(written.stdout).toContain("npx goldspike conform run --group smoke --worker -- ");
    const compiled = (...flags: string[]) => {
      const [program, ...args] = language.compile?.(place, flags) ?? [process.execPath, "-e", ""];
      expect(String(spawnSync(program!, args).stderr)).toBe("");
    };
    compiled("-pedantic", "-Wall", "-Wextra", "-O1");
    const command = language.command(place);
    const untouched = await goldspike([...group, "--worker", "--", ...command, "--serve"]);
    expect(untouched.stdout.match(/unsupported +forward is not written yet/g)).toHaveLength(4);
    const path = join(place, language.program);
    let text = await readFile(path, "utf8");
    for (const [hole, body] of [language.forward, language.backward]) {
      expect(text).toContain(hole);
      text = text.replace(hole, () => body);
    }
    await writeFile(path, text);
    compiled();
    for (const form of [
      ["--worker", "--", ...command, "--serve"],
      ["--", ...command],
    ]) {
      const { code, stdout, stderr } = await goldspike([...group, ...form]);
      expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
      expect(stdout).toMatch(/^smoke\/hidden-spikes +pass$/m);
      expect(stdout).toMatch(/^smoke\/postsynaptic-potential +pass$/m);
      expect(stdout).toMatch(/^smoke\/recurrence +unsupported +recurrence/m);
      expect(stdout).toMatch(/^smoke\/first-spikes +error +.*(lost|exit code 3)/m);
    }
    const again = await goldspike(["conform", "init", name, place]);
    expect(again.code).toBe(2);
    expect(again.stderr).toMatch(/^error: \S+: is there already; give another folder, or remove it\n$/);
  });
});

test("what it says to do next is for a shell, whatever the folder is called", async () => {
  for (const [given, command] of [
    ["my own", "python3 'my own/backend.py' --serve"],
    ["-x", "python3 ./-x/backend.py --serve"],
  ] as const) {
    const { stdout } = await goldspike(["conform", "init", "python", "--", given], { cwd: folder });
    expect(stdout.trimEnd().endsWith(` -- ${command}`), stdout).toBe(true);
  }
  const here = await goldspike(["conform", "init", "c", "."], { cwd: folder });
  expect(here.stdout).toMatch(/ -- \.\/backend --serve\n$/);
});

test("an unknown language", async () => {
  const { code, stderr } = await goldspike(["conform", "init", "fortran", join(folder, "fortran")]);
  expect(code).toBe(2);
  expect(stderr).toContain("python, js, c");
});
