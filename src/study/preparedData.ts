/** Recordings that were read and prepared for the last point serve the next one, if it asks for the same. */
import type { Dataset } from "../data/dataset.ts";
import { loadPrepared } from "../run/experiment.ts";
import type { RunConfig } from "../training/config/run.ts";

export class PreparedData {
  #last: { readonly key: string; readonly dataset: Promise<Dataset> } | undefined;

  load(config: RunConfig): Promise<Dataset> {
    const { dataset, split, input, duration } = config;
    const key = JSON.stringify([dataset, split, input, duration]);
    if (this.#last?.key !== key) this.#last = { key, dataset: loadPrepared(config) };
    return this.#last.dataset;
  }
}
