/** The inner ear: from a sound to the spikes of the bushy cells, as the Spiking Heidelberg Digits were made. */
import { ConfigError } from "../base/errors.ts";
import { type CochleaFunctions, cochleaFunctions, Heap } from "./cochleaModule.ts";
import { type Four, membraneVelocities } from "./membraneVelocities.ts";
import { type Method, type Places, placesOf } from "./places.ts";

/** How an ear listens. */
export interface EarOptions {
  /** Places along the membrane, from the highest frequency to the lowest. Default 700. */
  readonly channels?: number;
  /** Samples per second of every sound. Default 48000. */
  readonly rate?: number;
  /**
   * `table` interpolates the membrane's transfer function: velocities and release probabilities to 1e-3 of each channel's
   * root mean square at worst. `direct` computes it for every frequency, to 1e-9, in some 11 s per second of sound.
   */
  readonly transfer?: "table" | "direct";
}

/** Spikes in order of time, then channel. */
export interface EarSpikes {
  /** ms */
  readonly times: Float64Array;
  /** The place along the membrane that each spike comes from, from 0. */
  readonly channels: Uint16Array;
}

/** What one place makes of a sound before its fibres fire, shape [samples] each, at half the sound's rate. */
export interface HairCellTrace {
  /** The place along the membrane, from 0. */
  readonly channel: number;
  /** Of the membrane. */
  readonly velocity: Float64Array;
  /** That a fibre which is not refractory fires in this sample. */
  readonly probability: Float64Array;
}

/** The order of four places in a sample. */
const lanes = [0, 2, 1, 3] as const;

const methods: Readonly<Record<"table" | "direct", Method>> = {
  table: { entries: 512, negligible: 1e-7, taps: 8 },
  direct: { entries: 0, negligible: 1e-12, taps: 16 },
};

/** Per channel. */
const fibres = 40;
/** A fibre is refractory for 1 ms. */
const refractoriness = 1e-3;

/** A model of the inner ear for sounds of one rate: membrane, hair cells, nerve fibres, bushy cells. */
export class Ear {
  /** Places along the membrane. */
  readonly channels: number;
  /** Hz */
  readonly rate: number;
  readonly #functions: CochleaFunctions;
  readonly #heap: Heap;
  readonly #method: Method;
  readonly #places: readonly Places[];

  /**
   * An ear of its own, ready to listen.
   *
   * @throws ConfigError an unknown option, or a number of channels or a rate that is not a whole number within bounds
   */
  static async create(options: EarOptions = {}): Promise<Ear> {
    requireKnown(options);
    const { channels = 700, rate = 48000, transfer = "table" } = options;
    requireWhole("channels", channels, 1, 65536);
    requireWhole("rate", rate, 4000, 192000);
    return new Ear(await cochleaFunctions(), channels, rate, methods[transfer]);
  }

  private constructor(functions: CochleaFunctions, channels: number, rate: number, method: Method) {
    this.channels = channels;
    this.rate = rate;
    this.#functions = functions;
    this.#heap = new Heap(functions);
    this.#method = method;
    this.#places = placesOf(functions, this.#heap, channels, this.outputRate, method);
  }

  /** Samples per second after the membrane. */
  get outputRate(): number {
    return Math.floor(this.rate / 2);
  }

  /**
   * The spikes of a sound, shape [samples]. It is brought to a root mean square of 0.3 first, so its loudness is all the
   * same. Releases are random: a function of `seed` and `recording`, whole numbers, and of nothing else.
   *
   * @throws ConfigError the sound is too short, too long, silent, or has a sample that is not a finite number; `seed` or
   *   `recording` is not a whole number ≥ 0
   */
  hear(sound: ArrayLike<number>, seed = 0, recording = 0): EarSpikes {
    requireWhole("seed", seed, 0, Number.MAX_SAFE_INTEGER);
    requireWhole("recording", recording, 0, Number.MAX_SAFE_INTEGER);
    const functions = this.#functions;
    const spikes: Uint32Array[] = [];
    for (const { first, data, samples } of this.#velocities(sound)) {
      functions.hairCells(data, samples, this.outputRate);
      functions.hazards(data, 4 * samples);
      spikes.push(...this.#fire(first, data, samples, BigInt(seed), BigInt(recording)));
    }
    return inOrder(spikes, this.outputRate);
  }

  /** Velocities and release probabilities of some channels, by default of all, in ascending order. Throws as `hear`. */
  *traces(sound: ArrayLike<number>, channels?: readonly number[]): Generator<HairCellTrace, undefined> {
    const wanted = (channel: number) => channel < this.channels && (channels?.includes(channel) ?? true);
    const anyOf = (first: number) => lanes.some((_, n) => wanted(first + n));
    for (const { first, data, samples } of this.#velocities(sound, anyOf)) {
      const velocities = this.#heap.doubles(data, 4 * samples).slice();
      this.#functions.hairCells(data, samples, this.outputRate);
      const probabilities = this.#heap.doubles(data, 4 * samples);
      const lane = (values: Float64Array, n: number) =>
        Float64Array.from({ length: samples }, (_, j) => values[4 * j + lanes[n]!]!);
      const traces = lanes.map((_, n) => ({
        channel: first + n,
        velocity: lane(velocities, n),
        probability: lane(probabilities, n),
      }));
      yield* traces.filter(({ channel }) => wanted(channel));
    }
  }

  *#velocities(
    sound: ArrayLike<number>,
    wanted: (first: number) => boolean = () => true,
  ): Generator<Four, undefined> {
    const heap = this.#heap;
    const before = heap.mark();
    try {
      yield* membraneVelocities(
        this.#functions,
        heap,
        this.#places,
        this.#method,
        this.outputRate,
        sound,
        wanted,
      );
    } finally {
      heap.release(before);
    }
  }

  /** Of the four places from `first` on, as far as there are any. */
  #fire(first: number, hazards: number, samples: number, seed: bigint, recording: bigint): Uint32Array[] {
    const functions = this.#functions;
    const heap = this.#heap;
    const before = heap.mark();
    const counts = heap.take(4 * samples);
    const spikes = heap.take(4 * 4 * samples);
    const tally = heap.take(4 * 4);
    const refractory = Math.ceil(refractoriness * this.outputRate) - 1;
    for (const [n, lane] of lanes.entries()) {
      const stream = recording * BigInt(this.channels) + BigInt(first + n);
      functions.releases(hazards + 8 * lane, 32, samples, fibres, refractory, seed, stream, counts + lane);
    }
    functions.bushyCells(counts, samples, fibres, this.outputRate, spikes, tally);
    const its = lanes.slice(0, this.channels - first).map((lane) => {
      const count = heap.words(tally, 4)[lane]!;
      return heap.words(spikes + 4 * lane * samples, count).slice();
    });
    heap.release(before);
    return its;
  }
}

function requireKnown(options: EarOptions): void {
  const unknown = Object.keys(options).find((key) => !["channels", "rate", "transfer"].includes(key));
  if (unknown !== undefined)
    throw new ConfigError(`${unknown}: unknown option (expected one of channels, rate, transfer)`);
  const { transfer = "table" } = options;
  if (!Object.hasOwn(methods, transfer))
    throw new ConfigError(`transfer: expected "table" or "direct", got ${JSON.stringify(transfer)}`);
}

function requireWhole(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new ConfigError(`${name}: expected a whole number from ${least} to ${most}, got ${value}`);
}

/** Spikes of all channels, given as samples in ascending order per channel. */
function inOrder(spikes: readonly Uint32Array[], rate: number): EarSpikes {
  const count = spikes.reduce((sum, { length }) => sum + length, 0);
  const keys = new Float64Array(count);
  let n = 0;
  for (const [channel, samples] of spikes.entries()) {
    for (const sample of samples) keys[n++] = sample * spikes.length + channel;
  }
  keys.sort();
  return {
    times: keys.map((key) => (1000 * Math.floor(key / spikes.length)) / rate),
    channels: Uint16Array.from(keys, (key) => key % spikes.length),
  };
}
