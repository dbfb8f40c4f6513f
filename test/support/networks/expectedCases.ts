/** Cases in files with their expected values, beside the repository where there are any. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Certified } from "../../../src/cli/demo/goldenTable.ts";
import { loadCase } from "../../../src/format/loadCase.ts";
import type { Tensor } from "../../../src/format/tensor.ts";
import type { Case } from "../../../src/index.ts";
import type { CaseJson } from "../../../src/oracle/certify/caseJson.ts";
import { entryOf } from "../../../src/oracle/simulate/keys.ts";
import { placeOf } from "../../oracle/place.ts";

/** A file of a case and its expected values; gradients by the names of keys.ts. */
interface ExpectedCaseJson {
  case: CaseJson;
  expected: {
    loss: number;
    readout: number[];
    spikes: Record<string, { times: number[]; neurons: number[] }>;
    gradients: Record<string, number>;
    min_slope: number;
    spike_count: number;
  };
}

export interface ExpectedCase {
  readonly name: string;
  readonly problem: Case;
  /** The file's content. */
  readonly json: ExpectedCaseJson;
  /** Its expected values as a suite has them. */
  readonly answer: Certified;
}

const root = fileURLToPath(new URL("../../../", import.meta.url));
const folder = join(process.env.GOLDSPIKE_DATA ?? join(root, "../shared/data"), "cases");
const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith(".json")) : [];

/** By name; none if there is no such folder. */
export const expectedCases: readonly ExpectedCase[] = await Promise.all(files.sort().map(read));
export const missing = "skipped: GOLDSPIKE_DATA and ../shared/data hold no cases";

async function read(file: string): Promise<ExpectedCase> {
  const path = join(folder, file);
  const problem = await loadCase(path);
  const json = JSON.parse(readFileSync(path, "utf8")) as ExpectedCaseJson;
  const { spikes, loss, readout, gradients } = json.expected;
  return {
    name: file.replace(/\.json$/, ""),
    problem,
    json,
    answer: {
      spikes: Object.fromEntries(
        Object.entries(spikes).map(([name, { times, neurons }]) => [
          name,
          { times: Float64Array.from(times), neurons: Float64Array.from(neurons) },
        ]),
      ),
      loss,
      readout: Float64Array.from(readout),
      gradients: tensorsOf(problem, gradients),
    },
  };
}

/** Those of which the file has entries; NaN stands for entries that it lacks. */
function tensorsOf(problem: Case, gradients: Readonly<Record<string, number>>): Map<string, Tensor> {
  const tensors = new Map<string, number[]>();
  for (const [key, value] of Object.entries(gradients)) {
    const { tensor, index } = placeOf(problem, entryOf(key));
    const values = tensors.get(tensor) ?? [];
    values[index] = value;
    tensors.set(tensor, values);
  }
  return new Map(
    [...tensors].map(([name, values]) => [
      name,
      { shape: [values.length], values: Float64Array.from(values) },
    ]),
  );
}
