/** A time-stepped twin as a reference: class T4, on what it computes of a gradient. */
import type { Case } from "../case/case.ts";
import type { Precision } from "../kernel/kernel.ts";
import { leastShare } from "./classes.ts";
import type { Reference } from "./reference.ts";
import { norm, type Tensor } from "./tensor.ts";
import type { Convention } from "./twin/convention.ts";
import { solveTwin } from "./twin/twin.ts";

export interface Stepping {
  readonly convention: Convention;
  /** ms */
  readonly dt: number;
  /** Of the backend. */
  readonly precision: Precision;
}

/** Of a tensor's norm: what is left of rounding after some hundred steps. */
const shares: Readonly<Record<Precision, number>> = { f64: 1e-10, f32: 1e-5 };

/** Other orders of the same operations may round this many times worse than the twin itself. */
const worse = 16;

/** Of V near a threshold of 1, after as many steps. */
const rounding: Readonly<Record<Precision, number>> = { f64: 1e-12, f32: 2e-5 };

/**
 * Of the twin in double precision. What rounding may do to a backend in single precision depends on the case, on its number
 * of steps and on how steep its spikes are: the twin in single precision shows how much. A spike is the same if it has the
 * same step.
 *
 * @throws ConfigError the twin cannot do the case
 */
export async function twinReference(
  problem: Case,
  { convention, dt, precision }: Stepping,
): Promise<Reference> {
  const twin = await solveTwin(problem, { convention, dt });
  const share = shares[precision];
  const rough = precision === "f32" ? await solveTwin(problem, { convention, dt, precision }) : twin;
  const near = () => dt / 4;
  const norms = twin.projections.flatMap(({ weight, delay }) => [norm(weight), norm(delay)]);
  const largest = Math.max(0, ...norms);
  const granted = (exact: ArrayLike<number>, rounded: ArrayLike<number>) => {
    const difference = norm(Array.from(exact, (value, k) => value - rounded[k]!));
    return worse * difference + share * Math.max(norm(Array.from(exact)), leastShare * largest);
  };
  const gradients = twin.projections.flatMap((own, k) => {
    const pre = problem.network.projections[k]!.weight.length;
    const { size } = problem.network.populations.find(
      ({ name }) => name === problem.network.projections[k]!.to,
    )!;
    const tensor = (values: ArrayLike<number>): Tensor => ({
      shape: [size, pre / size],
      values: Float64Array.from(values),
    });
    return (["weight", "delay"] as const).map((name) => {
      const tolerance = granted(own[name], rough.projections[k]![name]);
      return [`projections[${k}].${name}`, { tensor: tensor(own[name]), tolerance }] as const;
    });
  });
  const loss = problem.loss.kind === "none" ? undefined : twin.loss;
  return {
    spikes: Object.fromEntries(
      Object.entries(twin.spikes).map(([name, spikes]) => [name, { ...spikes, earlier: near, later: near }]),
    ),
    open: (population, { neuron, expected, found }) => {
      const step = Math.round(Math.min(expected ?? Infinity, found ?? Infinity) / dt);
      const near = twin.close[population]!.find(
        (close) =>
          close.neuron === neuron && close.step === step && Math.abs(close.margin) <= rounding[precision],
      );
      return (
        near && `V is ${near.margin.toExponential(1)} from the threshold in that step, which rounding decides`
      );
    },
    ...(loss !== undefined && {
      loss: { value: loss, tolerance: granted([loss], [rough.loss]) + share },
    }),
    ...(twin.readout.length > 0 && {
      readout: {
        tensor: { shape: [twin.readout.length], values: twin.readout },
        tolerance: granted(twin.readout, rough.readout),
      },
    }),
    gradients: new Map(gradients),
    partial: true,
  };
}
