/**
 * The published schemas are those that files are checked with; `npm run schema` rewrites them. What a schema takes, the
 * validator's own schema takes; what the whole validator takes, the published schema takes.
 */
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { batchSchema } from "../../src/conformance/batch/batch.ts";
import { batchResultSchema, parseBatchResult } from "../../src/conformance/batch/batchResult.ts";
import { relationSchema } from "../../src/conformance/relations/relations.ts";
import { statusSchema } from "../../src/conformance/run/results.ts";
import { batchGoldenSchema } from "../../src/conformance/suite/batchGolden.ts";
import { goldenSchema } from "../../src/conformance/suite/golden.ts";
import { bundledSuite, listSuite, type SuiteEntry } from "../../src/conformance/suite/suite.ts";
import { jsonChunks } from "../../src/format/jsonChunks.ts";
import { blobsOf, loadCase } from "../../src/format/loadCase.ts";
import { networkJson } from "../../src/format/networkJson.ts";
import { caseSchema, parseCase } from "../../src/format/parseCase.ts";
import { networkSchema, parseNetwork } from "../../src/format/parseNetwork.ts";
import { parseResult, resultSchema } from "../../src/format/result.ts";
import { rightResults } from "../support/conformance/workerScript.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const schemas = {
  case: ["goldspike case", caseSchema],
  network: ["goldspike network", networkSchema],
  result: ["goldspike result of a case", resultSchema],
  batch: ["goldspike batch of trials", batchSchema],
  batch_result: ["goldspike result of a batch", batchResultSchema],
  status: ["goldspike status of a result", statusSchema],
  golden: ["what a suite knows about a case", goldenSchema],
  batch_golden: ["what a suite knows about a batch", batchGoldenSchema],
  relation: ["what a suite knows about a case and one related to it", relationSchema],
} as const satisfies Readonly<Record<string, readonly [string, z.ZodType]>>;
type Name = keyof typeof schemas;
const names = Object.keys(schemas) as Name[];

function jsonSchemaOf(name: Name): object {
  const [title, schema] = schemas[name];
  return { title, ...z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) };
}

const ajv = new Ajv2020();
const published = new Map(names.map((name) => [name, ajv.compile(jsonSchemaOf(name))]));

test.each(names)("schema/%s.schema.json is the schema of these files", async (name) => {
  const text = `${JSON.stringify(jsonSchemaOf(name), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot(`../../schema/${name}.schema.json`);
});

interface Schema {
  readonly description?: string;
  readonly const?: unknown;
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly [key: string]: unknown;
}

function undescribed(schema: Schema, path: string): string[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([key, value]) => {
    const isSaid = value.description !== undefined || value.const !== undefined;
    return [...(isSaid ? [] : [`${path}${key}`]), ...undescribed(value, `${path}${key}.`)];
  });
  const parts = ["oneOf", "anyOf", "items", "additionalProperties"].flatMap((key) => schema[key] ?? []);
  return [...own, ...parts.flatMap((part) => undescribed(part as Schema, path))];
}

test.each(["case", "result", "batch", "batch_result", "status", "relation"] as const)(
  "%s: every key is explained",
  (name) => {
    expect(undescribed(jsonSchemaOf(name) as Schema, "")).toEqual([]);
  },
);

interface File {
  readonly name: Name;
  readonly folder: string;
  readonly json: unknown;
}

const folder = temporaryFolder();

/** The networks of some cases, as files of their own. */
async function networksOf(some: readonly SuiteEntry[]): Promise<File[]> {
  const cases = some.filter(({ group }) => group === "smoke").map((entry) => loadCase(entry.folder));
  return (await Promise.all(cases)).map(({ network }) => ({
    name: "network",
    folder,
    json: JSON.parse([...jsonChunks(networkJson(network))].join("")),
  }));
}

const entries = await listSuite(bundledSuite);
const solved = entries.filter(({ group }) => group === "smoke" || group === "batch");
await rightResults(solved, folder);

async function filesOf(place: string): Promise<File[]> {
  const found: File[] = [];
  for (const file of await readdir(place)) {
    if (!file.endsWith(".json")) continue;
    const text = await readFile(join(place, file), "utf8");
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      continue;
    }
    const [, name] = /^goldspike\/(\w+)@1$/.exec(String((json as { format?: unknown }).format)) ?? [];
    found.push({ name: name as Name, folder: place, json });
  }
  return found;
}

async function filesIn(root: string, some: readonly SuiteEntry[]): Promise<File[]> {
  const places = some.map(({ group, name }) => join(root, group, name));
  return (await Promise.all(places.filter((place) => existsSync(place)).map(filesOf))).flat();
}

/** Whether all of the file is as it must be, as far as it can be told without other files. */
function isValid({ name, folder: place }: File, json: unknown): boolean {
  const from = { source: name, readBlob: blobsOf(place) };
  try {
    if (name === "case") parseCase(json, from.readBlob);
    if (name === "network") parseNetwork(json, from.readBlob);
    if (name === "result") return areReadable([parseResult(json, from)]);
    if (name === "batch_result") {
      const { trials, batches } = parseBatchResult(json, from, (json as { case: string }).case);
      return areReadable([...trials, ...batches] as ReturnType<typeof parseResult>[]);
    }
    return (
      name === "case" || name === "network" || (schemas[name][1].safeParse(json).success && areNumbers(json))
    );
  } catch {
    return false;
  }
}

const lists = ["trials", "batches", "projections"];

/** Whether arrays have numbers or rows of numbers, but for the lists of what is in a file more than once. */
function areNumbers(json: unknown): boolean {
  if (typeof json !== "object" || json === null) return true;
  if (Array.isArray(json))
    return json.every(isNumber) || json.every((row) => Array.isArray(row) && row.every(isNumber));
  return Object.entries(json).every(([key, value]) =>
    lists.includes(key) && Array.isArray(value)
      ? value.every(areNumbers)
      : key === "shape" || areNumbers(value),
  );
}

function isNumber(value: unknown): boolean {
  return typeof value === "number";
}

function areReadable(results: readonly ReturnType<typeof parseResult>[]): boolean {
  return results.every(({ unreadable, gradients }) => unreadable.size + gradients.unreadable.size === 0);
}

function isTaken({ name }: File, json: unknown): boolean {
  return schemas[name][1].safeParse(json).success;
}

describe("on every file of the suite, and on results", async () => {
  const files = [
    ...(await filesIn(bundledSuite, entries)),
    ...(await filesIn(folder, solved)),
    ...(await networksOf(entries)),
  ];

  test("there are files of every format", () => {
    expect(new Set(files.map(({ name }) => name))).toEqual(
      new Set(names.filter((name) => name !== "status")),
    );
    expect(files.length).toBeGreaterThan(200);
  });

  test("valid files are taken, and what is taken the validator's schema takes", () => {
    const wrong = files.filter((file) => {
      const taken = published.get(file.name)!(file.json);
      return (isValid(file, file.json) && !taken) || (taken && !isTaken(file, file.json));
    });
    expect(wrong.map(({ folder: place, name }) => `${place} ${name}`)).toEqual([]);
  });
});

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The same with another value in one place, or none, or a key more. */
function* spoilt(json: Json): Generator<Json> {
  for (const value of [null, true, "x", "", -1, 0.5, 3, [], ["x"], [[1, 2], [3]], {}, { file: "../x" }])
    yield value as Json;
  if (typeof json !== "object" || json === null) return;
  if (Array.isArray(json)) {
    for (const k of [0, json.length - 1].filter((k) => k in json))
      for (const other of spoilt(json[k])) yield json.map((entry: Json, n) => (n === k ? other : entry));
    return;
  }
  const record = json as { readonly [key: string]: Json };
  yield { ...record, unknown_key: 1 };
  for (const key of Object.keys(record)) {
    const { [key]: _, ...rest } = record;
    yield rest;
    for (const other of spoilt(record[key]!)) yield { ...record, [key]: other };
  }
}

const status: File = {
  name: "status",
  folder: "",
  json: { format: "goldspike/status@1", status: "failed", message: "out of memory", seconds: 1 },
};

describe("on spoilt files", async () => {
  const chosen = [
    "recurrence",
    "first-spikes",
    "linear-readouts",
    "spike-time-mse",
    "spoken-word",
    "last-partial-batch",
    "double-times-delayed",
    "reverse-neurons-layered",
  ];
  const own = entries.filter(({ name }) => chosen.includes(name));
  const files = [
    ...(await filesIn(bundledSuite, own)),
    ...(await filesIn(folder, own)),
    ...(await networksOf(own)),
    status,
  ];

  test.each(names)("%s", (name) => {
    let refused = 0;
    const wrong: string[] = [];
    for (const file of files.filter((one) => one.name === name))
      for (const json of spoilt(file.json as Json)) {
        const taken = published.get(name)!(json);
        if (!taken) refused++;
        if ((taken && !isTaken(file, json)) || (!taken && isValid(file, json)))
          wrong.push(`${taken ? "taken" : "refused"}: ${JSON.stringify(json).slice(0, 500)}`);
      }
    expect(wrong.slice(0, 5)).toEqual([]);
    expect(refused).toBeGreaterThan(20);
  });
});
