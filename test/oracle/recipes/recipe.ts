/** How a core case is drawn, and the lines that cases have in common. */
import type { CaseJson } from "../../../src/oracle/certify/caseJson.ts";
import type { Draw } from "./draw.ts";

export interface Recipe {
  readonly seed: number;
  draw(random: Draw): CaseJson;
}

export const header = { format: "goldspike/case@1", time_unit: "ms" };
