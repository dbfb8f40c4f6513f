/** Case files for the oracle alone: well-formed JSON in, no validation; independent of the reader under test. */
import type { Case } from "../../model/case.ts";
import type { Linear, Loss } from "../../model/losses.ts";
import type { Population, Projection } from "../../model/network.ts";
import type { Model } from "../../model/parameters.ts";

type Values = number | number[];

export interface PopulationJson {
  name: string;
  size: number;
  model: Model;
  tau_mem: Values;
  tau_syn: Values;
  threshold?: Values;
  reset?: Values;
  bias?: Values;
  v0?: Values;
  i0?: Values;
}

export interface ProjectionJson {
  from: string;
  to: string;
  weight: number[][];
  delay?: number | number[][];
}

/** A loss as files spell it. */
type LossJson =
  | Exclude<Loss, Linear>
  | (Omit<Linear, "spikeTimes"> & { readonly spike_times?: Linear["spikeTimes"] });

export interface CaseJson {
  format: string;
  name: string;
  note?: string;
  time_unit: string;
  duration: number;
  input: { channels: number; times: number[]; sources: number[] };
  populations: PopulationJson[];
  projections: ProjectionJson[];
  loss: LossJson;
}

export function caseFromJson(json: CaseJson): Case {
  return {
    name: json.name,
    duration: json.duration,
    network: {
      inputChannels: json.input.channels,
      populations: json.populations.map(populationFromJson),
      projections: json.projections.map(projectionFromJson),
    },
    input: { times: Float64Array.from(json.input.times), sources: Int32Array.from(json.input.sources) },
    loss: lossFromJson(json.loss),
  };
}

function lossFromJson(loss: LossJson): Loss {
  if (loss.kind !== "linear") return loss;
  const { spike_times: spikeTimes, ...rest } = loss;
  return { ...rest, ...(spikeTimes && { spikeTimes }) };
}

function populationFromJson(json: PopulationJson): Population {
  const spread = (values: Values): Float64Array =>
    typeof values === "number" ? new Float64Array(json.size).fill(values) : Float64Array.from(values);
  return {
    name: json.name,
    size: json.size,
    model: json.model,
    tauMem: spread(json.tau_mem),
    tauSyn: spread(json.tau_syn),
    threshold: spread(json.threshold ?? 1),
    reset: spread(json.reset ?? 0),
    bias: spread(json.bias ?? 0),
    v0: spread(json.v0 ?? 0),
    i0: spread(json.i0 ?? 0),
  };
}

function projectionFromJson({ from, to, weight, delay = 0 }: ProjectionJson): Projection {
  return {
    from,
    to,
    weight: Float64Array.from(weight.flat()),
    delay: typeof delay === "number" ? delay : Float64Array.from(delay.flat()),
  };
}
