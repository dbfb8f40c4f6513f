/** Loss, readout and gradients of a result against those of its reference. */

import type { Result } from "../../format/result.ts";
import { norm, type Tensor } from "../../format/tensor.ts";
import type { Part } from "../verdict/verdict.ts";
import type { Comparison, Ends, Reference } from "./comparison.ts";
import { type Factor, hintOf } from "./hints.ts";
import type { Match } from "./spikes.ts";

/** @param matches by population: which spike of the result is which of the reference */
export function numberParts(
  reference: Reference,
  result: Result,
  matches: ReadonlyMap<string, Match>,
  { wanted, needed = wanted, factors, projections }: Comparison,
): Part[] {
  const { loss, readout, gradients, partial } = reference;
  const parts: Part[] = endParts(projections, result.gradients.ends);
  if (loss) parts.push(lossPart(loss.value, result, loss.tolerance));
  if (readout && readout.tensor.values.length > 0)
    parts.push(tensorPart("readout", readout.tensor, result.readout, result, readout.tolerance, factors));
  const { tensors, unreadable } = result.gradients;
  const chosen = [...gradients].filter(([name]) => wanted(name));
  for (const [name, { tensor, tolerance }] of chosen) {
    const found = inOrder(name, tensors.get(name), matches);
    const part = tensorPart(name, tensor, found, result, tolerance, factors);
    parts.push(part.status === "missing" && !needed(name) ? unjudged(name) : part);
  }
  // A loss is there for its gradients.
  if (chosen.length > 0 && tensors.size + unreadable.size === 0) parts.push(noGradients(chosen.length));
  for (const name of [...tensors.keys(), ...unreadable.keys()])
    if (!partial && !gradients.has(name))
      parts.push({
        name,
        status: "extra",
        message: "the case has no such tensor; check the names and the number of projections",
      });
  return parts;
}

/** A tensor that is not there and need not be. */
export function unjudged(name: string): Part {
  return { name, status: "unjudged", message: "not delivered" };
}

function noGradients(count: number): Part {
  return {
    name: "gradients",
    status: "missing",
    message: `expected at least one of ${count} tensors, got none`,
  };
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
  if (loss === undefined)
    return { name: "loss", status: "missing", message: "missing: expected the loss, a number" };
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
  if (!found || !partners || partners.length !== found.values.length || partners.includes(-1)) return found;
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
      message: `missing: expected shape [${reference.shape.join(", ")}]`,
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
  const share = offText(error, norm(reference.values), most);
  return { name, status: "fail", error, tolerance: most, message: hint ? `${share}: ${hint}` : share };
}

/** As a share of the reference's norm, where that is a scale: not nothing, nor what remains of sums that cancel. */
function offText(error: number, size: number, most: number): string {
  if (size > most)
    return error < mostShare * size
      ? `${percent(error / size)} off`
      : `${(error / size).toExponential(1)} times its norm off`;
  const expected = size === 0 ? "expected zeros" : `the reference's norm is ${size.toExponential(1)}`;
  return `off by ${error.toExponential(1)}, where ${most.toExponential(1)} is granted: ${expected}`;
}

/** A larger share is told as a factor. */
const mostShare = 100;

function percent(share: number): string {
  return share < 1e-4 ? `${share.toExponential(1)} of its norm` : `${Number((100 * share).toPrecision(3))} %`;
}

function placeOf(k: number, shape: readonly number[]): string {
  const columns = shape[1];
  return columns === undefined ? `[${k}]` : `[${Math.floor(k / columns)}][${k % columns}]`;
}
