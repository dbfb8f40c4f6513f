/** The JSON Schema of run configurations, with which editors complete, explain and check them. */
import { z } from "zod";
import { runConfigSchema } from "./run.ts";

/** As it is in `schema/run.schema.json`. What must hold between settings it does not know. */
export function runJsonSchema(): string {
  const schema = z.toJSONSchema(runConfigSchema, { io: "input" });
  return `${JSON.stringify({ title: "goldspike run configuration", ...schema }, null, 2)}\n`;
}
