/** What a result is compared with, what of it is looked at, and what may be recognised in a wrong tensor. */
import type { Tensor } from "../../format/tensor.ts";
import type { Case } from "../../model/case.ts";
import { lossPopulation } from "../../model/losses.ts";
import type { Projection } from "../../model/network.ts";
import type { Factor } from "./hints.ts";
import type { Bounded, Divergence } from "./spikes.ts";

/** What a result is compared with, and how near each part of it must come. */
export interface Reference {
  /** Per `lif` population by name. */
  readonly spikes: Readonly<Record<string, Bounded>>;
  /** Why the first spike at which two rasters part may be one way or the other; undefined if it may not. */
  readonly open: (population: string, divergence: Divergence) => string | undefined;
  /** Why numbers may differ more than they are granted even where the spikes agree; undefined if they may not. */
  readonly doubt?: string | undefined;
  /** What the backend's own rounding makes of it: where spikes hang on that, a result that is near to this one is right. */
  readonly rounded?: Reference;
  /** Absent in a case without a loss. */
  readonly loss?: { readonly value: number; readonly tolerance: number };
  readonly readout?: { readonly tensor: Tensor; readonly tolerance: number };
  /** By name, in the order of a result file; the tolerance is Euclidean. */
  readonly gradients: ReadonlyMap<string, { readonly tensor: Tensor; readonly tolerance: number }>;
  /** Whether a result may have other tensors than these. */
  readonly partial: boolean;
}

/** What is looked at, and what may be recognised in a wrong tensor; what is right is up to the reference. */
export interface Comparison {
  /** Which tensors are looked at. */
  readonly wanted: (tensor: string) => boolean;
  /** Which of those must be there; all, if absent. */
  readonly needed?: ((tensor: string) => boolean) | undefined;
  /** For hints. */
  readonly factors: readonly Factor[];
  /** What the result must say that its projections lead from and to; anything, if absent. */
  readonly projections?: readonly Ends[] | undefined;
}

/** Which tensors words choose: those with one of them in their name; all, without words. */
export function withWords(words: readonly string[] | undefined): Comparison["wanted"] {
  return (tensor) => words?.some((word) => tensor.includes(word)) ?? true;
}

/** Which tensors are looked at, and which of those must be there. */
export type Demand = Pick<Comparison, "wanted" | "needed">;

/**
 * Of `--tensors` and `--require`: nothing but what either names is looked at where the first is given, and must be there;
 * without it whatever is there is, and what the second names must be.
 */
export function demandOf(tensors: readonly string[] | undefined, required: readonly string[] = []): Demand {
  if (tensors) return { wanted: withWords([...tensors, ...required]) };
  return { wanted: () => true, needed: withWords(required) };
}

export type Ends = Pick<Projection, "from" | "to">;

/** Of results for this case. */
export function comparisonOf(problem: Case, demand: Demand): Comparison {
  return { ...demand, factors: factorsOf(problem), projections: problem.network.projections };
}

/** Factors by which gradients of one and the same loss are known to differ between implementations, most telling first. */
function factorsOf({ network, duration, loss }: Case): Factor[] {
  const readout = lossPopulation(network, loss);
  const own = readout ? constants(readout.tauMem[0]!, readout.tauSyn[0]!, duration) : [];
  const classes = readout?.size ?? 1;
  return [
    { value: -1, meaning: "-1" },
    ...own,
    { value: 1000, meaning: "1000 (units: milliseconds taken for seconds)" },
    { value: 1e-3, meaning: "1/1000 (units: seconds for milliseconds)" },
    { value: duration, meaning: "T" },
    { value: 1 / duration, meaning: "1/T" },
    { value: classes, meaning: "the number of classes" },
    { value: 1 / classes, meaning: "1/(the number of classes)" },
  ].flatMap(withSign);
}

function constants(tauMem: number, tauSyn: number, duration: number): Factor[] {
  return [
    { value: 1 / tauMem, meaning: "1/tau_mem" },
    { value: tauMem, meaning: "tau_mem" },
    { value: 1 / tauSyn, meaning: "1/tau_syn" },
    { value: tauSyn, meaning: "tau_syn" },
    { value: 1 / (tauMem * duration), meaning: "1/(tau_mem T)" },
    { value: tauMem / tauSyn, meaning: "tau_mem/tau_syn" },
    { value: tauSyn / tauMem, meaning: "tau_syn/tau_mem" },
  ];
}

function withSign({ value, meaning }: Factor): Factor[] {
  return value === -1
    ? [{ value, meaning }]
    : [
        { value, meaning },
        { value: -value, meaning: `-${meaning}` },
      ];
}
