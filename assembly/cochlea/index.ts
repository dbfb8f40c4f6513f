/** What the host calls: the ABI of the ear, nothing else. Addresses are in bytes. */

import { atan2, cos, cosTurn, sin, sinTurn } from "../maths/trig";
import { bushyCells } from "./bushy_cell";
import { complexOf } from "./complex";
import { fillTwiddles, transform } from "./fft";
import { hazards, releases } from "./fibres";
import { hairCells } from "./hair_cell";
import { hankel0, hankel1 } from "./hankel";
import { level, rootMeanSquare } from "./loudness";
import { fillGrid, fillResponses, gridBits, respond, sampleGrid } from "./membrane";
import { spectrum, spectrumBits } from "./spectrum";
import { fillTaps, fillUndo, shapeOf } from "./taps";
import { placeOf, resonance, taperAt } from "./transfer";

export {
  atan2,
  bushyCells,
  cos,
  cosTurn,
  fillGrid,
  fillResponses,
  fillTaps,
  fillTwiddles,
  fillUndo,
  gridBits,
  hairCells,
  hazards,
  level,
  placeOf,
  releases,
  resonance,
  respond,
  rootMeanSquare,
  sampleGrid,
  shapeOf,
  sin,
  sinTurn,
  spectrum,
  spectrumBits,
  taperAt,
  transform,
};

export function heapBase(): usize {
  return __heap_base;
}

/** H₀ or H₁ of re + i im, times e^(−i(re + i im)), to `out`. */
export function hankel(order: i32, re: f64, im: f64, out: usize): void {
  const w = complexOf(re, im);
  v128.store(out, order == 0 ? hankel0(w) : hankel1(w));
}
