/** `goldspike sweep` as a user runs it: stopped, killed, in company, and with points that fail. */
import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { ownHolder } from "../../src/run/holder.ts";
import { wilsonInterval } from "../../src/training/confidence.ts";
import { goldspike, started } from "../support/command.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";
import { createSampler } from "../support/training/sampler.ts";
import { tiny, withValidation } from "../support/training/tinyTraining.ts";

const parent = temporaryFolder();

const axes = {
  "network.hidden.0.size": [4, 8],
  loss: {
    variants: {
      sum: {},
      max: { loss: { kind: "max_cross_entropy" }, "optimizer.learning_rate": 0.01 },
    },
  },
};

async function study(name: string, changes: Record<string, unknown> = {}, base = {}): Promise<void> {
  const settings = { base: tiny({ ...withValidation, epochs: 12, ...base }), axes, seeds: [1, 2] };
  await writeFile(join(parent, name), stringify({ ...settings, ...changes }));
}

function sweep(...args: readonly string[]) {
  return goldspike(["sweep", ...args], { cwd: parent });
}

async function table(folder: string): Promise<string> {
  const { code, stdout } = await sweep("table", folder, "--csv");
  expect(code).toBe(0);
  return stdout;
}

beforeAll(async () => {
  await study("study.yaml");
  const { code, stderr } = await sweep("study.yaml", "-o", "whole", "--jobs", "1");
  expect([code, stderr]).toEqual([0, "8 of 8 points finished; see whole/report.html and whole/table.csv\n"]);
});

describe("a study", () => {
  test("has a row for every combination, and a run folder for every point", async () => {
    const [heading, ...rows] = (await table("whole")).trimEnd().split("\n");
    expect(heading).toBe(
      "network.hidden.0.size,loss,runs,of,failed,validation_accuracy,validation_deviation,validation_low,validation_high,test_accuracy,test_deviation,test_low,test_high,mean_recall,train_accuracy,hidden_spikes,trained_epochs,failure",
    );
    expect(rows.map((row) => row.split(",").slice(0, 5).join())).toEqual([
      "4,sum,2,2,0",
      "4,max,2,2,0",
      "8,sum,2,2,0",
      "8,max,2,2,0",
    ]);
    const points = await readdir(join(parent, "whole", "points"));
    expect(points.length).toBe(8);
    for (const point of points) {
      const { code } = await goldspike(["verify", join("whole", "points", point)], { cwd: parent });
      expect(code).toBe(0);
    }
    expect(await readdir(join(parent, "whole", "claims"))).toEqual([]);
  });

  test("has the accuracies, recall and spikes that `train` comes to with the same settings", async () => {
    const base = tiny({ ...withValidation, epochs: 12 });
    await writeFile(join(parent, "base.yaml"), stringify(base));
    const accuracies = [];
    const others: number[][] = [];
    for (const seed of ["1", "2"]) {
      const args = [
        "train",
        "base.yaml",
        "--set",
        "network.hidden.0.size=4",
        "--seed",
        seed,
        "-o",
        `alone-${seed}`,
      ];
      expect((await goldspike(args, { cwd: parent })).code).toBe(0);
      const text = await readFile(join(parent, `alone-${seed}`, "result.json"), "utf8");
      const { test: score, selected } = JSON.parse(text);
      accuracies.push(score.accuracy as number);
      const run = `alone-${seed}`;
      const { mean_recall } = JSON.parse(
        (await goldspike(["evaluate", run, "--json"], { cwd: parent })).stdout,
      );
      const metrics = await readFile(join(parent, run, "metrics.jsonl"), "utf8");
      const { train, hidden_spikes } = JSON.parse(metrics.split("\n")[selected.epoch - 1]!);
      others.push([mean_recall, train.accuracy, hidden_spikes]);
    }
    const row = (await table("whole")).split("\n")[1]!.split(",");
    const mean = (accuracies[0]! + accuracies[1]!) / 2;
    expect(Number(row[9])).toBe(mean);
    // 12 trials of the test part.
    const { low, high } = wilsonInterval(mean, 12);
    expect(row.slice(11, 13).map(Number)).toEqual([low, high]);
    expect(row.slice(13, 16).map(Number)).toEqual(others[0]!.map((value, k) => (value + others[1]![k]!) / 2));
  });

  test("has the same table as JSON and, for people, with the best first and percents", async () => {
    const [heading, ...rows] = (await table("whole")).trimEnd().split("\n");
    const names = heading!.split(",");
    const json = JSON.parse((await sweep("table", "whole", "--json")).stdout);
    expect(
      json.map(({ settings, failure, ...found }: Record<string, object>) =>
        [...Object.values(settings!), ...Object.values(found), failure ?? ""].join(),
      ),
    ).toEqual(rows);
    const text = (await sweep("table", "whole")).stdout.trimEnd().split("\n");
    const best = Math.max(...rows.map((row) => Number(row.split(",")[names.indexOf("validation_accuracy")])));
    expect(text).toHaveLength(1 + rows.length);
    expect(text[0]).toMatch(/^network\.hidden\.0\.size +loss +validation % +test % +mean recall % /);
    expect(text[1]).toContain(` ${(100 * best).toFixed(1)} ± `);
    expect((await sweep("table", "whole", "--csv", "--time")).stdout).toMatch(
      /,seconds,failure\n.*,\d+\.\d+,\n/,
    );
  });

  test("that is done is done: the same command trains nothing more", async () => {
    const { code, stdout } = await sweep("study.yaml", "-o", "whole");
    expect([code, stdout]).toEqual([0, ""]);
  });
});

describe("a sweep that is", () => {
  test("killed at any moments comes to the same table, byte for byte", async () => {
    const { uniform } = createSampler(11);
    for (let kill = 0; kill < 6; kill++) {
      const run = started(["sweep", "study.yaml", "-o", "killed", "--jobs", "2"], { cwd: parent });
      await setTimeout(uniform(300, 1200));
      run.kill("SIGKILL");
      await run.ended;
    }
    expect((await sweep("study.yaml", "-o", "killed", "--jobs", "2")).code).toBe(0);
    expect(await table("killed")).toBe(await table("whole"));
    expect(await readFile(join(parent, "killed", "table.csv"), "utf8")).toBe(await table("whole"));
  });

  test("interrupted stops with checkpoints and exit code 130, and goes on", async () => {
    await study("long.yaml", { seeds: [1] }, { epochs: 4000 });
    const run = started(["sweep", "long.yaml", "-o", "long", "--jobs", "2"], { cwd: parent });
    const hasBegun = async () => (await readdir(join(parent, "long", "points")).catch(() => [])).length === 2;
    while (!(await hasBegun())) await setTimeout(50);
    run.kill("SIGINT");
    const { code, stderr } = await run.ended;
    expect(code).toBe(130);
    expect(stderr).toMatch(/^stopping all points with checkpoints.*\n0 of 4 points finished; see /);
    const { stdout } = await sweep("status", "long");
    expect(stdout).toBe("points=4 finished=0 running=0 stopped=2 waiting=2 failed=0\n");
  });

  test("shared with another one trains each point once", async () => {
    const sweeps = await Promise.all([1, 2].map(() => sweep("study.yaml", "-o", "shared", "--jobs", "1")));
    const lines = sweeps.flatMap(({ stdout }) => stdout.trim().split("\n")).filter((line) => line !== "");
    const points = lines.map((line) => /^point=([0-9a-f]{12}) /.exec(line)![1]!);
    // Both stay until all is done.
    for (const { code, stderr } of sweeps)
      expect([code, stderr]).toEqual([0, expect.stringMatching(/8 of 8 points finished/)]);
    expect(new Set(points).size).toBe(8);
    expect(points.length).toBe(8);
    expect(await table("shared")).toBe(await table("whole"));
  });
});

test("what a folder has lost is made again", async () => {
  expect((await sweep("study.yaml", "-o", "lost")).code).toBe(0);
  const points = (await readdir(join(parent, "lost", "points"))).sort();
  const remove = (point: number, ...files: readonly string[]) =>
    Promise.all(files.map((file) => rm(join(parent, "lost", "points", points[point]!, file))));
  await remove(0, "result.json");
  await remove(1, "config.yaml", "result.json");
  await remove(2, "last.safetensors", "result.json");
  await rm(join(parent, "lost", "points", points[3]!), { recursive: true });
  expect((await sweep("study.yaml", "-o", "lost")).code).toBe(0);
  expect(await table("lost")).toBe(await table("whole"));
});

describe("no fault of a point, and no row, is", () => {
  test("that its data are not there", async () => {
    const files = {
      dataset: { kind: "shd", train: "away.h5", test: "away.h5" },
      split: { kind: "official" },
    };
    await study("data.yaml", { axes: {}, seeds: [1] }, files);
    expect((await sweep("prepare", "data.yaml", "-o", "data")).code).toBe(0);
    for (const args of [
      ["work", "data"],
      ["data.yaml", "-o", "data"],
    ]) {
      const { code, stdout, stderr } = await sweep(...args);
      expect([code, stdout]).toEqual([2, ""]);
      expect(stderr).toMatch(
        /^error: data(\.yaml)?: \/.*away\.h5: is missing; name the folder of the data set's files with --data\n$/,
      );
    }
    expect((await sweep("status", "data")).stdout).toMatch(/waiting=1 failed=0\n$/);
  });

  test("that nobody says again where they are", async () => {
    const files = { dataset: { kind: "shd", train: "a.h5", test: "a.h5" }, split: { kind: "official" } };
    await study("told.yaml", { axes: {}, seeds: [1] }, files);
    expect((await sweep("prepare", "told.yaml", "-o", "told", "--data", "/nowhere/once")).code).toBe(0);
    const text = () => readFile(join(parent, "told", "study.yaml"), "utf8");
    const before = await text();
    for (const [args, place] of [
      [[], "/nowhere/once"],
      [["--data", "/nowhere/else"], "/nowhere/else"],
    ] as const) {
      const { code, stderr } = await sweep("told.yaml", "-o", "told", ...args);
      expect([code, stderr]).toEqual([
        2,
        expect.stringMatching(`^error: told.yaml: ${place}/a.h5: is missing; name the folder .* --data\n$`),
      ]);
      // Workers elsewhere read there where the data are.
      expect(await text()).toBe(before);
    }
  });

  test("that two who held it are gone, one of another machine", async () => {
    await study("left.yaml", { axes: {}, seeds: [1] });
    expect((await sweep("prepare", "left.yaml", "-o", "left")).code).toBe(0);
    const point = (await sweep("list", "left")).stdout.trim().split(" ").at(-1)!;
    const own = await ownHolder();
    const elsewhere = JSON.stringify({ ...own, host: "elsewhere", boot: "another", machine: "another" });
    await writeFile(join(parent, "left", "claims", `${point}.1`), elsewhere);
    // Killed before it has done anything.
    const killed = JSON.stringify({ ...own, pid: 2 ** 22 + 1, start: "1" });
    await writeFile(join(parent, "left", "claims", `${point}.2`), killed);
    const run = join(parent, "left", "points", point);
    await mkdir(run);
    await writeFile(join(run, "lock.0123456789ab"), elsewhere);
    const { code, stdout, stderr } = await sweep("work", "left");
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^point=\w+ .*test_accuracy=/);
    expect(await readdir(run)).not.toContain("lock.0123456789ab");
  });

  test("that its worker is told to stop twice, as by a batch system and the shell between", async () => {
    await study("twice.yaml", { axes: {}, seeds: [1] }, { epochs: 4000 });
    expect((await sweep("prepare", "twice.yaml", "-o", "twice")).code).toBe(0);
    const worker = started(["sweep", "work", "twice"], { cwd: parent });
    const [point] = await points("twice");
    worker.kill("SIGTERM");
    await setTimeout(20);
    worker.kill("SIGTERM");
    expect((await worker.ended).code).toBe(130);
    expect(existsSync(join(parent, "twice", "points", point!, "last.safetensors"))).toBe(true);
    expect(await readdir(join(parent, "twice", "claims"))).toEqual([]);
  });

  test("that somebody else trains its run", async () => {
    await study("alone.yaml", { axes: {}, seeds: [1] }, { epochs: 3000 });
    expect((await sweep("prepare", "alone.yaml", "-o", "alone")).code).toBe(0);
    const first = started(["sweep", "work", "alone"], { cwd: parent });
    const [point] = await points("alone");
    const run = join("alone", "points", point!);
    const resumed = await goldspike(["resume", run], { cwd: parent });
    expect(resumed.stderr).toContain("is at work in this folder");
    first.kill("SIGTERM");
    expect((await first.ended).code).toBe(130);
    const other = started(["resume", run], { cwd: parent });
    await other.until("epoch=");
    expect((await sweep("work", "alone")).code).toBe(0);
    other.kill("SIGTERM");
    await other.ended;
    expect((await sweep("status", "alone")).stdout).toMatch(/stopped=1 waiting=0 failed=0\n$/);
  });

  test("that its worker is killed again and again", async () => {
    await study("hunted.yaml", { axes: {}, seeds: [1] }, { epochs: 400 });
    const run = started(["sweep", "hunted.yaml", "-o", "hunted", "--jobs", "1"], { cwd: parent });
    await points("hunted");
    const claims = join(parent, "hunted", "claims");
    for (const signal of ["SIGKILL", "SIGTERM", "SIGKILL"] as const) {
      await setTimeout(150);
      for (const name of await readdir(claims)) {
        const text = await readFile(join(claims, name), "utf8").catch(() => "");
        if (text !== "") kill((JSON.parse(text) as { pid: number }).pid, signal);
      }
    }
    const { code, stderr } = await run.ended;
    expect([code, stderr]).toEqual([
      0,
      "1 of 1 points finished; see hunted/report.html and hunted/table.csv\n",
    ]);
  });
});

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It was gone already.
  }
}

/** Those that have been begun, once there is one. */
async function points(folder: string): Promise<string[]> {
  for (;;) {
    const names = await readdir(join(parent, folder, "points")).catch(() => []);
    const begun = names.filter((name) => existsSync(join(parent, folder, "points", name, "config.yaml")));
    if (begun.length > 0) return begun;
    await setTimeout(50);
  }
}

describe("a folder that has lost", () => {
  async function lost(name: string, ...paths: readonly string[]): Promise<string> {
    await cp(join(parent, "whole"), join(parent, name), { recursive: true });
    for (const path of paths) await rm(join(parent, name, path), { recursive: true });
    return name;
  }

  test("all checkpoints of a point that had no result yet trains it anew, to the same bytes", async () => {
    const [point] = await readdir(join(parent, "whole", "points"));
    const files = ["result.json", "last.safetensors", "previous.safetensors"];
    const folder = await lost("unchecked", ...files.map((file) => join("points", point!, file)));
    const { code, stderr } = await sweep("study.yaml", "-o", folder);
    expect([code, stderr]).toEqual([
      0,
      expect.stringMatching(/last\.safetensors: is missing; the run is begun anew\n/),
    ]);
    expect(await table(folder)).toBe(await table("whole"));
    const run = (name: string) => readFile(join(parent, name, "points", point!, "last.safetensors"));
    expect(await run(folder)).toEqual(await run("whole"));
  });

  test("its empty folders is told about and worked on as before", async () => {
    const folder = await lost("partless", "claims", "failures");
    expect(await table(folder)).toBe(await table("whole"));
    expect((await sweep("status", folder)).stdout).toMatch(/^points=8 finished=8 /);
    expect((await sweep("work", folder)).code).toBe(0);
  });

  test("its pages gets them again, with axes and curves", async () => {
    const folder = await lost("pageless", "report.html", "table.csv");
    expect((await sweep("report", folder)).stdout).toBe(
      "points=8 finished=8 failed=0 report=pageless/report.html table=pageless/table.csv\n",
    );
    expect(await readFile(join(parent, folder, "table.csv"), "utf8")).toBe(await table("whole"));
    const page = await readFile(join(parent, folder, "report.html"), "utf8");
    expect(page).toMatch(/aria-label="test accuracy by loss: |aria-label="validation accuracy by loss: /);
    expect(page).toContain("accuracy over the epochs; at the end");
  });
});

test("an estimate names the point that would fail, and tells the time of the others", async () => {
  await study("limits.yaml", { axes: { max_events: [1, 20000] }, seeds: [1, 2] });
  const { code, stdout, stderr } = await sweep("estimate", "limits.yaml", "--seconds", "0.1");
  expect([code, stdout]).toEqual([
    0,
    expect.stringMatching(/^points=4 timed=1 seconds_a_point=\S+ core_hours=\S+\n$/),
  ]);
  expect(stderr).toMatch(/^max_events=1 seed=1 would fail: epoch 1, .*--max-events\)\n$/m);
});

describe("a point that fails", () => {
  test("whose record is damaged is told as such, and tried again", async () => {
    await study("broken.yaml", { axes: {}, seeds: [1] });
    expect((await sweep("broken.yaml", "-o", "broken")).code).toBe(0);
    const [point] = await points("broken");
    await rm(join(parent, "broken", "points", point!, "result.json"));
    await writeFile(join(parent, "broken", "failures", `${point}.json`), '{"fail');
    const { code, stdout } = await sweep("status", "broken");
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/failed=1\nfailed .*\.json: is damaged; try again with --retry\n$/),
    ]);
    expect((await sweep("broken.yaml", "-o", "broken", "--retry")).code).toBe(0);
  });

  test("is a row with its line, the others go on, and --retry tries it again", async () => {
    await study("fails.yaml", { axes: { max_events: [1, 20000] }, seeds: [1, 2] });
    const { code, stdout, stderr } = await sweep("fails.yaml", "-o", "fails");
    expect([code, stderr]).toEqual([
      1,
      "2 of 4 points finished, 2 failed (once more: goldspike sweep fails.yaml -o fails --retry); see fails/report.html and fails/table.csv\n",
    ]);
    expect(stdout.match(/ failed: .*--max-events/g)?.length).toBe(2);
    const [, failed, fine] = (await table("fails")).split("\n");
    expect(failed).toMatch(/^1,0,2,2,{13}[^,].*max-events/);
    expect(fine).toMatch(/^20000,2,2,0,0\.\d+,.*,12,$/);
    expect((await sweep("fails.yaml", "-o", "fails")).stdout).toBe("");
    const again = await sweep("fails.yaml", "-o", "fails", "--retry");
    expect(again.stdout.match(/ failed: /g)?.length).toBe(2);
    const page = await readFile(join(parent, "fails", "report.html"), "utf8");
    expect(page).toContain("What has failed");
  });
});

test("poor points are stopped early on demand, the same whoever comes first", async () => {
  const changes = { axes: { "optimizer.learning_rate": [1e-6, 0.005, 0.01, 0.02, 0.03, 0.04] }, seeds: [1] };
  await study("halving.yaml", { ...changes, halving: { epochs: 2, factor: 3 } });
  expect((await sweep("halving.yaml", "-o", "halving1", "--jobs", "1")).code).toBe(0);
  expect((await sweep("halving.yaml", "-o", "halving2", "--jobs", "2")).code).toBe(0);
  const rows = (await table("halving1")).trimEnd().split("\n").slice(1);
  const epochs = rows.map((row) => Number(row.split(",").at(-2))).sort((a, b) => a - b);
  expect(epochs).toEqual([2, 2, 2, 2, 6, 12]);
  expect(await table("halving2")).toBe(await table("halving1"));
  // Comparisons look at all epochs of all.
  const [point] = await points("halving2");
  await rm(join(parent, "halving2", "points", point!, "metrics.jsonl"));
  expect((await sweep("halving.yaml", "-o", "halving2")).code).toBe(0);
  expect(await table("halving2")).toBe(await table("halving1"));
  // Who has reached a comparison that is still to come is not at an end.
  await cp(join(parent, "halving1"), join(parent, "halving3"), { recursive: true });
  await rm(join(parent, "halving3", "points", point!), { recursive: true });
  expect((await sweep("status", "halving3")).stdout).toBe(
    "points=6 finished=0 running=0 stopped=0 waiting=6 failed=0\n",
  );
  const submitted = await goldspike(["sweep", "submit", "halving3"], {
    cwd: parent,
    variables: { PATH: parent },
  });
  expect(submitted.stderr).toMatch(/^error: sbatch: is not here/);
  expect((await sweep("work", "halving3")).code).toBe(0);
  expect(await table("halving3")).toBe(await table("halving1"));
  expect((await sweep("list", "halving2")).stderr).toMatch(
    /^error: halving2: expected a study without halving/,
  );
});
