/** A result against its reference: every part with its error, what is granted, and what is wrong. */
import { visible } from "../visible.ts";
import type { Comparison, Ends } from "./comparison.ts";
import { type Factor, hintOf } from "./hints.ts";
import type { Reference } from "./reference.ts";
import type { FoundSpikes, Result } from "./result.ts";
import { type Divergence, earlierOf, type Match, matchSpikes } from "./spikes.ts";
import { norm, type Tensor } from "./tensor.ts";
import type { Part } from "./verdict.ts";

/** The parts in the order of a result file. Where the spikes differ, numbers are not compared. */
export function compareResult(reference: Reference, result: Result, comparison: Comparison): Part[] {
  const { parts, matches, differ } = spikeParts(reference, result);
  const numbers = numberParts(reference, result, matches, comparison);
  const open = parts.some(({ status }) => status === "undecidable");
  const judged = numbers.map((part) => (differ ? skipped(part, open) : doubted(part, reference.doubt)));
  return [...parts, ...judged].map(seen);
}

/** Names, and values in messages, are the result's own. */
function seen(part: Part): Part {
  const { name, message } = part;
  return { ...part, name: visible(name), ...(message !== undefined && { message: visible(message) }) };
}

/** What can be said without numbers stays said. */
function skipped(part: Part, open: boolean): Part {
  // With other spikes their derivatives are others in number.
  const shaped = part.status === "malformed" && !part.name.startsWith("spike_times.");
  if (shaped || !["pass", "fail", "malformed"].includes(part.status)) return part;
  return { name: part.name, status: "skipped", message: open ? "after an open event" : "the spikes differ" };
}

function doubted(part: Part, doubt: string | undefined): Part {
  if (part.status !== "fail" || doubt === undefined) return part;
  return { ...part, status: "undecidable", message: `${part.message}; ${doubt}` };
}

interface SpikeParts {
  readonly parts: Part[];
  readonly matches: ReadonlyMap<string, Match>;
  readonly differ: boolean;
}

function spikeParts(reference: Reference, result: Result): SpikeParts {
  const parts: Part[] = [];
  const matches = new Map<string, Match>();
  let first: (Divergence & { population: string }) | undefined;
  for (const [name, wanted] of Object.entries(reference.spikes)) {
    const part = `spikes.${name}`;
    const found = result.spikes.get(name);
    const problem = result.unreadable.get(part) ?? (found ? malformed(found) : undefined);
    if (!found || problem) {
      const status = found || problem ? "malformed" : "missing";
      parts.push({ name: part, status, message: problem ?? missingSpikes });
      continue;
    }
    const match = matchSpikes(wanted, found);
    matches.set(name, match);
    const { divergence, worst } = match;
    first = earlierOf(first, divergence && { ...divergence, population: name });
    parts.push({
      name: part,
      status: divergence ? "fail" : "pass",
      error: worst.error,
      ...(worst.index >= 0 && { tolerance: worst.tolerance }),
      ...(divergence && { message: divergenceText(divergence) }),
    });
  }
  const unreadable = [...result.unreadable.keys()].flatMap((part) => /^spikes\.(.*)$/s.exec(part)?.[1] ?? []);
  for (const name of [...result.spikes.keys(), ...unreadable])
    if (!Object.hasOwn(reference.spikes, name))
      parts.push({ name: `spikes.${name}`, status: "extra", message: "no spiking population has this name" });
  if (!first) return { parts, matches, differ: parts.some(({ status }) => status !== "pass") };
  const { population: where } = first;
  const reason = reference.open(where, first);
  const judged = parts.map((part): Part => {
    if (part.status !== "fail") return part;
    if (reason) return { ...part, status: "undecidable", message: `${part.message}; ${reason}` };
    const own = part.name === `spikes.${where}`;
    return own ? part : { ...part, message: `${part.message}, after spikes.${where} had parted` };
  });
  return { parts: judged, matches, differ: true };
}

const missingSpikes = "expected {times, neurons} of the population, empty arrays if it is silent";

/** What is wrong with spikes as such, whatever they should be. */
export function malformed({ times, neurons }: FoundSpikes): string | undefined {
  if (times.length !== neurons.length)
    return `expected as many times as neurons, got ${times.length} and ${neurons.length}`;
  for (let k = 0; k < times.length; k++) {
    if (!Number.isFinite(times[k]!)) return `times[${k}]: expected a finite number, got ${times[k]}`;
    if (k > 0 && times[k]! < times[k - 1]!)
      return `times[${k}]: expected times that ascend, got ${times[k]} after ${times[k - 1]}; sort them, neurons alike`;
    if (!Number.isInteger(neurons[k]!) || neurons[k]! < 0)
      return `neurons[${k}]: expected an index from 0, got ${neurons[k]}`;
  }
  return undefined;
}

function divergenceText({ kind, neuron, ordinal, expected, found }: Divergence): string {
  const which = `spike ${ordinal} of neuron ${neuron}`;
  if (kind === "missing") return `${which} at ${expected} ms is missing`;
  if (kind === "extra") return `${which} at ${found} ms is one too many`;
  const ratio = found! / expected!;
  const units = [1000, 1e-3].find((factor) => Math.abs(ratio / factor - 1) < 1e-3);
  const hint = units
    ? `; units: ${units < 1 ? "seconds for milliseconds" : "microseconds for milliseconds"}`
    : "";
  return `${which}: expected ${expected} ms, got ${found} ms${hint}`;
}

function numberParts(
  reference: Reference,
  result: Result,
  matches: ReadonlyMap<string, Match>,
  { wanted, factors, projections }: Comparison,
): Part[] {
  const { loss, readout, gradients, partial } = reference;
  const parts: Part[] = endParts(projections, result.gradients.ends);
  if (loss) parts.push(lossPart(loss.value, result, loss.tolerance));
  if (readout && readout.tensor.values.length > 0)
    parts.push(tensorPart("readout", readout.tensor, result.readout, result, readout.tolerance, factors));
  for (const [name, { tensor, tolerance }] of gradients) {
    if (!wanted(name)) continue;
    const found = inOrder(name, result.gradients.tensors.get(name), matches);
    parts.push(tensorPart(name, tensor, found, result, tolerance, factors));
  }
  for (const name of [...result.gradients.tensors.keys(), ...result.gradients.unreadable.keys()])
    if (!partial && !gradients.has(name))
      parts.push({
        name,
        status: "extra",
        message: "the case has no such tensor; check the names and the number of projections",
      });
  return parts;
}

/** Projections are told apart by their order, and say by their ends whether it is the case's. */
function endParts(wanted: readonly Ends[] = [], found: readonly Ends[] = []): Part[] {
  return wanted.flatMap(({ from, to }, k) => {
    const own = found[k];
    if (!own || (own.from === from && own.to === to)) return [];
    const message = `expected from ${from} to ${to}, got from ${own.from} to ${own.to}; keep the order of the case`;
    return [{ name: `projections[${k}]`, status: "malformed", message }];
  });
}

function lossPart(expected: number, { loss }: Result, most: number): Part {
  if (loss === undefined) return { name: "loss", status: "missing", message: "expected the loss, a number" };
  const error = Math.abs(loss - expected);
  if (error <= most) return { name: "loss", status: "pass", error, tolerance: most };
  return {
    name: "loss",
    status: "fail",
    error,
    tolerance: most,
    message: `expected ${expected}, got ${loss}`,
  };
}

/** Spikes may come in another order where they nearly coincide; the gradient of a spike's time goes with the spike. */
function inOrder(
  name: string,
  found: Tensor | undefined,
  matches: ReadonlyMap<string, Match>,
): Tensor | undefined {
  const population = /^spike_times\.(.*)$/s.exec(name)?.[1];
  const partners = population === undefined ? undefined : matches.get(population)?.partners;
  if (!found || !partners || partners.length !== found.values.length) return found;
  return { shape: found.shape, values: Float64Array.from(partners, (k) => found.values[k]!) };
}

function tensorPart(
  name: string,
  reference: Tensor,
  found: Tensor | undefined,
  { gradients, unreadable }: Result,
  most: number,
  factors: readonly Factor[],
): Part {
  const problem = gradients.unreadable.get(name) ?? unreadable.get(name);
  if (problem) return { name, status: "malformed", message: problem };
  if (!found)
    return {
      name,
      status: "missing",
      message: `expected shape [${reference.shape}]; leave tensors out with --tensors`,
    };
  const hint = hintOf(reference, found, factors);
  if (reference.shape.join() !== found.shape.join()) {
    const shapes = `expected shape [${reference.shape.join(", ")}], got [${found.shape.join(", ")}]`;
    return { name, status: "malformed", message: hint ? `${shapes}: ${hint}` : shapes };
  }
  const bad = found.values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0)
    return {
      name,
      status: "not_finite",
      message: `entry ${placeOf(bad, found.shape)} is ${found.values[bad]}`,
    };
  const error = norm(found.values.map((value, k) => value - reference.values[k]!));
  if (error <= most) return { name, status: "pass", error, tolerance: most };
  const share =
    norm(reference.values) > 0 ? `${percent(error / norm(reference.values))} off` : "expected zeros";
  return { name, status: "fail", error, tolerance: most, message: hint ? `${share}: ${hint}` : share };
}

function percent(share: number): string {
  return share < 1e-4 ? `${share.toExponential(1)} of its norm` : `${(100 * share).toPrecision(3)} %`;
}

function placeOf(k: number, shape: readonly number[]): string {
  const columns = shape[1];
  return columns === undefined ? `[${k}]` : `[${Math.floor(k / columns)}][${k % columns}]`;
}
