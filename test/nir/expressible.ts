/** Random networks of the kind that NIR can express. */
import fc from "fast-check";
import type { Network, Population, Projection } from "../../src/model/network.ts";

const finite = (min: number, max: number) => fc.double({ min, max, noNaN: true, noDefaultInfinity: true });
const array = (of: fc.Arbitrary<number>, length: number) =>
  fc.array(of, { minLength: length, maxLength: length }).map((values) => Float64Array.from(values));

/** From a thousandth of what is plausible to a thousandfold. */
const time = finite(-4, 6).map((power) => 10 ** power);
const weight = fc.oneof({ weight: 5, arbitrary: finite(-10, 10) }, fc.constantFrom(0, 1e-300, 1 / 3, -1e200));
const name = fc.constantFrom("hidden", "output", "b/c", "..", "größe 2", "v0", "input_hidden", "h10", "h9");

function population(name: string, size: number, model: "lif" | "li"): fc.Arbitrary<Population> {
  const spikes = model === "lif";
  return fc
    .record({
      tauMem: array(time, size),
      tauSyn: array(time, size),
      threshold: spikes ? array(finite(0.5, 3), size) : fc.constant(new Float64Array(size).fill(1)),
      reset: spikes ? array(finite(-3, 0.4), size) : fc.constant(new Float64Array(size)),
      bias: array(fc.oneof(fc.constant(0), finite(-2, 0.4)), size),
      // With a constant: as an empty synapse has it that one is led to.
      begun: fc.constantFrom("at rest", "anyhow", "with a constant"),
      v0: array(finite(-2, 0.4), size),
      i0: array(finite(-2, 2), size),
    })
    .map(({ begun, v0, i0, ...rest }) => ({
      name,
      size,
      model,
      ...rest,
      bias: begun === "with a constant" ? v0.map((value, j) => value - i0[j]!) : rest.bias,
      v0: begun === "at rest" ? rest.bias.slice() : v0,
      i0: begun === "at rest" ? new Float64Array(size) : i0,
    }));
}

/** Delays of one number, of axons, of dendrites, or one of a few for each synapse, which then has a weight. */
function projection(from: string, to: string, pre: number, post: number): fc.Arbitrary<Projection> {
  const all = pre * post;
  const delay = finite(0, 50);
  const plain = fc.oneof(
    fc.constant(0),
    delay,
    array(delay, pre).map((axons) => Float64Array.from({ length: all }, (_, k) => axons[k % pre]!)),
    array(delay, post).map((ends) =>
      Float64Array.from({ length: all }, (_, k) => ends[Math.floor(k / pre)]!),
    ),
  );
  const bySynapse = array(fc.constantFrom(0, 1, 1.25, 1 / 3), all);
  return fc
    .oneof(
      fc.record({ weight: array(weight, all), delay: plain }),
      fc.record({ weight: array(finite(0.1, 3), all), delay: bySynapse }),
    )
    .map(({ weight, delay }) => ({ from, to, weight, delay: single(delay) }));
}

/** One number for all is written as one. */
function single(delay: number | Float64Array): number | Float64Array {
  return typeof delay !== "number" && delay.every((time) => time === delay[0]) ? delay[0]! : delay;
}

/** Some populations, the input's projection to the first, and others between any two, several between a pair too. */
export const expressible: fc.Arbitrary<Network> = fc
  .record({
    inputChannels: fc.integer({ min: 1, max: 4 }),
    outline: fc.uniqueArray(fc.record({ name, size: fc.integer({ min: 1, max: 4 }), spikes: fc.boolean() }), {
      selector: (one) => one.name,
      minLength: 1,
      maxLength: 4,
    }),
    ends: fc.array(fc.tuple(fc.nat(4), fc.nat(3)), { maxLength: 6 }),
  })
  .chain(({ inputChannels, outline, ends }) => {
    const sizes = [inputChannels, ...outline.map(({ size }) => size)];
    const pairs: [number, number][] = [[0, 0]];
    for (const [from, to] of ends)
      if (to < outline.length && from <= outline.length && (from === 0 || outline[from - 1]!.spikes))
        pairs.push([from, to]);
    return fc.record(
      {
        inputChannels: fc.constant(inputChannels),
        populations: fc.tuple(
          ...outline.map(({ name, size, spikes }) => population(name, size, spikes ? "lif" : "li")),
        ),
        projections: fc.tuple(
          ...pairs.map(([from, to]) =>
            projection(
              from === 0 ? "input" : outline[from - 1]!.name,
              outline[to]!.name,
              sizes[from]!,
              sizes[to + 1]!,
            ),
          ),
        ),
      },
      { noNullPrototype: true },
    );
  });
