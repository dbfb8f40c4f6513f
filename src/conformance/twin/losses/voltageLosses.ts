/** Losses of the course of readouts' voltages, on the grid. */
import { ConfigError } from "../../../base/errors.ts";
import type { Elementary } from "../../../engine/kernel/elementary.ts";
import type {
  AverageCrossEntropy,
  IntegralCrossEntropy,
  MaxCrossEntropy,
  Weighting,
} from "../../../model/losses.ts";
import type { Grid, Values } from "../grid.ts";
import { crossEntropy, misses, TwinLoss } from "./twinLoss.ts";

/** One number a readout, and a cross-entropy of them. */
abstract class OfReadout<L extends IntegralCrossEntropy | MaxCrossEntropy> extends TwinLoss<L> {
  protected readonly collected = new Float64Array(this.size);
  /** ∂L/∂(readout). */
  protected pulls: Float64Array = new Float64Array();

  override end(): void {
    const { elementary } = this.grid;
    const { target } = this.loss;
    this.pulls = misses(elementary, this.collected, target);
    this.value = crossEntropy(elementary, this.collected, target);
    this.readout = this.collected;
  }
}

export class OfIntegrals extends OfReadout<IntegralCrossEntropy> {
  override look(v: Values, step: number): void {
    const { dt, problem } = this.grid;
    const weight = (dt / problem.duration) * this.#weight(step * dt);
    for (let k = 0; k < v.length; k++) this.collected[k]! += weight * v[k]!;
  }

  /** The weighting is taken at the end of the step. */
  override target(readout: number, step: number): number {
    const { dt, problem } = this.grid;
    const weight = this.#weight((step + 1) * dt);
    return (-this.scale(readout) * weight * this.pulls[readout]!) / problem.duration;
  }

  /** @param time ms */
  #weight(time: number): number {
    return weightAt(this.loss.weighting, time / this.grid.problem.duration, this.grid.elementary);
  }
}

/**
 * ω when a share of the trial is over.
 *
 * @throws ConfigError the weighting `input`
 */
export function weightAt(weighting: Weighting, share: number, { exp }: Elementary): number {
  switch (weighting) {
    case "uniform":
      return 1;
    case "exponential":
      return exp(-share);
    case "linear":
      return 1 - share;
    case "sigmoid":
      return 1 / (1 + exp((share - 0.5) / 0.2));
    case "input":
      throw new ConfigError("loss.weighting: a twin does not know the weighting input");
  }
}

export class OfPeaks extends OfReadout<MaxCrossEntropy> {
  readonly #peakSteps = new Int32Array(this.size).fill(-1);

  override look(v: Values, step: number): void {
    for (let k = 0; k < v.length; k++) {
      if (!(v[k]! > this.collected[k]!)) continue;
      this.collected[k] = v[k]!;
      this.#peakSteps[k] = step;
    }
  }

  override jump(readout: number, step: number): number {
    return this.grid.convention.peak === "jump" ? this.#pull(readout, step) : 0;
  }

  /** In one step λ_V relaxes to it by a share only. */
  override target(readout: number, step: number): number {
    return this.grid.convention.peak === "drive" ? this.#pull(readout, step) / this.share(readout) : 0;
  }

  #pull(readout: number, step: number): number {
    if (this.#peakSteps[readout] !== step) return 0;
    return (-this.scale(readout) * this.pulls[readout]!) / this.tauMem(readout);
  }
}

/** Every step has a cross-entropy of its own. */
export class OfEveryStep extends TwinLoss<AverageCrossEntropy> {
  readonly #pullsByStep: Float64Array[] = [];

  constructor(grid: Grid, loss: AverageCrossEntropy) {
    super(grid, loss);
    this.readout = new Float64Array(this.size);
  }

  /** What averages a loss over time looks at the updated voltage, whatever other losses do. */
  override get looksBefore(): boolean {
    return false;
  }

  override look(v: Values): void {
    const { dt, problem, elementary } = this.grid;
    const { target } = this.loss;
    const voltages = Float64Array.from(v);
    this.value += (dt / problem.duration) * crossEntropy(elementary, voltages, target);
    this.#pullsByStep.push(misses(elementary, voltages, target));
    for (let k = 0; k < v.length; k++) this.readout[k]! += (dt / problem.duration) * v[k]!;
  }

  override target(readout: number, step: number): number {
    return (-this.scale(readout) * this.#pullsByStep[step]![readout]!) / this.grid.problem.duration;
  }
}
