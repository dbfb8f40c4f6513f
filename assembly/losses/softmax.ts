/** −log softmax(z)_y and its gradient p − δ_y, without cancellation where the label is nearly certain. */
import { exp } from "../exp";
import { log, log1p } from "../log";

/** z, gradient: f64[count]; returns the loss. */
export function crossEntropy(z: usize, count: u32, target: u32, gradient: usize): f64 {
  const label = load<f64>(z + (<usize>target << 3));
  let top = label;
  for (let k: u32 = 0; k < count; k++) top = max(top, load<f64>(z + (<usize>k << 3)));
  let others = 0.0;
  for (let k: u32 = 0; k < count; k++) {
    const at = <usize>k << 3;
    const e = exp(load<f64>(z + at) - top);
    store<f64>(gradient + at, e);
    if (k != target) others += e;
  }
  const own = load<f64>(gradient + (<usize>target << 3));
  const sum = own + others;
  for (let k: u32 = 0; k < count; k++) {
    const at = gradient + (<usize>k << 3);
    store<f64>(at, k == target ? -others / sum : load<f64>(at) / sum);
  }
  return own == 1.0 ? log1p(others) : log(sum) + (top - label);
}
