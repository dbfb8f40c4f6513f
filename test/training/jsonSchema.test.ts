/** The schemas that editors use are those that files are checked with; `npm run schema` rewrites them. */
import { expect, test } from "vitest";
import { z } from "zod";
import { studySchema } from "../../src/study/schema.ts";
import { runConfigSchema } from "../../src/training/config/run.ts";

/** What must hold between settings it does not know. */
function runJsonSchema(): string {
  const schema = z.toJSONSchema(runConfigSchema, { io: "input" });
  return `${JSON.stringify({ title: "goldspike run configuration", ...schema }, null, 2)}\n`;
}

/** A base that stands in the study is a configuration; its own check comes when it is put together. */
function studyJsonSchema(): string {
  const schema = z.toJSONSchema(studySchema, { io: "input" });
  return `${JSON.stringify({ title: "goldspike study", ...schema }, null, 2)}\n`;
}

test("schema/run.schema.json is the schema of configurations", async () => {
  await expect(runJsonSchema()).toMatchFileSnapshot("../../schema/run.schema.json");
});

test("schema/study.schema.json is the schema of studies", async () => {
  await expect(studyJsonSchema()).toMatchFileSnapshot("../../schema/study.schema.json");
});

interface Schema {
  readonly description?: string;
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly [key: string]: unknown;
}

/** Paths of keys without a word about them. */
function undescribed(schema: Schema, path: string): string[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([key, value]) => {
    const explained = value.description !== undefined || value.const !== undefined || key === "kind";
    return [...(explained ? [] : [`${path}${key}`]), ...undescribed(value, `${path}${key}.`)];
  });
  const parts = ["oneOf", "anyOf", "items", "additionalProperties"].flatMap((key) => schema[key] ?? []);
  return [...own, ...parts.flatMap((part) => undescribed(part as Schema, path))];
}

test("they explain every key", () => {
  expect(undescribed(JSON.parse(runJsonSchema()), "")).toEqual([]);
  expect(undescribed(JSON.parse(studyJsonSchema()), "")).toEqual([]);
});

test("that of configurations knows bounds and which keys may be left out", () => {
  const { properties, required } = JSON.parse(runJsonSchema());
  expect(required).toEqual(["dataset", "duration", "network", "epochs"]);
  expect(properties.optimizer.properties).toMatchObject({
    learning_rate: { default: 0.001, exclusiveMinimum: 0 },
    beta1: { minimum: 0, exclusiveMaximum: 1 },
  });
  expect(properties.batch_size).toMatchObject({ type: "integer", minimum: 1, default: 32 });
});
