/** The adjoint of all neurons on its way back through a trial. */
import { flow, membraneOf } from "../twin/membrane.ts";
import type { Adjoint, Replay } from "./replay.ts";

interface Cell {
  time: number;
  byV: number;
  byI: number;
}

export class Cells {
  readonly #replay: Replay;
  /** By population and neuron. */
  readonly #cells: readonly (readonly Cell[])[];

  constructor(replay: Replay) {
    const { network, duration } = replay.problem;
    this.#replay = replay;
    this.#cells = network.populations.map(({ size }) =>
      Array.from({ length: size }, () => ({ time: duration, byV: 0, byI: 0 })),
    );
  }

  /** A neuron's, flown back to a time; no habit changes that of a leaky integrator. */
  at(population: number, neuron: number, time: number): Adjoint {
    const { problem, after, elementary } = this.#replay;
    const own = problem.network.populations[population]!;
    if (own.model === "li") return after(population, neuron, time);
    const cell = this.#cells[population]![neuron]!;
    const span = cell.time - time;
    if (span === 0) return cell;
    const membrane = { ...membraneOf(own, neuron), bias: 0 };
    const [ofV, ofI] = [
      { v: 1, i: 0 },
      { v: 0, i: 1 },
    ].map((unit) => flow(membrane, unit, span, elementary));
    cell.byI = cell.byI * ofI!.i + cell.byV * ofI!.v;
    cell.byV *= ofV!.v;
    cell.time = time;
    return cell;
  }

  /** A jump of ∂L/∂V where the neuron has come to; none of a leaky integrator, whose adjoint is known. */
  setByV(population: number, neuron: number, value: number): void {
    this.#cells[population]![neuron]!.byV = value;
  }
}
