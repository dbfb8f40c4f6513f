/** Kinds of parts, by which reports gather them: a case may have any number of populations, projections and trials. */
import { parameters } from "../../model/parameters.ts";

/** `batches[0].projections[1].weight` → `projections[*].weight`, `trials[2].spikes.hidden` → `spikes.*` */
export function kindOf(part: string): string {
  return part
    .replace(/^(?:batches|trials)\[\d+\]\./, "")
    .replace(/^projections\[\d+\]/, "projections[*]")
    .replace(/^populations\..*\.(\w+)$/s, "populations.*.$1")
    .replace(/^(spikes|spike_times)\..*$/s, "$1.*");
}

const usual = [
  "spikes.*",
  "loss",
  "readout",
  "projections[*].weight",
  "projections[*].delay",
  ...Object.values(parameters).map(({ file }) => `populations.*.${file}`),
  "input_times",
  "spike_times.*",
];

/** Each once: those that a result may have in the order in which it has them, then what else there is. */
export function inUsualOrder(kinds: Iterable<string>): string[] {
  const found = new Set(kinds);
  const known = usual.filter((kind) => found.has(kind));
  return [...known, ...[...found].filter((kind) => !usual.includes(kind))];
}
