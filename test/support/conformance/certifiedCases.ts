/** The certified cases of the suite's core group, by name. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Answer, readGolden } from "../../../src/conformance/suite/golden.ts";
import { bundledSuite, listSuite, type SuiteEntry } from "../../../src/conformance/suite/suite.ts";
import { loadCase } from "../../../src/format/loadCase.ts";
import type { Case } from "../../../src/index.ts";
import type { CaseJson } from "../../oracle/certify/caseJson.ts";

export interface CertifiedCase {
  readonly name: string;
  readonly problem: Case;
  /** The same for the oracle, which reads cases its own way; all arrays are inline. */
  readonly json: CaseJson;
  readonly answer: Answer;
}

const core = (await listSuite(bundledSuite)).filter(({ group }) => group === "core");

export const certifiedCases: readonly CertifiedCase[] = await Promise.all(core.map(read));

async function read({ name, folder }: SuiteEntry): Promise<CertifiedCase> {
  const { answer } = await readGolden(folder);
  return {
    name,
    problem: await loadCase(folder),
    json: JSON.parse(readFileSync(join(folder, "case.json"), "utf8")) as CaseJson,
    answer: answer!,
  };
}
