/**
 * What arrives at a population at one instant: weight rows, which are listed first and summed in one sweep. Their order is
 * that of their arrival, so the sum is the same however many are listed.
 */
import { Most } from "../kinds";
import { add } from "../maths/lanes";
import { addReal, Reals, setU32, u32Of } from "../memory";
import { coefficientStride } from "../neuron/coefficients";
import { chunkBytes } from "../neuron/flow";
import { Population } from "../neuron/population";

/** Adds a row to what arrives. */
export function arrive(population: Population, row: Reals): void {
  if (population.rowCount == Most.rows) sumRows(population);
  setU32(population.rows, population.rowCount++, <u32>row);
}

/** Adds one weight. */
export function arriveOne(population: Population, neuron: u32, weight: f64): void {
  if (population.rowCount == 0) {
    memory.fill(population.drive, 0, coefficientStride(population));
    listDrive(population);
  } else if (population.rowCount > 1 || u32Of(population.rows, 0) != <u32>population.drive) {
    sumRows(population);
  }
  addReal(population.drive, neuron, weight);
}

/** The sum of all that has arrived, `zeros` if nothing has; the next instant starts from nothing. */
export function takeArrived(population: Population, zeros: Reals): Reals {
  const count = population.rowCount;
  if (count == 0) return zeros;
  if (count > 1) sumRows(population);
  population.rowCount = 0;
  return u32Of(population.rows, 0);
}

function listDrive(population: Population): void {
  setU32(population.rows, 0, <u32>population.drive);
  population.rowCount = 1;
}

/** Sums the rows into `drive`, which may be the first of them. */
function sumRows(population: Population): void {
  const rows = population.rows;
  const last = rows + ((<usize>population.rowCount - 1) << 2);
  const stride = coefficientStride(population);
  let to = population.drive;
  for (let at: usize = 0; at < stride; at += chunkBytes, to += chunkBytes) {
    let row = <usize>load<u32>(rows) + at;
    let first = v128.load(row, 0);
    let second = v128.load(row, 16);
    let third = v128.load(row, 32);
    let fourth = v128.load(row, 48);
    for (let next = rows; next < last; ) {
      next += 4;
      row = <usize>load<u32>(next) + at;
      first = add(first, v128.load(row, 0));
      second = add(second, v128.load(row, 16));
      third = add(third, v128.load(row, 32));
      fourth = add(fourth, v128.load(row, 48));
    }
    v128.store(to, first, 0);
    v128.store(to, second, 16);
    v128.store(to, third, 32);
    v128.store(to, fourth, 48);
  }
  listDrive(population);
}
