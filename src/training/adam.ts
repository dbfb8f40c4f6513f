/** Adam, the optimiser. */

export interface AdamOptions {
  /** η */
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  /** Added to the root of the second moment, not under it. */
  readonly epsilon: number;
}

/** Values that are trained and the gradient of the loss with respect to them, of one length. */
export interface Parameter {
  readonly values: Float64Array | Float32Array;
  readonly gradients: Float64Array | Float32Array;
}

/**
 * With gradient g, and m = v = 0 before step t = 1:
 *
 *   m ← β₁ m + (1 − β₁) g        m̂ = m / (1 − β₁ᵗ)
 *   v ← β₂ v + (1 − β₂) g²       v̂ = v / (1 − β₂ᵗ)
 *   w ← w − η m̂ / (√v̂ + ε)
 *
 * D. P. Kingma, J. Ba, "Adam: a method for stochastic optimization" (2015), algorithm 1. The powers are running products
 * and moments are doubles in either precision: in f32 the squares of small gradients would underflow. Where a gradient
 * is always zero, as in padding, the value never changes.
 */
export class Adam {
  /** η of the next step. */
  learningRate: number;
  readonly #options: AdamOptions;
  readonly #tensors: readonly { parameter: Parameter; m: Float64Array; v: Float64Array }[];
  #power1 = 1;
  #power2 = 1;

  constructor(parameters: readonly Parameter[], options: AdamOptions) {
    this.learningRate = options.learningRate;
    this.#options = options;
    this.#tensors = parameters.map((parameter) => ({
      parameter,
      m: new Float64Array(parameter.values.length),
      v: new Float64Array(parameter.values.length),
    }));
  }

  /** Moves every parameter in place; g is `scale` times its gradients, 1 / (batch size) where they are sums over a batch. */
  step(scale: number): void {
    const { beta1, beta2, epsilon } = this.#options;
    this.#power1 *= beta1;
    this.#power2 *= beta2;
    const rate = this.learningRate / (1 - this.#power1);
    const correction = 1 / (1 - this.#power2);
    for (const { parameter, m, v } of this.#tensors) {
      const { values, gradients } = parameter;
      for (let k = 0; k < values.length; k++) {
        const g = scale * gradients[k]!;
        const mean = beta1 * m[k]! + (1 - beta1) * g;
        const square = beta2 * v[k]! + (1 - beta2) * g * g;
        m[k] = mean;
        v[k] = square;
        values[k] = values[k]! - (rate * mean) / (Math.sqrt(square * correction) + epsilon);
      }
    }
  }
}
