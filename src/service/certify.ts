/** The operation `certify`: what a correct implementation must find for a case, from arithmetic of fifty digits. */
import { availableParallelism } from "node:os";
import { basename } from "node:path";
import { z } from "zod";
import { certifyCase } from "../conformance/certify/certifyCase.ts";
import { certifyFolder } from "../conformance/certify/certifyFolder.ts";
import { snapshotOf } from "../conformance/suite/snapshot.ts";
import type { ReadBlob } from "../format/arrays.ts";
import { parseCase } from "../format/parseCase.ts";
import { createThreads } from "../oracle/certify/threads.ts";
import { WithFiles } from "./arrays.ts";
import { entryOf } from "./whichCase.ts";

const times = z.array(z.number().min(0, "expected a number ≥ 0")).min(1);

export const certifySchema = z.strictObject({
  case: z.union(
    [
      z.strictObject({ folder: z.string().describe("golden.json is written there.") }),
      z.strictObject({ json: z.unknown().describe("As case.json has it.") }),
    ],
    { error: "expected {folder} or {json}" },
  ),
  catches: z.string().optional().describe("The bug that the case is there to catch."),
  at: times.optional().describe("ms; of states and adjoints."),
  jobs: z.int().min(1, "expected an integer ≥ 1").optional().describe("Threads; the processor's if absent."),
});

/** `{"golden.json": TEXT}`; `files` has the bytes of raw files that it refers to. */
export async function certify(
  { case: which, catches, at, jobs = availableParallelism() }: z.output<typeof certifySchema>,
  readBlob: ReadBlob,
): Promise<WithFiles> {
  const threads = createThreads(jobs, () => {});
  try {
    if ("json" in which) {
      const problem = parseCase(which.json, readBlob, "case");
      return withFiles(Object.entries(await certifyCase(problem, { catches, at, workers: threads })));
    }
    const entry = await entryOf(which);
    await certifyFolder(which.folder, { catches, at, workers: threads });
    const files = [...(await snapshotOf(entry))].map(([path, bytes]) => [basename(path), bytes] as const);
    return withFiles(files.filter(([name]) => name.startsWith("golden")));
  } finally {
    await threads.close();
  }
}

function withFiles(files: readonly (readonly [string, string | Uint8Array])[]): WithFiles {
  const text = files.find(([name]) => name === "golden.json")![1];
  const raw = files.filter(([name]) => name !== "golden.json");
  return new WithFiles(
    { "golden.json": typeof text === "string" ? text : new TextDecoder().decode(text) },
    raw.map(([name, bytes]) => ({ name, bytes: bytes as Uint8Array })),
  );
}
