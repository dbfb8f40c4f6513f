/** A suite's damaged, missing and extra files are named, and goldens that lost a part although the list knows them. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { isFlaw } from "../../src/verify/finding.ts";
import { verify } from "../../src/verify/verify.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const bundled = new URL("../../suite/", import.meta.url).pathname;
const one = "smoke/recurrence";

let suite: string;
let cases: string[];
beforeEach(async () => {
  suite = temporaryFolder(onTestFinished);
  const list = (await readFile(join(bundled, "SHA256SUMS"), "utf8")).split("\n");
  const folders = [
    ...new Set(list.filter((line) => line !== "").map((line) => line.slice(66).replace(/\/[^/]*$/, ""))),
  ];
  const first = (group: string) => folders.find((folder) => folder.startsWith(`${group}/`))!;
  cases = [one, first("batch"), first("metamorphic")];
  for (const name of cases) await cp(join(bundled, name), join(suite, name), { recursive: true });
  const lines = list.filter((line) => cases.some((name) => line.slice(66).startsWith(`${name}/`)));
  await writeFile(join(suite, "SHA256SUMS"), `${lines.join("\n")}\n`);
});

/** `state path: message`, below the suite, but for what is ok. */
async function told(path = suite) {
  const { kind, findings } = await verify(path);
  const lines: string[] = [];
  let count = 0;
  for await (const finding of findings) {
    if (finding.state === "ok") count++;
    else lines.push(`${finding.state} ${finding.path.replace(`${suite}/`, "")}: ${finding.message}`);
    if (isFlaw(finding)) expect(finding.state).not.toBe("extra");
  }
  return { kind, count, lines };
}

test("a whole one, and each of its cases alone", async () => {
  expect(await told()).toEqual({ kind: "suite", count: 4, lines: [] });
  for (const name of cases)
    expect(await told(join(suite, name))).toEqual({ kind: "case", count: 1, lines: [] });
  expect(await told(join(suite, one, "case.json"))).toEqual({ kind: "case", count: 1, lines: [] });
});

test("files that hold something else, are missing, pipes, or too many", async () => {
  const path = (file: string) => join(suite, one, file);
  await writeFile(path("case.json"), `${await readFile(path("case.json"), "utf8")} `);
  await rm(path("golden.json"));
  await writeFile(path("more.txt"), "");
  expect((await told()).lines).toEqual([
    `damaged ${one}/case.json: its SHA-256 is not that of SHA256SUMS`,
    `missing ${one}/golden.json: SHA256SUMS names it`,
    `extra ${one}/more.txt: SHA256SUMS does not name it`,
  ]);
  execFileSync("mkfifo", [path("golden.json")]);
  expect((await told()).lines[1]).toMatch(/^damaged .*golden\.json: it is a pipe or a device/);
});

test("a case that is gone", async () => {
  await rm(join(suite, cases[1]!), { recursive: true });
  const { lines } = await told();
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) expect(line.startsWith(`missing ${cases[1]}/`)).toBe(true);
});

test("a golden that lost a gradient, although its checksum is right", async () => {
  const file = join(suite, one, "golden.json");
  const golden = JSON.parse(await readFile(file, "utf8"));
  delete golden.gradients[Object.keys(golden.gradients)[0]!];
  const text = JSON.stringify(golden);
  await writeFile(file, text);
  expect((await told(join(suite, one))).lines[0]).toMatch(/^damaged .*golden\.json: .*missing: gradients/);
  const list = join(suite, "SHA256SUMS");
  const sum = createHash("sha256").update(text).digest("hex");
  const lines = (await readFile(list, "utf8")).split("\n");
  const changed = lines.map((line) =>
    line.endsWith(`${one}/golden.json`) ? `${sum}  ${one}/golden.json` : line,
  );
  await writeFile(list, changed.join("\n"));
  expect((await told()).lines).toEqual([
    expect.stringMatching(/^damaged .*golden\.json: .*missing: gradients/),
  ]);
});

test("a list that is damaged, one that is not there, and folders that are nobody's", async () => {
  await mkdir(join(suite, "smoke", "own"));
  await cp(join(suite, one, "case.json"), join(suite, "smoke", "own", "case.json"));
  expect((await told()).lines).toEqual([]);
  await rm(join(suite, "SHA256SUMS"));
  expect((await told()).lines).toEqual([expect.stringMatching(/^not_yet SHA256SUMS: /)]);
  await writeFile(join(suite, "SHA256SUMS"), "no sums\n");
  expect((await told()).lines[0]).toMatch(/^damaged SHA256SUMS: line 1: expected a SHA-256/);
});
