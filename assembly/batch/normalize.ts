/**
 * Gradients brought to one size, neuron by neuron: those of all synapses into a neuron, summed over the lanes, are divided
 * by their root mean square. With G_ij the gradient of the synapse from i into j, of n of them,
 *
 *   G_ij ← G_ij / (scale √(Σ_i G_ij² / n))
 *
 * so that `scale` times it has the root mean square 1: a block-normalised gradient, a neuron a block; A. W. Yu, L. Huang,
 * Q. Lin, R. Salakhutdinov, J. Carbonell, "Block-normalized gradient method" (2017). A gradient that is zero stays zero.
 */
import { Size } from "../kinds";
import { addLanes, Tensor } from "./adam";

/** The neurons whose gradients lie in the chunk at byte `at` of every row. */
export function normalizeChunk(tensor: Tensor, at: usize): void {
  for (let row: usize = 0; row < tensor.bytes; row += tensor.rowBytes) addLanes(tensor, row + at, Size.chunk);
  const sums = tensor.gradient + at;
  for (let column: usize = 0; column < <usize>Size.chunk; column += sizeof<real>())
    normalizeColumn(tensor, sums + column);
}

/** In f64, whose range holds the squares of all f32. */
function normalizeColumn(tensor: Tensor, column: usize): void {
  const end = column + tensor.bytes;
  let square: f64 = 0.0;
  for (let at = column; at < end; at += tensor.rowBytes) {
    const g = <f64>load<real>(at);
    square += g * g;
  }
  if (square == 0.0) return;
  const factor = 1.0 / (tensor.scale * sqrt(square / <f64>(tensor.bytes / tensor.rowBytes)));
  for (let at = column; at < end; at += tensor.rowBytes)
    store<real>(at, <real>(<f64>load<real>(at) * factor));
}
