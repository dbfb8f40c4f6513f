/** The certified cases of the suite by name: those of the core group, and all of one trial that have an answer. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Answer, type Group, readGolden } from "../../../src/conformance/suite/golden.ts";
import { bundledSuite, listSuite, type SuiteEntry } from "../../../src/conformance/suite/suite.ts";
import { loadCase } from "../../../src/format/loadCase.ts";
import type { Case } from "../../../src/index.ts";
import type { CaseJson } from "../../../src/oracle/certify/caseJson.ts";

export interface CertifiedCase {
  readonly name: string;
  readonly problem: Case;
  /** The same for the oracle, which reads cases its own way; all arrays are inline. */
  readonly json: CaseJson;
  readonly answer: Answer;
}

const small = (await listSuite(bundledSuite)).filter(({ group }) => /^(smoke|core|adversarial)$/.test(group));

/** But for that of real size; the arrays of `json` are inline in all of them. */
export const answeredCases: readonly (CertifiedCase & { readonly group: Group })[] = (
  await Promise.all(small.map(read))
).flatMap((found) => found ?? []);

export const certifiedCases: readonly CertifiedCase[] = answeredCases.filter(({ group }) => group === "core");

/** Undefined of one that must be refused. */
async function read({ group, name, folder }: SuiteEntry) {
  const { answer } = await readGolden(folder);
  if (answer === undefined) return undefined;
  const json = JSON.parse(readFileSync(join(folder, "case.json"), "utf8")) as CaseJson;
  return { group, name, problem: await loadCase(folder), json, answer };
}
