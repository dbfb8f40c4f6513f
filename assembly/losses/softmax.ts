/** −log softmax(z)_y and its gradient p − δ_y, without cancellation where the label is nearly certain. */
import { exp } from "../maths/exp";
import { log, log1p } from "../maths/log";
import { F64s, f64Of, setF64 } from "../memory";

/** z, gradient: [count]; returns the loss. */
export function crossEntropy(z: F64s, count: u32, target: u32, gradient: F64s): f64 {
  const label = f64Of(z, target);
  let top = label;
  for (let k: u32 = 0; k < count; k++) top = max(top, f64Of(z, k));
  let others = 0.0;
  for (let k: u32 = 0; k < count; k++) {
    const e = exp(f64Of(z, k) - top);
    setF64(gradient, k, e);
    if (k != target) others += e;
  }
  const own = f64Of(gradient, target);
  const sum = own + others;
  for (let k: u32 = 0; k < count; k++) {
    setF64(gradient, k, k == target ? -others / sum : f64Of(gradient, k) / sum);
  }
  return own == 1.0 ? log1p(others) : log(sum) + (top - label);
}
