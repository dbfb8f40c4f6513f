/** From the loss of a program to one that fits the network. No schema: it would be half of what a page has to load. */
import { complaint, shown } from "../base/parseWith.ts";
import type { Loss, LossKind } from "../model/losses.ts";
import type { Network } from "../model/network.ts";
import {
  finite,
  index,
  lossJson,
  notNegative,
  penalties,
  positive,
  type Rule,
  weightings,
} from "./lossRules.ts";
import { parseLoss, type RawLoss } from "./parseLoss.ts";

/** Whether a key may be left out, and what it must hold. */
interface Field extends Rule {
  readonly isOptional?: true;
}
type Fields = Readonly<Record<string, Field>>;

const optional = (rule: Rule): Field => ({ ...rule, isOptional: true });
const oneOf = (values: readonly string[]): Rule => ({
  test: (value) => values.includes(value as string),
  expected: `expected ${values.map(shown).join(" or ")}`,
});
const text: Rule = { test: (value) => typeof value === "string", expected: "expected a string" };
const flag: Rule = { test: (value) => typeof value === "boolean", expected: "expected true or false" };
const list: Rule = { test: isList, expected: "expected an array" };
const table: Rule = { test: isObject, expected: "expected an object" };

const labelled = { target: index, population: optional(text) };

/** A row a kind, spelled as in files. */
const rows: Readonly<Record<LossKind, Fields>> = {
  integral_cross_entropy: {
    weighting: oneOf([...weightings, "input"]),
    ...labelled,
    tau_input: optional(positive),
  },
  max_cross_entropy: labelled,
  average_cross_entropy: labelled,
  first_spike: {
    population: text,
    tau0: positive,
    tau1: optional(positive),
    alpha: finite,
    penalty: optional(oneOf(penalties)),
    target: index,
    phantom_spikes: optional(flag),
  },
  spike_time_mse: {
    population: text,
    targets: list,
    extra_cost: optional(notNegative),
    missing_cost: optional(notNegative),
  },
  linear: { spike_times: optional(table), voltages: optional(list) },
  none: {},
};
const voltageRow: Fields = { population: text, neuron: index, time: finite, factor: finite };

const source = "loss";

/**
 * A program's loss, defaults filled in.
 *
 * @param duration of the trial, ms
 * @throws ConfigError as `parseLoss`; an unknown kind or key, a value of another type
 */
export function checkLoss(loss: Loss, network: Network, duration: number): Loss {
  const raw = lossJson(loss);
  if (!isObject(raw)) throw complaint(source, [], table.expected, raw);
  const { kind, ...fields } = raw;
  if (typeof kind !== "string" || !Object.hasOwn(rows, kind))
    throw complaint(source, ["kind"], oneOf(Object.keys(rows)).expected, kind);
  checkFields(fields, { ...rows[kind as LossKind] }, [], ["kind"]);
  if (kind === "linear") checkLinear(fields);
  const complete = kind === "first_spike" ? { penalty: "exponential", ...raw } : raw;
  return parseLoss(complete as RawLoss, network, duration, [], { source, readBlob: undefined });
}

function checkLinear({ spike_times: factors = {}, voltages = [] }: Readonly<Record<string, unknown>>): void {
  for (const [name, own] of Object.entries(factors as object))
    if (!isList(own)) throw complaint(source, ["spike_times", name], list.expected, own);
  for (const [k, term] of (voltages as readonly unknown[]).entries()) {
    if (!isObject(term)) throw complaint(source, ["voltages", k], table.expected, term);
    checkFields(term, voltageRow, ["voltages", k]);
  }
}

/** @param others keys that are looked at elsewhere */
function checkFields(
  values: Readonly<Record<string, unknown>>,
  fields: Fields,
  path: readonly PropertyKey[],
  others: readonly string[] = [],
): void {
  const unknown = Object.keys(values).find((key) => !Object.hasOwn(fields, key));
  if (unknown !== undefined) {
    const known = [...others, ...Object.keys(fields)].join(", ");
    throw complaint(source, [...path, unknown], `unknown key (expected one of ${known})`, values[unknown]);
  }
  for (const [key, { test, expected, isOptional }] of Object.entries(fields)) {
    const value = values[key];
    if (!(isOptional && value === undefined) && !test(value))
      throw complaint(source, [...path, key], expected, value);
  }
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
