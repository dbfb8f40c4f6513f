/** One trial: its network and input, what happens in it, what its loss sees, and what its passes are asked for. */
import { Pair } from "../maths/double_double";
import { F64s, U32s } from "../memory";
import { LossPlan } from "./loss_plan";
import { Network } from "./network";
import { Queue } from "./queue";
import { Readings } from "./readings";
import { Record } from "./record";
import { Search } from "./search";

/** Spikes of the input. */
@unmanaged
export class Input {
  /** ms, ascending. */
  times: F64s;
  sources: U32s;
  count: u32;
  /** The first that lies ahead. */
  next: u32;
}

/** Which gradients are wanted beside those of the weights, and where they all lie. */
@unmanaged
export class Wanted {
  /** Of the neurons' parameters. */
  neurons: u32;
  delays: u32;
  inputTimes: u32;
  /** Gradients of populations and projections, [gradients, gradientsEnd). */
  gradients: usize;
  gradientsEnd: usize;
}

/** Closest graze of the trial. */
@unmanaged
export class Graze {
  /** ms */
  time: f64;
  margin: f64;
  population: u32;
  neuron: u32;
}

@unmanaged
export class Trial {
  network: Network;
  input: Input;
  record: Record;
  queue: Queue;
  search: Search;
  readings: Readings;
  loss: LossPlan;
  wanted: Wanted;
  graze: Graze;
  /** Outcome of `evaluate`, of `Status`. */
  status: u32;
  /** Time of the next arrival from outside or reading (T if none), and whether it is a reading. */
  nextHi: f64;
  nextLo: f64;
  nextIsReading: u32;
  /** A time in the making. */
  time: Pair;
}
