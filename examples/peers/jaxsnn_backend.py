#!/usr/bin/env python3
"""jaxsnn (PyPI) for goldspike: event-driven LIF layers in closed form, by its Eventprop, in f64.

    python3 -m venv venv && venv/bin/pip install numpy jaxsnn
    npx goldspike conform run --worker --jobs 1 --timeout 300 --class T2 -- \\
      venv/bin/python examples/peers/jaxsnn_backend.py --serve

jaxsnn solves tau_mem = tau_syn and tau_mem = 2 tau_syn; a population has one value of each parameter, a projection one delay.
--analytical differentiates its closed forms instead of solving the adjoint.
"""
import logging
import sys
from importlib.metadata import version

import jax
import numpy as np
from peer import Unsupported, run

logging.disable(logging.CRITICAL)
jax.config.update("jax_enable_x64", True)
import jax.numpy as jnp  # noqa: E402
from jaxsnn.event.modules import LIF, Linear, Source  # noqa: E402
from jaxsnn.event.modules.lif.lif import LIFParameters  # noqa: E402
from jaxsnn.event.topology import Topology  # noqa: E402
from jaxsnn.event.types import Spike  # noqa: E402

METHOD = "analytical" if "--analytical" in sys.argv else "eventprop"
sys.argv = [word for word in sys.argv if word != "--analytical"]
CAPACITIES = 128, 512, 2048  # events of a population, one size after the other until all have room


def shared(values, what):
    first = np.ravel(values)[0]
    if np.any(values != first):
        raise Unsupported("%s: one value for all" % what)
    return float(first)


def parameters(population):
    name = population.name
    tau_mem, tau_syn = (shared(getattr(population, key), name + "." + key) for key in ("tau_mem", "tau_syn"))
    if tau_mem not in (tau_syn, 2 * tau_syn):
        raise Unsupported("%s: tau_mem = %g tau_syn; 1 and 2 are solved" % (name, tau_mem / tau_syn))
    for key in ("bias", "v0", "i0"):
        if np.any(getattr(population, key) != 0):
            raise Unsupported("%s.%s: other than 0" % (name, key))
    return LIFParameters(tau_mem=tau_mem, tau_syn=tau_syn, v_th=shared(population.threshold, name + ".threshold"),
                         v_reset=shared(population.reset, name + ".reset"))


def built(case, layers, inner, capacity):
    """The network's function of weights and input times, and where in its list of layers the input stands."""
    channels = max(p.weight.shape[1] for p in case.projections if p.source is None)
    modules, edges = {"input": Source(channels)}, []
    for population in layers:
        modules[population.name] = LIF(population.size, capacity, parameters(population))
    for k, p in inner.items():
        delay = shared(p.delay, "projections[%d].delay" % k)
        modules["w%d" % k] = Linear(min_delay=delay, pre_weights=jnp.asarray(p.weight.T))
        edges += [(p.names["from"], "w%d" % k), ("w%d" % k, p.names["to"])]
    topology = Topology(t_max=case.duration, backprop_method=METHOD)
    topology.add(modules)
    topology.connect(edges)
    init, apply = topology.done()
    at, count = topology.node_index_mapping["input"], len(case.times)

    def events(weights, times):
        spike = Spike(time=times[None], idx=jnp.asarray(case.sources)[None], current=jnp.zeros((1, count)),
                      layer_idx=jnp.full((1, count), at), internal=jnp.ones((1, count), bool))
        found = apply({"input": spike}, weights)
        return {p.name: jax.tree.map(lambda x: x[0], found[p.name]) for p in layers}

    return events, init(jax.random.PRNGKey(0))


def forward(case):
    layers = [p for p in case.populations.values() if p.spiking]
    inner = {k: p for k, p in enumerate(case.projections) if p.target.spiking}
    if not layers:
        raise Unsupported("a network without spiking neurons")
    if len(case.times) == 0:
        raise Unsupported("a trial without an input spike")
    ends = [(p.names["from"], p.names["to"]) for p in inner.values()]
    if len(set(ends)) < len(ends):
        raise Unsupported("two projections between the same populations")
    if {p.name for p in layers} - {p.target.name for p in inner.values()}:
        raise Unsupported("a population that nothing projects to")
    for capacity in CAPACITIES:
        events, weights = built(case, layers, inner, capacity)
        found = jax.tree.map(np.asarray, jax.jit(events)(weights, jnp.asarray(case.times)))
        if all(own.idx[-1] == -1 for own in found.values()):
            break
    else:
        raise Unsupported("more than %d events of a population" % CAPACITIES[-1])
    slots = {name: np.flatnonzero(own.internal & (own.idx != -1)) for name, own in found.items()}
    spikes = {name: (own.time[slots[name]].astype(float), own.idx[slots[name]]) for name, own in found.items()}

    def backward(pulls):
        def pulled(weights, times):
            seen = events(weights, times)
            return sum((seen[name].time[slots[name]] * pull).sum() for name, pull in pulls.items())

        by_weights, by_times = jax.jit(jax.grad(pulled, argnums=(0, 1)))(weights, jnp.asarray(case.times))
        weights_of = {k: {"weight": np.asarray(by_weights["w%d" % k]).T} for k in inner}
        return {"projections": weights_of, "input_times": np.asarray(by_times)}

    return spikes, backward


if __name__ == "__main__":
    run("jaxsnn %s %s" % (version("jaxsnn"), METHOD), "f64", forward)
