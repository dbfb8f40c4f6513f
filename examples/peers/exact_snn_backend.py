#!/usr/bin/env python3
"""exact-snn-nn (PyPI) for goldspike: ResetLIF, its neuron with several spikes, one layer of them behind the input.

    python3 -m venv venv && venv/bin/pip install numpy && venv/bin/pip install --no-deps exact-snn-nn
    npx goldspike conform run --worker --class T2 -- venv/bin/python examples/peers/exact_snn_backend.py --serve

The neuron needs nothing but Python; the rest of the package wants PyTorch, so that its file is loaded by itself.
"""
import importlib.util
from importlib.metadata import distribution

import numpy as np
from peer import Unsupported, run

PACKAGE = distribution("exact-snn-nn")


def reset_module():
    spec = importlib.util.spec_from_file_location("reset", PACKAGE.locate_file("exact_snn/reset.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


ResetLIF = reset_module().ResetLIF


def only_layer(case):
    layers = [p for p in case.populations.values() if p.spiking]
    if len(layers) != 1:
        raise Unsupported("one layer of spiking neurons, got %d" % len(layers))
    (layer,) = layers
    into = [k for k, p in enumerate(case.projections) if p.target is layer]
    if len(into) != 1 or case.projections[into[0]].source:
        raise Unsupported("one projection from the input, no recurrence")
    for key in ("bias", "v0", "i0"):
        if np.any(getattr(layer, key) != 0):
            raise Unsupported("%s of a spiking neuron" % key)
    if np.any(layer.tau_mem == layer.tau_syn):
        raise Unsupported("tau_mem = tau_syn, by whose difference ResetLIF divides")
    return layer, into[0]


def forward(case):
    layer, index = only_layer(case)
    projection = case.projections[index]
    found = []  # (time, neuron, derivative of the time by each weight of the neuron)
    for n in range(layer.size):
        neuron = ResetLIF(tm=layer.tau_mem[n], ts=layer.tau_syn[n], theta=layer.threshold[n], u_reset=layer.reset[n])
        arrivals = case.times + projection.delay[n, case.sources]
        heard = np.flatnonzero(arrivals < case.duration)
        heard = heard[np.argsort(arrivals[heard], kind="stable")]
        inputs = list(zip(arrivals[heard], projection.weight[n, case.sources[heard]]))
        times, moves = neuron.sensitivity_all(inputs, t_end=case.duration)
        for time, by_input in zip(times, moves):
            by_weight = np.zeros(projection.weight.shape[1])
            np.add.at(by_weight, case.sources[heard], by_input)
            found.append((time, n, by_weight))
    found.sort(key=lambda spike: spike[:2])
    times, neurons = np.array([f[0] for f in found]), np.array([f[1] for f in found], int)

    def backward(pulls):
        weight = np.zeros_like(projection.weight)
        for pull, (_, n, by_weight) in zip(pulls[layer.name], found):
            weight[n] += pull * by_weight
        return {"projections": {index: {"weight": weight}}}

    return {layer.name: (times, neurons)}, backward


if __name__ == "__main__":
    run("exact-snn-nn %s ResetLIF" % PACKAGE.version, "f64", forward)
