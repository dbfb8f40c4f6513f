/** `goldspike sweep` as a user runs it: stopped, killed, in company, and with points that fail. */
import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { wilsonInterval } from "../../src/training/confidence.ts";
import { goldspike, started } from "../support/command.ts";
import { Sweeps } from "../support/study/sweeps.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";
import { createSampler } from "../support/training/sampler.ts";
import { tiny, withValidation } from "../support/training/tinyTraining.ts";

const sweeps = new Sweeps(temporaryFolder());
const { parent } = sweeps;

beforeAll(async () => {
  await sweeps.study("study.yaml");
  const { code, stderr } = await sweeps.sweep("study.yaml", "-o", "whole", "--jobs", "1");
  expect([code, stderr]).toEqual([0, "8 of 8 points finished; see whole/report.html and whole/table.csv\n"]);
});

describe("a study", () => {
  test("has a row for every combination, and a run folder for every point", async () => {
    const [heading, ...rows] = (await sweeps.table("whole")).trimEnd().split("\n");
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
    const row = (await sweeps.table("whole")).split("\n")[1]!.split(",");
    const mean = (accuracies[0]! + accuracies[1]!) / 2;
    expect(Number(row[9])).toBe(mean);
    expect(row.slice(13, 16).map(Number)).toEqual(others[0]!.map((value, k) => (value + others[1]![k]!) / 2));
  });

  test("has the same table as JSON and, for people, with the best first and percents", async () => {
    const [heading, ...rows] = (await sweeps.table("whole")).trimEnd().split("\n");
    const names = heading!.split(",");
    const json = JSON.parse((await sweeps.sweep("table", "whole", "--json")).stdout);
    expect(
      json.map(({ settings, failure, ...found }: Record<string, object>) =>
        [...Object.values(settings!), ...Object.values(found), failure ?? ""].join(),
      ),
    ).toEqual(rows);
    const text = (await sweeps.sweep("table", "whole")).stdout.trimEnd().split("\n");
    const best = Math.max(...rows.map((row) => Number(row.split(",")[names.indexOf("validation_accuracy")])));
    expect(text).toHaveLength(1 + rows.length);
    expect(text[0]).toMatch(/^network\.hidden\.0\.size +loss +validation % +test % +mean recall % /);
    expect(text[1]).toContain(` ${(100 * best).toFixed(1)} ± `);
    expect((await sweeps.sweep("table", "whole", "--csv", "--time")).stdout).toMatch(
      /,seconds,failure\n.*,\d+\.\d+,\n/,
    );
  });

  test("has intervals of the variances of trials and seeds", async () => {
    const rows = JSON.parse((await sweeps.sweep("table", "whole", "--json")).stdout);
    const ofSeeds: number[] = [];
    for (const row of rows)
      for (const [part, trials] of [
        ["validation", 10],
        ["test", 12],
      ] as const) {
        const share = row[`${part}_accuracy`];
        // Of the mean of two, which are a deviation below and above it.
        const variance = row[`${part}_deviation`] ** 2;
        ofSeeds.push(variance);
        const ofTrials = (share * (1 - share)) / trials;
        const { low, high } = wilsonInterval(share, (share * (1 - share)) / (ofTrials + variance));
        expect(row[`${part}_low`]).toBeCloseTo(low, 12);
        expect(row[`${part}_high`]).toBeCloseTo(high, 12);
      }
    expect(Math.max(...ofSeeds)).toBeGreaterThan(0);
  });

  test("that is done is done: the same command trains nothing more", async () => {
    const { code, stdout } = await sweeps.sweep("study.yaml", "-o", "whole");
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
    expect((await sweeps.sweep("study.yaml", "-o", "killed", "--jobs", "2")).code).toBe(0);
    expect(await sweeps.table("killed")).toBe(await sweeps.table("whole"));
    expect(await readFile(join(parent, "killed", "table.csv"), "utf8")).toBe(await sweeps.table("whole"));
  });

  test("interrupted stops with checkpoints and exit code 130, and goes on", async () => {
    await sweeps.study("long.yaml", { seeds: [1] }, { epochs: 4000 });
    const run = started(["sweep", "long.yaml", "-o", "long", "--jobs", "2"], { cwd: parent });
    const hasBegun = async () => (await readdir(join(parent, "long", "points")).catch(() => [])).length === 2;
    while (!(await hasBegun())) await setTimeout(50);
    run.kill("SIGINT");
    const { code, stderr } = await run.ended;
    expect(code).toBe(130);
    expect(stderr).toMatch(/^stopping all points with checkpoints.*\n0 of 4 points finished; see /);
    const { stdout } = await sweeps.sweep("status", "long");
    expect(stdout).toBe("points=4 finished=0 running=0 stopped=2 waiting=2 failed=0\n");
  });

  test("shared with another one trains each point once", async () => {
    const ends = await Promise.all(
      [1, 2].map(() => sweeps.sweep("study.yaml", "-o", "shared", "--jobs", "1")),
    );
    const lines = ends.flatMap(({ stdout }) => stdout.trim().split("\n")).filter((line) => line !== "");
    const points = lines.map((line) => /^point=([0-9a-f]{12}) /.exec(line)![1]!);
    // Both stay until all is done.
    for (const { code, stderr } of ends)
      expect([code, stderr]).toEqual([0, expect.stringMatching(/8 of 8 points finished/)]);
    expect(new Set(points).size).toBe(8);
    expect(points.length).toBe(8);
    expect(await sweeps.table("shared")).toBe(await sweeps.table("whole"));
  });
});

test("an estimate names the point that would fail, and tells the time of the others", async () => {
  await sweeps.study("limits.yaml", { axes: { max_events: [1, 20000] }, seeds: [1, 2] });
  const { code, stdout, stderr } = await sweeps.sweep("estimate", "limits.yaml", "--seconds", "0.1");
  expect([code, stdout]).toEqual([
    0,
    expect.stringMatching(/^points=4 timed=1 seconds_a_point=\S+ core_hours=\S+\n$/),
  ]);
  expect(stderr).toMatch(/^max_events=1 seed=1 would fail: epoch 1, .*--max-events\)\n$/m);
  const sizes = { "network.hidden.0.size": [4, 60000] };
  await sweeps.study("sizes.yaml", {
    ...{ axes: sizes, seeds: [1] },
    set: { "network.hidden.0.recurrent": true },
  });
  const large = await sweeps.sweep("estimate", "sizes.yaml", "--seconds", "0.1");
  expect([large.code, large.stdout]).toEqual([0, expect.stringMatching(/^points=2 timed=1 /)]);
  expect(large.stderr).toMatch(/^network\.hidden\.0\.size=60000 seed=1 would fail: .* GiB/m);
});

describe("a point that fails", () => {
  test("whose record is damaged is told as such, and tried again", async () => {
    await sweeps.study("broken.yaml", { axes: {}, seeds: [1] });
    expect((await sweeps.sweep("broken.yaml", "-o", "broken")).code).toBe(0);
    const [point] = await sweeps.points("broken");
    await rm(join(parent, "broken", "points", point!, "result.json"));
    await writeFile(join(parent, "broken", "failures", `${point}.json`), '{"fail');
    const { code, stdout } = await sweeps.sweep("status", "broken");
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/failed=1\nfailed .*\.json: is damaged; try again with --retry\n$/),
    ]);
    expect((await sweeps.sweep("broken.yaml", "-o", "broken", "--retry")).code).toBe(0);
  });

  test("after a comparison is no run that has come to an end", async () => {
    await sweeps.study("second.yaml", { axes: {}, seeds: [1, 2] });
    expect((await sweeps.sweep("second.yaml", "-o", "second")).code).toBe(0);
    const [point] = await sweeps.points("second");
    await writeFile(join(parent, "second", "failures", `${point}.json`), '{"failure":"too many spikes"}\n');
    expect((await sweeps.table("second")).split("\n")[1]).toMatch(/^1,2,1,.*,too many spikes$/);
  });

  test("is a row with its line, the others go on, and --retry tries it again", async () => {
    await sweeps.study("fails.yaml", { axes: { max_events: [1, 20000] }, seeds: [1, 2] });
    const { code, stdout, stderr } = await sweeps.sweep("fails.yaml", "-o", "fails");
    expect([code, stderr]).toEqual([
      1,
      "2 of 4 points finished, 2 failed (once more: goldspike sweep fails.yaml -o fails --retry); see fails/report.html and fails/table.csv\n",
    ]);
    expect(stdout.match(/ failed: .*--max-events/g)?.length).toBe(2);
    const [, failed, fine] = (await sweeps.table("fails")).split("\n");
    expect(failed).toMatch(/^1,0,2,2,{13}[^,].*max-events/);
    expect(fine).toMatch(/^20000,2,2,0,0\.\d+,.*,12,$/);
    expect((await sweeps.sweep("fails.yaml", "-o", "fails")).stdout).toBe("");
    const again = await sweeps.sweep("fails.yaml", "-o", "fails", "--retry");
    expect(again.stdout.match(/ failed: /g)?.length).toBe(2);
    const page = await readFile(join(parent, "fails", "report.html"), "utf8");
    expect(page).toContain("What has failed");
  });
});

test("poor points are stopped early on demand, the same whoever comes first", async () => {
  const changes = { axes: { "optimizer.learning_rate": [1e-6, 0.005, 0.01, 0.02, 0.03, 0.04] }, seeds: [1] };
  await sweeps.study("halving.yaml", { ...changes, halving: { epochs: 2, factor: 3 } });
  expect((await sweeps.sweep("halving.yaml", "-o", "halving1", "--jobs", "1")).code).toBe(0);
  expect((await sweeps.sweep("halving.yaml", "-o", "halving2", "--jobs", "2")).code).toBe(0);
  const rows = (await sweeps.table("halving1")).trimEnd().split("\n").slice(1);
  const epochs = rows.map((row) => Number(row.split(",").at(-2))).sort((a, b) => a - b);
  expect(epochs).toEqual([2, 2, 2, 2, 6, 12]);
  expect(await sweeps.table("halving2")).toBe(await sweeps.table("halving1"));
  // Comparisons look at all epochs of all.
  const [point] = await sweeps.points("halving2");
  await rm(join(parent, "halving2", "points", point!, "metrics.jsonl"));
  expect((await sweeps.sweep("halving.yaml", "-o", "halving2")).code).toBe(0);
  expect(await sweeps.table("halving2")).toBe(await sweeps.table("halving1"));
  // Who has reached a comparison that is still to come is not at an end.
  await cp(join(parent, "halving1"), join(parent, "halving3"), { recursive: true });
  await rm(join(parent, "halving3", "points", point!), { recursive: true });
  expect((await sweeps.sweep("status", "halving3")).stdout).toBe(
    "points=6 finished=0 running=0 stopped=0 waiting=6 failed=0\n",
  );
  const submitted = await goldspike(["sweep", "submit", "halving3"], {
    cwd: parent,
    variables: { PATH: parent },
  });
  expect(submitted.stderr).toMatch(/^error: sbatch: is not here/);
  expect((await sweeps.sweep("work", "halving3")).code).toBe(0);
  expect(await sweeps.table("halving3")).toBe(await sweeps.table("halving1"));
  for (const args of [
    ["list", "halving2"],
    ["work", "halving2", "--point", point!],
  ])
    expect((await sweeps.sweep(...args)).stderr).toMatch(
      /^error: halving2: expected a study without halving/,
    );
});
