/** Networks in which time constants and the length of the trial are of very different orders. */
import fc from "fast-check";
import type { CaseJson } from "../../../src/oracle/certify/caseJson.ts";

type Populations = CaseJson["populations"];
type Projections = CaseJson["projections"];
type Loss = CaseJson["loss"];

const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const power = (min: number, max: number) => between(min, max).map((exponent) => 10 ** exponent);
const weightings = ["uniform", "exponential", "linear", "sigmoid"] as const;
const integrals: fc.Arbitrary<Loss> = fc
  .constantFrom(...weightings)
  .map((weighting) => ({ kind: "integral_cross_entropy", weighting, target: 0 }) as const);
const readouts: fc.Arbitrary<Loss> = fc.oneof(
  integrals,
  fc.constant({ kind: "average_cross_entropy", target: 1 } as const),
  fc.constant({ kind: "max_cross_entropy", target: 1 } as const),
);

/** Of what the two hidden neurons do; times are shares of the trial. */
const hiddenLosses: fc.Arbitrary<Loss> = fc.oneof(
  fc.constantFrom("exponential", "hyperbolic").map(
    (penalty) =>
      ({
        kind: "first_spike",
        population: "hidden",
        tau0: 4,
        tau1: 20,
        alpha: 0.1,
        penalty,
        target: 0,
      }) as Loss,
  ),
  between(0.05, 1).map(
    (share): Loss => ({
      kind: "linear",
      voltages: [
        { population: "hidden", neuron: 1, time: share, factor: 0.7 },
        { population: "output", neuron: 0, time: 1, factor: -1.3 },
      ],
    }),
  ),
);

const ascending = (count: number, end: number) =>
  fc
    .array(between(0.01, 0.99), { minLength: count, maxLength: count })
    .map((shares) => shares.sort((a, b) => a - b).map((share) => share * end));

function caseOf(
  name: string,
  duration: number,
  times: readonly number[],
  network: { readonly populations: Populations; readonly projections: Projections },
  loss: Loss,
): CaseJson {
  const input = { channels: 2, times: [...times], sources: times.map((_, k) => k % 2) };
  const voltages =
    loss.kind === "linear" && loss.voltages?.map((term) => ({ ...term, time: term.time * duration }));
  return {
    format: "goldspike/case@1",
    name,
    time_unit: "ms",
    duration,
    input,
    ...network,
    loss: { ...loss, ...(voltages && { voltages }) },
  };
}

/** What follows the hidden neurons: two integrators. */
const readoutOf = (
  tau_mem: number,
  tau_syn: number,
  bias: readonly number[] = [0, 0],
): Populations[number] => ({
  name: "output",
  size: 2,
  model: "li",
  tau_mem,
  tau_syn,
  bias: [...bias],
  v0: [0.2, 0.15],
});

/** Neurons that hardly leak, driven by their bias as by a constant current, and by a few inputs. */
export const nonleaky: fc.Arbitrary<CaseJson> = fc
  .record({
    tau: power(1.5, 12),
    /** Of the threshold, a ms. */
    drive: fc.tuple(between(0.03, 0.3), between(-0.1, 0.2)),
    start: between(-1, 0.9),
    reset: between(-1, 0.5),
    weights: fc.tuple(between(-0.3, 0.6), between(-0.3, 0.6)),
    tauReadout: power(0.5, 12),
    /** Of the second neuron's time constant, if it does leak. */
    leaks: fc.boolean(),
    times: ascending(4, 40),
    loss: fc.oneof(readouts, hiddenLosses),
  })
  .map(({ tau, drive, start, reset, weights, tauReadout, leaks, times, loss }) => {
    const taus = [tau, leaks ? 20 : tau];
    const hidden: Populations[number] = {
      name: "hidden",
      size: 2,
      model: "lif",
      tau_mem: taus,
      tau_syn: 5,
      bias: drive.map((share, k) => share * taus[k]!),
      v0: start,
      reset,
    };
    const projections = [
      {
        from: "input",
        to: "hidden",
        weight: [
          [weights[0] * tau * 0.2, 0],
          [0, weights[1] * tau * 0.2],
        ],
      },
      {
        from: "hidden",
        to: "output",
        weight: [
          [tauReadout * 0.1, -tauReadout * 0.05],
          [0.2, tauReadout * 0.04],
        ],
        delay: 1,
      },
    ];
    const populations = [hidden, readoutOf(tauReadout, 7, [tauReadout * 0.02, -tauReadout * 0.01])];
    return caseOf("nonleaky", 40, times, { populations, projections }, loss);
  });

/** A trial that is short beside every time constant. */
export const short: fc.Arbitrary<CaseJson> = fc
  .record({
    share: power(-10, -1),
    duration: power(-8, 2),
    slow: between(1, 8),
    bias: fc.tuple(between(-1, 1.5), between(-1, 1.5)),
    readoutBias: fc.tuple(between(-2, 2), between(-2, 2)),
    v0: fc.constantFrom(0, 0.3, -0.5),
    weights: fc.array(between(1, 8), { minLength: 2, maxLength: 2 }),
    shares: ascending(3, 1),
    loss: fc.oneof(readouts, hiddenLosses),
  })
  .map(({ share, duration, slow, bias, readoutBias, v0, weights, shares, loss }) => {
    const tau = duration / share;
    const hidden: Populations[number] = {
      name: "hidden",
      size: 2,
      model: "lif",
      tau_mem: tau * slow,
      tau_syn: tau,
      bias: [...bias],
      v0,
    };
    const strong = slow / share;
    const projections = [
      {
        from: "input",
        to: "hidden",
        weight: [
          [weights[0]! * strong, 0],
          [strong, weights[1]! * strong],
        ],
      },
      {
        from: "hidden",
        to: "output",
        weight: [
          [strong, -strong],
          [2 * strong, 0.5 * strong],
        ],
      },
    ];
    const populations = [hidden, readoutOf(tau * slow, tau * 2, readoutBias)];
    return caseOf(
      "short",
      duration,
      shares.map((at) => at * duration),
      { populations, projections },
      loss,
    );
  });

/** A trial that goes on long after everything has decayed. */
export const long: fc.Arbitrary<CaseJson> = fc
  .record({
    length: power(1, 1.6),
    ratio: power(-1.5, 1.5),
    weights: fc.array(between(4, 9), { minLength: 2, maxLength: 2 }),
    shares: ascending(3, 1),
    last: power(-4, 0),
    v0: fc.constantFrom(0, 0.4),
    loss: integrals,
  })
  .map(({ length, ratio, weights, shares, last, v0, loss }) => {
    const duration = 100;
    const tau = duration / length;
    // An arrival adds about τ/T to an integral.
    const strong = length;
    const hidden: Populations[number] = {
      name: "hidden",
      size: 2,
      model: "lif",
      tau_mem: tau,
      tau_syn: tau / 3,
      v0,
    };
    const projections = [
      {
        from: "input",
        to: "hidden",
        weight: [
          [weights[0]!, 0],
          [2, weights[1]!],
        ],
      },
      {
        from: "hidden",
        to: "output",
        weight: [
          [strong, -strong / 2],
          [strong / 3, strong],
        ],
      },
      {
        from: "input",
        to: "output",
        weight: [
          [strong / 2, 1],
          [0, strong],
        ],
      },
    ];
    const output = { ...readoutOf(tau, tau * ratio, [0.3, -0.2]), v0: [0.1, 0], i0: [0, strong / 10] };
    const times = shares.map((share) => share * duration * last);
    return caseOf("long", duration, times, { populations: [hidden, output], projections }, loss);
  });
