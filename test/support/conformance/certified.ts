/** Certified answers to cases that are drawn on the spot. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Answer, readGolden } from "../../../src/conformance/suite/golden.ts";
import type { CaseJson } from "../../../src/oracle/certify/caseJson.ts";
import { certify } from "../../../src/oracle/certify/certify.ts";

/** @param folder for the golden file on its way */
export async function goldenOf(json: CaseJson, folder: string): Promise<Answer> {
  const place = mkdtempSync(join(folder, "golden-"));
  const about = {
    format: "goldspike/golden@1",
    case: json.name,
    group: "core",
    catches: "",
    case_sha256: "",
  };
  const golden = { ...about, provenance: {}, ...(await certify(json)).tree };
  writeFileSync(join(place, "golden.json"), JSON.stringify(golden));
  return (await readGolden(place)).answer!;
}
