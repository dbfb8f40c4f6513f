#!/usr/bin/env python3
"""eventax (PyPI) for goldspike: EvNN with its LIF, any connections, delays, by its EventPropAdjoint, in f64.

    python3 -m venv venv && venv/bin/pip install numpy eventax
    npx goldspike conform run --worker --jobs 1 --timeout 300 --class T2 --rtol 1e-9 -- \\
      venv/bin/python examples/peers/eventax_backend.py --serve

Between events eventax solves the differential equation: here by Dopri8 at a relative tolerance of 1e-12. It looks for crossings
at the ends of the solver's steps, which are kept below a quarter of a millisecond. Time constants, thresholds and resets are
constants of its compiled program and have no gradients. Compiling takes some 20 s a case.
"""
from importlib.metadata import version

import diffrax
import equinox as eqx
import jax
import numpy as np
import optimistix
from peer import Unsupported, run

jax.config.update("jax_enable_x64", True)
import jax.numpy as jnp  # noqa: E402
from eventax.adjoint import EventPropAdjoint  # noqa: E402
from eventax.evnn import EvNN  # noqa: E402
from eventax.neuron_models import LIF  # noqa: E402

CAPACITIES = 64, 256, 1024  # events of a trial, one size after the other until all have room


class StartedLIF(LIF):
    """With states of its own at the start."""

    v0: jax.Array
    i0: jax.Array

    def __init__(self, *given, v0, i0, **more):
        super().__init__(*given, **more)
        self.v0, self.i0 = v0, i0

    def init_state(self, n_neurons):
        return jnp.stack([self.v0, self.i0], axis=1)


def arranged(case):
    """Spiking populations one after the other, then the input's channels, as EvNN numbers them."""
    layers = [p for p in case.populations.values() if p.spiking]
    if not layers:
        raise Unsupported("a network without spiking neurons")
    first = dict(zip([p.name for p in layers], np.cumsum([0] + [p.size for p in layers]).tolist()))
    neurons = sum(p.size for p in layers)
    channels = max(p.weight.shape[1] for p in case.projections if p.source is None)
    blocks = {}
    for k, p in enumerate(case.projections):
        if not p.target.spiking:
            continue
        from_ = first[p.source.name] if p.source else neurons
        pre, post = slice(from_, from_ + p.weight.shape[1]), slice(first[p.target.name], first[p.target.name] + p.target.size)
        if any((pre, post) == other for other in blocks.values()):
            raise Unsupported("two projections between the same populations")
        blocks[k] = pre, post
    return layers, first, neurons, channels, blocks


def network(case, capacity):
    layers, _, neurons, channels, blocks = arranged(case)
    shape = neurons + channels, neurons
    weight, mask, delay = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for k, block in blocks.items():
        weight[block], mask[block], delay[block] = case.projections[k].weight.T, 1, case.projections[k].delay.T
    each = {key: jnp.asarray(np.concatenate([getattr(p, key) for p in layers]), float) for key in
            ("threshold", "reset", "tau_mem", "tau_syn", "bias", "v0", "i0")}
    return EvNN(
        neuron_model=StartedLIF, n_neurons=neurons, in_size=channels, max_solver_time=case.duration, dtype=jnp.float64,
        key=jax.random.PRNGKey(0), wmask=jnp.asarray(mask), init_weights=jnp.asarray(weight),
        init_delays=jnp.asarray(delay) if delay.any() else None, buffer_capacity=256 if delay.any() else None,
        thresh=each["threshold"], vreset=each["reset"], tmem=each["tau_mem"], tsyn=each["tau_syn"],
        init_bias=each["bias"], v0=each["v0"], i0=each["i0"], max_event_steps=capacity, adjoint=EventPropAdjoint(),
        solver=diffrax.Dopri8(), solver_stepsize=0.01,
        stepsize_controller=diffrax.PIDController(rtol=1e-12, atol=1e-13, dtmax=0.25),
        root_finder=optimistix.Newton(1e-14, 1e-14, optimistix.rms_norm),
    )


def input_table(case, channels):
    """[channel][spike], filled up with infinity, and where each input spike stands."""
    places, counts = [], np.zeros(channels, int)
    for source in case.sources:
        places.append((source, counts[source]))
        counts[source] += 1
    table = np.full((channels, max(1, counts.max())), np.inf)
    for place, time in zip(places, case.times):
        table[place] = time
    return table, places


def forward(case):
    jax.clear_caches()  # programs of other cases are of no use for this one, and fill the memory
    layers, first, neurons, channels, blocks = arranged(case)
    table, places = input_table(case, channels)
    for capacity in CAPACITIES:
        net = network(case, capacity)
        found = eqx.filter_jit(lambda net, table: net.record(table))(net, jnp.asarray(table))
        times, ids, waiting = (np.asarray(x) for x in found)
        slots = np.flatnonzero(np.isfinite(times))
        if waiting[-1] <= 0:  # events after the last step that there was room for; -1 where it was not reached
            break
    else:
        raise Unsupported("more than %d events" % CAPACITIES[-1])
    slots = slots[np.argsort(times[slots], kind="stable")]
    own = {p.name: slots[(ids[slots] >= first[p.name]) & (ids[slots] < first[p.name] + p.size)] for p in layers}
    spikes = {name: (times[o].astype(float), ids[o].astype(int) - first[name]) for name, o in own.items()}

    def backward(pulls):
        by_slot = np.zeros(len(times))
        for name, o in own.items():
            by_slot[o] = pulls[name]

        @eqx.filter_jit
        def gradient(both):
            def pulled(both):
                net, table = both
                found, _, _ = net.record(table)
                return jnp.sum(jnp.where(by_slot == 0, 0, found) * by_slot)
            return eqx.filter_grad(pulled)(both)

        by_net, by_input = gradient((net, jnp.asarray(table)))
        model = by_net.neuron_model
        projections = {}
        for k, block in blocks.items():
            projections[k] = {"weight": np.asarray(model.weights)[block].T}
            if by_net.delays is not None:
                projections[k]["delay"] = np.asarray(by_net.delays)[block].T
        each = {"bias": model.ic, "v0": model.v0, "i0": model.i0}
        populations = {
            p.name: {key: np.asarray(value)[first[p.name]:first[p.name] + p.size] for key, value in each.items()}
            for p in layers
        }
        input_times = np.array([np.asarray(by_input)[place] for place in places], float)
        return {"projections": projections, "populations": populations, "input_times": input_times}

    return spikes, backward


if __name__ == "__main__":
    run("eventax " + version("eventax"), "f64", forward)
