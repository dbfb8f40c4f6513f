/** Results of backends for the case `recurrence`, with mistakes put in. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

export interface ResultJson {
  spikes: { hidden: { times: number[]; neurons: number[] } };
  gradients: { projections: { weight: number[][] }[]; spike_times: { hidden: number[] } };
}

/** Makes folders of results: a changed copy of another one's, the folder `good` if no other is named. */
export function changedResults(folder: string) {
  return async (name: string, change: (result: ResultJson) => void, of = "good"): Promise<void> => {
    await mkdir(join(folder, name), { recursive: true });
    const result = JSON.parse(await readFile(join(folder, of, "result.json"), "utf8"));
    change(result);
    await writeFile(join(folder, name, "result.json"), JSON.stringify(result));
  };
}
