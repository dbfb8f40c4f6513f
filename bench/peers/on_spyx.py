"""Spyx: RCuBaLIF neurons under its `run` (lax.scan) in one jitted training step. See task.py.

Its neurons reset by subtraction. Its V <- beta V + I has no factor 1 - beta: weights are scaled so that an arrival has the area
that it has in the equations. Its readout has no synapse; a second LI in front of it is one.
"""

import jax
import jax.numpy as jnp
import optax
import spyx
import spyx.axn
import spyx.nn
from flax import nnx

import task


class Network(nnx.Module):
    def __init__(self, task):
        rngs = nnx.Rngs(0)
        alpha, beta, scale = float(task.beta), float(task.alpha), float(task.area_scale)
        self.input = dense(task.w_in * scale, rngs)
        self.hidden = spyx.nn.RCuBaLIF((task.hidden,), alpha, beta, activation=spyx.axn.arctan(), rngs=rngs)
        self.hidden.recurrent_w = nnx.Param(jnp.asarray(task.w_rec.T * scale))
        readout = [spyx.nn.LI((task.classes,), rate, rngs=rngs) for rate in (alpha, beta)]
        self.output = dense(task.w_out * scale, rngs)
        self.readout = spyx.nn.Sequential(*readout)

    def __call__(self, inputs):
        # One product for all steps, outside the scan.
        spikes, _ = spyx.nn.run(self.hidden, self.input(inputs))
        voltages, _ = spyx.nn.run(self.readout, self.output(spikes))
        return voltages.mean(0), spikes.sum()


def dense(weights, rngs):
    layer = nnx.Linear(weights.shape[1], weights.shape[0], use_bias=False, rngs=rngs)
    layer.kernel = nnx.Param(jnp.asarray(weights.T))
    return layer


def main():
    chosen = task.arguments()
    problem = task.Task(chosen.task, chosen.dt)
    model = Network(problem)
    # Decay rates are parameters of its neurons, too.
    weights = nnx.All(nnx.Param, lambda path, _: path[-1] in ("kernel", "recurrent_w"))
    optimizer = nnx.Optimizer(model, optax.adam(chosen.lr), wrt=weights)
    inputs, labels = jnp.asarray(problem.binned()), jnp.asarray(problem.labels)

    @nnx.jit
    def train(model, optimizer, inputs, labels):
        def loss_of(model):
            logits, spikes = model(inputs)
            return optax.softmax_cross_entropy_with_integer_labels(logits, labels).mean(), spikes

        differentiated = nnx.value_and_grad(loss_of, argnums=nnx.DiffState(0, weights), has_aux=True)
        (loss, spikes), grads = differentiated(model)
        optimizer.update(model, grads)
        return loss, spikes

    task.serve(lambda: jax.block_until_ready(train(model, optimizer, inputs, labels)))


main()
