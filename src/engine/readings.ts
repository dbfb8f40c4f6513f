/** Readings of single neurons at chosen times, in the kernel's memory: see assembly/trial/readings.ts. */
import { complaint } from "../base/parseWith.ts";
import { populationIndex, type Shape } from "./kernel/shape.ts";
import { bytesOf, Structure, TableReader, type Views } from "./kernel/structures.ts";

/** Where and when a voltage is read; 0 < time ≤ T in ms. */
export interface ReadingPlace {
  /** Name of a population. */
  readonly population: string;
  /** Index in it. */
  readonly neuron: number;
  /** ms */
  readonly time: number;
  /** ∂l/∂V there; 0 unless given. */
  readonly factor?: number;
}

export class Readings {
  readonly #views: Views;
  readonly #shape: () => Shape;
  readonly #structure: Structure<"Readings">;
  readonly #capacity: number;
  readonly #duration: number;
  /** Place in the kernel's order of each reading as it was given. */
  #ranks: readonly number[] = [];

  constructor(
    views: Views,
    shape: () => Shape,
    at: number,
    { capacity, duration }: { readonly capacity: number; readonly duration: number },
  ) {
    this.#views = views;
    this.#shape = shape;
    this.#structure = new Structure(views, "Readings", at);
    this.#capacity = capacity;
    this.#duration = duration;
  }

  /** Whether somebody reads a population that does not spike, whose course must then be simulated. */
  get needVoltage(): boolean {
    const population = new TableReader(this.#views, "Reading", this.#structure.get("readings")).reader(
      "population",
    );
    return this.#ranks.some((rank) => population(rank) >= this.#shape().spikingCount);
  }

  /**
   * @param source starts messages
   * @throws ConfigError naming the entry: no such population or neuron, a time outside (0, T], a factor that is not finite,
   *   or more of them than there is room for
   */
  write(places: readonly ReadingPlace[], source: string): void {
    if (places.length > this.#capacity)
      throw complaint(source, [], `expected at most ${this.#capacity} readings`, places.length);
    const order = Array.from(places.keys()).sort((a, b) => places[a]!.time - places[b]!.time || a - b);
    const ranks = new Array<number>(places.length);
    order.forEach((given, rank) => {
      ranks[given] = rank;
      this.#writeOne(places[given]!, rank, given, source);
    });
    this.#ranks = ranks;
    this.#structure.set("count", places.length);
  }

  /** Gives every reading its ∂l/∂V, in the order in which they were written. */
  setFactors(factors: ArrayLike<number>): void {
    this.#ranks.forEach((rank, k) => {
      this.#at(rank).set("factor", factors[k]!);
    });
  }

  /** A field of every reading, in the order in which they were written. */
  values(field: "v" | "i" | "gv" | "gi"): Float64Array {
    const value = new TableReader(this.#views, "Reading", this.#structure.get("readings")).reader(field);
    return Float64Array.from(this.#ranks, value);
  }

  #writeOne(
    { population: name, neuron, time, factor = 0 }: ReadingPlace,
    rank: number,
    k: number,
    source: string,
  ): void {
    const shape = this.#shape();
    const population = populationIndex(shape, name);
    if (population < 0) throw complaint(source, [k, "population"], "expected the name of a population", name);
    const { size } = shape.populations[population]!.population;
    if (!Number.isInteger(neuron) || neuron < 0 || neuron >= size)
      throw complaint(source, [k, "neuron"], `expected an integer from 0 to ${size - 1}`, neuron);
    if (!(time > 0 && time <= this.#duration))
      throw complaint(source, [k, "time"], `expected a time in (0, ${this.#duration}]`, time);
    if (!Number.isFinite(factor)) throw complaint(source, [k, "factor"], "expected a finite number", factor);
    this.#at(rank).setAll({ time, population, neuron, factor, gv: 0, gi: 0 });
  }

  #at(rank: number): Structure<"Reading"> {
    return new Structure(this.#views, "Reading", this.#structure.get("readings") + rank * bytesOf("Reading"));
  }
}
