/** The other end of a worker: requests from stdin, a line of JSON each, and their answers on stdout. */
import { createInterface } from "node:readline";
import { visibleJson } from "../../base/controls.ts";
import { ConfigError, KernelError } from "../../base/errors.ts";

interface Request {
  readonly id: unknown;
  readonly case: string;
  readonly result: string;
}

/**
 * Answers one request after another until stdin ends.
 *
 * @param solve reads the first folder and writes result.json to the second; a ConfigError refuses the case
 */
export async function serve(
  solve: (caseFolder: string, resultFolder: string) => Promise<void>,
): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const { id, case: from, result } = JSON.parse(line) as Request;
    const answer = await solve(from, result).then(
      () => ({ id, status: "done" }),
      (error: Error) => ({ id, status: statusOf(error), message: error.message }),
    );
    process.stdout.write(`${visibleJson(answer)}\n`);
  }
}

function statusOf(error: Error): "refused" | "failed" {
  return error instanceof ConfigError || error instanceof KernelError ? "refused" : "failed";
}
