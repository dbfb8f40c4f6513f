/** The kernel keeps synapses as [pre][stride], stride ≥ post; everything else sees [post][pre]. */

export interface RowSizes {
  readonly pre: number;
  readonly post: number;
  readonly stride: number;
}

export function fromRows(
  rows: ArrayLike<number>,
  { pre, post, stride }: RowSizes,
): Float64Array<ArrayBuffer> {
  const tensor = new Float64Array(post * pre);
  for (let i = 0; i < pre; i++) {
    for (let j = 0; j < post; j++) tensor[j * pre + i] = rows[i * stride + j]!;
  }
  return tensor;
}

export function toRows(
  tensor: ArrayLike<number>,
  { pre, post, stride }: RowSizes,
  into: Float64Array | Float32Array,
): void {
  for (let i = 0; i < pre; i++) {
    for (let j = 0; j < post; j++) into[i * stride + j] = tensor[j * pre + i]!;
  }
}
