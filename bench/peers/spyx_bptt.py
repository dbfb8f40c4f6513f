"""The task in Spyx, on JAX: see task.py for how it is run.

As its documentation shows: spyx.nn.run over a Sequential of Linear, RCuBaLIF, Linear and LI, the loss of spyx.fn, optax.adam,
all of a step in one nnx.jit. The products with input and readout weights taken for all steps at once, or a scan that is
unrolled 2, 5 or 10 times, cost more than that.

Spyx's neuron is V <- V - s, I <- alpha I + x, V <- beta V + I: weights are scaled so that an arrival has the area that it has
in the equations. Its readout has no current of its own: a second LI filters what arrives.
"""

import task

if __name__ == "__main__":
    chosen = task.arguments(("plain",), needs=("jax", "optax", "flax.nnx", "spyx.nn"))

import jax
import jax.numpy as jnp
import optax
from flax import nnx
from spyx import axn, fn, nn


class Model(nnx.Module):
    def __init__(self, problem):
        rngs = nnx.Rngs(0)
        scale = problem.area_scale
        beta, alpha = float(problem.alpha), float(problem.beta)  # Spyx's beta is of the membrane.
        dense = lambda w: nnx.Linear(w.shape[1], w.shape[0], use_bias=False, rngs=rngs)
        self.into, self.out = dense(problem.w_in), dense(problem.w_out)
        self.hidden = nn.RCuBaLIF((problem.hidden,), alpha=alpha, beta=beta, activation=axn.arctan(), rngs=rngs)
        self.synapse = nn.LI((problem.classes,), beta=alpha, rngs=rngs)
        self.readout = nn.LI((problem.classes,), beta=beta, rngs=rngs)
        self.into.kernel[...] = jnp.asarray(problem.w_in.T * scale)
        self.out.kernel[...] = jnp.asarray(problem.w_out.T * scale)
        self.hidden.recurrent_w[...] = jnp.asarray(problem.w_rec.T * scale)


def weights_only(path, value):
    return isinstance(value, nnx.Param) and path[-1] in ("kernel", "recurrent_w")


def forward(model, inputs):
    """Readout voltages [step][batch][class] and the number of spikes."""
    counter = nn.ActivityRegularization((model.hidden.hidden_shape[0],))
    layers = nn.Sequential(model.into, model.hidden, counter, model.out, model.synapse, model.readout)
    traces, state = nn.run(layers, inputs)
    return traces, state[2].sum()


def main():
    problem = task.Task(chosen.task, chosen.dt)
    model = Model(problem)
    of_weights = nnx.All(nnx.Param, weights_only)
    optimizer = nnx.Optimizer(model, optax.adam(chosen.lr), wrt=of_weights)
    inputs = jnp.asarray(problem.binned())
    labels = jnp.asarray(problem.labels)
    entropy = fn.integral_crossentropy(smoothing=0.0, time_axis=0)

    @nnx.jit
    def train(model, optimizer, inputs, labels):
        def loss(model):
            traces, spikes = forward(model, inputs)
            return entropy(traces / problem.steps, labels), spikes

        (value, spikes), grads = nnx.value_and_grad(loss, argnums=nnx.DiffState(0, of_weights), has_aux=True)(model)
        optimizer.update(model, grads)
        return value, spikes

    def step():
        return jax.block_until_ready(train(model, optimizer, inputs, labels))

    task.serve(step)


if __name__ == "__main__":
    main()
