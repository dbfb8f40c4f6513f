/** Claims on points: one holder at a time, whatever comes in between, and none for ever. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { ownHolder } from "../../src/run/holder.ts";
import { type Claim, ClaimLost, Claims } from "../../src/study/claims.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const lease = 60;

/** How far the points are. */
const unbegun = async () => 0;

function isClaim(found: unknown): found is Claim {
  return typeof found === "object";
}

async function claimed(claims: Claims, point: string, progress = 0): Promise<Claim> {
  const found = await claims.claim(point, async () => progress);
  if (!isClaim(found)) throw new Error(`expected a claim, got ${found}`);
  return found;
}

test("one of many who come at once holds a point, and the next after its release", async () => {
  const folder = temporaryFolder(onTestFinished);
  for (let round = 0; round < 20; round++) {
    const rivals = Array.from({ length: 8 }, () => new Claims(folder, lease).claim("a", unbegun));
    const found = (await Promise.all(rivals)).filter(isClaim);
    expect(found.length).toBe(1);
    await found[0]!.requireHeld();
    await found[0]!.release();
    expect(await readdir(folder)).toEqual([]);
  }
});

test("of processes that share a folder one holds each point", async () => {
  const folder = temporaryFolder(onTestFinished);
  const points = Array.from({ length: 40 }, (_, k) => `p${k}`);
  const program = `
    import { Claims } from ${JSON.stringify(new URL("../../dist/study/claims.js", import.meta.url).href)};
    const claims = new Claims(${JSON.stringify(folder)}, ${lease});
    const won = [];
    for (const point of ${JSON.stringify(points)}) if (typeof (await claims.claim(point, async () => 0)) === "object") won.push(point);
    console.log(JSON.stringify(won));
    setInterval(() => {}, 1000);
  `;
  const won = await Promise.all(
    [1, 2, 3].map(async () => {
      const child = spawn(process.execPath, ["--input-type=module", "--eval", program]);
      onTestFinished(() => {
        child.kill("SIGKILL");
      });
      const [text] = await once(child.stdout.setEncoding("utf8"), "data");
      return JSON.parse(text) as string[];
    }),
  );
  expect(won.flat().sort()).toEqual([...points].sort());
});

test("what a process of this machine has left that is gone is taken over at once, and its holder told", async () => {
  const folder = temporaryFolder(onTestFinished);
  const own = await ownHolder();
  const gone = { ...own, pid: 2 ** 22 + 1, start: "1" };
  await writeFile(join(folder, "a.1"), JSON.stringify(gone));
  const claim = await claimed(new Claims(folder, lease), "a");
  expect(claim.former).toEqual([gone]);
  expect(await new Claims(folder, lease).claim("a", unbegun)).toBe("held");
  await claim.release();
  expect(await readdir(folder)).toEqual([]);
});

test("of holders that are gone those count against a point that have left it as far as it was", async () => {
  const folder = temporaryFolder(onTestFinished);
  const own = await ownHolder();
  const dies = async (pid: number, progress: number) => {
    const claims = new Claims(folder, lease);
    const claim = await claimed(claims, "a", progress);
    const files = (await readdir(folder)).sort((a, b) => Number(a.slice(2)) - Number(b.slice(2)));
    const path = join(folder, files.at(-1)!);
    const gone = { ...JSON.parse(await readFile(path, "utf8")), pid: 2 ** 22 + pid, start: "1" };
    await writeFile(path, JSON.stringify(gone));
    return claim.deaths;
  };
  const deaths = [];
  for (const [k, progress] of [3, 3, 3, 4, 4, 7].entries()) deaths.push(await dies(k + 1, progress));
  expect(deaths).toEqual([0, 1, 2, 0, 1, 0]);
  const claim = await claimed(new Claims(folder, lease), "a", 7);
  expect(claim.deaths).toBe(1);
  expect(claim.former.map(({ pid, host }) => [pid - 2 ** 22, host])).toEqual(
    [1, 2, 3, 4, 5, 6].map((pid) => [pid, own.host]),
  );
  await claim.release();
  expect(await readdir(folder)).toEqual([]);
});

/** Of another machine nothing is known but that it writes. */
async function foreign(): Promise<string> {
  return JSON.stringify({ ...(await ownHolder()), host: "elsewhere", boot: "another", machine: "another" });
}

test("a claim of another machine holds as long as it is renewed, by whatever clock", async () => {
  const folder = temporaryFolder(onTestFinished);
  const claims = new Claims(folder, 0.2);
  const file = join(folder, "a.1");
  await writeFile(file, await foreign());
  const seen = [];
  for (let k = 0; k < 12; k++) {
    // Renewed less often than it is looked at.
    if (k % 2 === 0) await utimes(file, new Date(k), new Date(k));
    seen.push(await claims.claim("a", unbegun));
    await setTimeout(50);
  }
  // Once it has been renewed it is known to be there, and stays so between two renewals.
  expect(seen).toEqual(["unknown", "unknown", ...new Array(10).fill("held")]);
  expect(await readdir(folder)).toEqual(["a.1"]);
});

test("one that is not renewed for a lease is taken over, and its holder finds out before it writes", async () => {
  const folder = temporaryFolder(onTestFinished);
  const lost = await claimed(new Claims(folder, lease), "a");
  await writeFile(join(folder, "a.1"), await foreign());
  const claims = new Claims(folder, 0.2);
  expect(await claims.claim("a", unbegun)).toBe("unknown");
  await setTimeout(300);
  const heir = await claimed(claims, "a");
  expect(heir.former.map(({ host }) => host)).toEqual(["elsewhere"]);
  await expect(lost.requireHeld()).rejects.toThrow(ClaimLost);
  await heir.requireHeld();
});

test("one that has stalled while others came and went holds nothing, and takes nothing of theirs away", async () => {
  const folder = temporaryFolder(onTestFinished);
  const stalled = await claimed(new Claims(folder, lease), "a");
  await writeFile(join(folder, "a.1"), await foreign());
  const claims = new Claims(folder, 0.2);
  expect(await claims.claim("a", unbegun)).toBe("unknown");
  await setTimeout(300);
  await (await claimed(claims, "a")).release();
  const last = await claimed(new Claims(folder, lease), "a");
  expect(await readdir(folder)).toEqual(["a.1"]);
  await expect(stalled.requireHeld()).rejects.toThrow(ClaimLost);
  await stalled.release();
  await last.requireHeld();
});

test("a claim that a crash has left empty is no holder for ever", async () => {
  const folder = temporaryFolder(onTestFinished);
  await writeFile(join(folder, "a.3"), "");
  const claims = new Claims(folder, 0.2);
  expect(await claims.claim("a", unbegun)).toBe("unknown");
  await setTimeout(300);
  const claim = await claimed(claims, "a");
  expect(JSON.parse(await readFile(join(folder, "a.4"), "utf8"))).toMatchObject(await ownHolder());
  await claim.release();
  expect(await readdir(folder)).toEqual([]);
});

test("a holder renews its claim", async () => {
  const folder = temporaryFolder(onTestFinished);
  const claim = await claimed(new Claims(folder, 0.2), "a");
  await writeFile(join(folder, "a.1"), await foreign());
  const other = new Claims(folder, 0.2);
  const seen = [];
  for (let k = 0; k < 5; k++) {
    seen.push(await other.claim("a", unbegun));
    await setTimeout(100);
  }
  expect(seen.at(-1)).not.toEqual(expect.any(Object));
  await claim.release();
});
