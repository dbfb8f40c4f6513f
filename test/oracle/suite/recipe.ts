/** A case of the suite before it is solved. */

import type { RelationName } from "../../../src/conformance/relations/relations.ts";
import type { Group } from "../../../src/conformance/suite/golden.ts";
import type { BatchJson } from "../../../src/oracle/certify/batch.ts";
import type { CaseJson } from "../../../src/oracle/certify/caseJson.ts";

interface Named {
  readonly group: Group;
  readonly name: string;
  /** The bug that the case is there to catch, in one sentence. */
  readonly catches: string;
}

/** A case with an answer. */
export interface Solvable extends Named {
  json(): CaseJson;
}

/** Input that a backend must refuse. */
export interface Refused extends Named {
  /** What is wrong with it. */
  readonly refuse: string;
  /** Perhaps not even JSON of the format. */
  readonly text: string;
}

/** A case whose result must agree with that of a related one. */
export interface Related extends Named {
  readonly relation: RelationName;
  json(): CaseJson;
}

/** Several trials of a case. */
export interface Batched extends Named {
  json(): CaseJson;
  readonly batch: BatchJson;
}

export type SuiteCase = Solvable | Refused | Related | Batched;
