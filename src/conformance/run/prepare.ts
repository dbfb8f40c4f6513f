/** Everything that is known about a case, read before any command is started: none of them can change what it is judged by. */
import { join } from "node:path";
import { ConfigError } from "../../base/errors.ts";
import { exists, fileReason } from "../../base/files.ts";
import { loadCase } from "../../format/loadCase.ts";
import type { Case } from "../../model/case.ts";
import { type Batch, loadBatch, membersOf } from "../batch/batch.ts";
import { type RelationName, readRelation } from "../relations/relations.ts";
import { type BatchAnswer, readBatchGolden } from "../suite/batchGolden.ts";
import { lackOf, lackOfBatch } from "../suite/completeness.ts";
import { type Answer, readGolden } from "../suite/golden.ts";
import { type Snapshot, snapshotOf } from "../suite/snapshot.ts";
import type { SuiteEntry } from "../suite/suite.ts";

export interface SolvableCase {
  readonly kind: "case";
  readonly problem: Case;
  /** Absent where there is no golden.json: not every class needs one. */
  readonly answer: Answer | undefined;
}

export interface SolvableBatch {
  readonly kind: "batch";
  readonly batch: Batch;
  readonly answer: BatchAnswer | undefined;
}

export interface RelatedCase {
  readonly kind: "related";
  readonly relation: RelationName;
  readonly problem: Case;
}

interface RefusedCase {
  readonly kind: "refused";
  /** What is wrong with the case. */
  readonly reason: string;
}

export interface Prepared {
  readonly entry: SuiteEntry;
  /** Empty where nothing is known about the case. */
  readonly catches: string;
  /** Files of the folder. */
  readonly files: Snapshot;
  /** Or why no answer to the case can be judged. */
  readonly known:
    | SolvableCase
    | SolvableBatch
    | RelatedCase
    | RefusedCase
    | { kind: "damaged"; reason: string };
}

/** Never rejects for what is wrong with the folder. */
export async function prepare(entry: SuiteEntry): Promise<Prepared> {
  const files = new Map<string, Uint8Array>();
  try {
    for (const [path, bytes] of await snapshotOf(entry)) files.set(path, bytes);
    return { entry, files, ...(await knownOf(entry)) };
  } catch (error) {
    const own = error instanceof ConfigError || (error as NodeJS.ErrnoException).syscall !== undefined;
    if (!own) throw error;
    const reason = error instanceof ConfigError ? error.message : `${entry.folder}: ${fileReason(error)}`;
    return { entry, files, catches: "", known: { kind: "damaged", reason } };
  }
}

async function knownOf({ folder, group }: SuiteEntry): Promise<Pick<Prepared, "known" | "catches">> {
  if (group === "metamorphic") {
    const { relation, catches } = await readRelation(folder);
    return { catches, known: { kind: "related", relation, problem: await loadCase(folder) } };
  }
  const path = join(folder, "golden.json");
  const certified = await exists(path);
  if (group === "batch") {
    const golden = certified ? await readBatchGolden(folder) : undefined;
    const batch = await loadBatch(folder);
    if (!batch) throw new ConfigError(`${folder}: expected batch.json, as the group is batch`);
    const counts = { trials: batch.trials.length, batches: membersOf(batch).length };
    requireWhole(golden && lackOfBatch(golden.answer, batch.problem, counts), path);
    return { catches: golden?.catches ?? "", known: { kind: "batch", batch, answer: golden?.answer } };
  }
  const golden = certified ? await readGolden(folder) : undefined;
  const catches = golden?.catches ?? "";
  if (golden?.refuse !== undefined) return { catches, known: { kind: "refused", reason: golden.refuse } };
  const problem = await loadCase(folder);
  const answer = golden?.answer;
  requireWhole(answer && lackOf(answer, problem), path);
  return { catches, known: { kind: "case", problem, answer } };
}

function requireWhole(lack: string | undefined, path: string): void {
  if (lack !== undefined) throw new ConfigError(`${path}: the golden is damaged, this is missing: ${lack}`);
}
