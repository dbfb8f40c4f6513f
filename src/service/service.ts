/** Requests from stdin, answered on stdout one after the other, until stdin ends: see `protocol.ts`. */
import { once } from "node:events";
import { createInterface } from "node:readline";
import { answerTo } from "./operations.ts";
import { answerLine, errorLine, type Request, requestOf } from "./protocol.ts";

/** Never rejects for what is wrong with a request. */
export async function service(input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Promise<void> {
  for await (const line of createInterface({ input })) {
    if (line.trim() === "") continue;
    if (!output.write(`${await answered(line)}\n`)) await once(output, "drain");
  }
}

async function answered(line: string): Promise<string> {
  let id: Request["id"] | null = null;
  try {
    const request = requestOf(line);
    id = request.id;
    return answerLine(id, await answerTo(request));
  } catch (error) {
    if (process.env["GOLDSPIKE_DEBUG"] && error instanceof Error) console.error(error.stack);
    return errorLine(id, error);
  }
}
