"""What adapters for event-driven systems share: they give spikes, and how spike times move; the rest is in closed form here.

An adapter's forward(case) returns the spikes of every spiking population, {name: (times in ms, neurons)}, ascending in time,
and backward(pulls): by pulls, dL/dt of each of these spikes as {name: array}, the system's own gradients of whatever leads to
them, {"projections": {index: {"weight": [post][pre], …}}, "populations": …, "input_times": …}.

Readouts (li) and losses are no part of such systems. V of a readout is a sum over the spikes that reach it, each of which adds
a known course; integrals of it are taken by Gauss-Legendre rules of 24 points between arrivals, which leave an error of 1e-14.
"""
import os
import sys

import numpy as np

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), *path) for path in (
    ("..", "..", "readers"), ("..", "numpy_backend"))]
from case import Case  # noqa: E402
from goldspike import Refused, Unsupported, load, save_result, serve  # noqa: E402

NODES, SHARES = np.polynomial.legendre.leggauss(24)
WEIGHTINGS = {
    "uniform": lambda x: np.ones_like(x),
    "exponential": lambda x: np.exp(-x),
    "linear": lambda x: 1 - x,
    "sigmoid": lambda x: 1 / (1 + np.exp((x - 0.5) / 0.2)),
}


def run(backend, precision, forward):
    """Answers requests with --serve, else solves CASE_DIR into RESULT_DIR."""

    def solve(case_dir, result_dir):
        if os.path.lexists(os.path.join(case_dir, "batch.json")):
            raise Unsupported("batches")
        try:
            case = Case(load(case_dir))
        except (ValueError, TypeError, OSError) as error:
            raise Refused("case.json: %s" % error)
        save_result(result_dir, case=case.name, backend=backend, precision=precision, **answer(case, forward))

    if sys.argv[1:] == ["--serve"]:
        return serve(solve)
    try:
        solve(*sys.argv[-2:])
    except (Unsupported, Refused) as error:
        print(error, file=sys.stderr)
        sys.exit(77 if isinstance(error, Unsupported) else 2)


def answer(case, forward):
    kind = case.loss["kind"]
    if kind == "max_cross_entropy":
        raise Unsupported("the highest voltage of a readout: this adapter integrates voltages only")
    if kind == "linear" and case.loss.get("voltages"):
        raise Unsupported("voltages at single times: these systems return spikes")
    spikes, backward = forward(case)
    result = {"spikes": {name: {"times": times, "neurons": own} for name, (times, own) in spikes.items()}}
    if kind == "none":
        return result
    loss, readout, pulls, into = by_spikes(case, spikes) if kind in BY_SPIKES else by_voltages(case, spikes)
    by_input = pulls.pop("input", 0)
    gradients = backward(pulls)
    own = gradients.pop("projections")
    # Of delays into readouts where the system has those of others.
    keys = {key for entry in own.values() for key in entry} | {"weight"}
    projections = []
    for k, projection in enumerate(case.projections):
        zeros = np.zeros_like(projection.weight)
        entry = own[k] if k in own else {key: into.get(k, {}).get(key, zeros) for key in keys}
        projections.append(dict(projection.names, **entry))
    if "input_times" in gradients:
        gradients["input_times"] = gradients["input_times"] + by_input
    result.update(loss=float(loss), gradients=dict(gradients, projections=projections))
    if readout is not None:
        result["readout"] = readout
    return result


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def cross_entropy(x, label):
    top = x.max(-1, keepdims=True)
    return np.log(np.exp(x - top).sum(-1)) + top[..., 0] - x[..., label]


# ---- losses of spike times ----


def first_spike(case, times, neurons):
    loss, duration = case.loss, case.duration
    size, label = case.readout.size, loss["target"]
    found = [np.flatnonzero(neurons == k) for k in range(size)]
    first = np.array([times[f[0]] if len(f) else duration + 1 for f in found])
    by_first = -(softmax(-first / loss["tau0"]) - np.eye(size)[label]) / loss["tau0"]
    value = cross_entropy(-first / loss["tau0"], label)
    if loss.get("penalty", "exponential") == "exponential":
        value += loss["alpha"] * np.expm1(first[label] / loss["tau1"])
        by_first[label] += loss["alpha"] / loss["tau1"] * np.exp(first[label] / loss["tau1"])
    else:
        value += loss["alpha"] / (1.01 * duration - first[label])
        by_first[label] += loss["alpha"] / (1.01 * duration - first[label]) ** 2
    pull = np.zeros(len(times))
    for f, by in zip(found, by_first):
        if len(f):
            pull[f[0]] = by
    return value, first, pull


def spike_time_mse(case, times, neurons):
    pull = np.zeros(len(times))
    for k, targets in enumerate(case.loss["targets"]):
        own = np.flatnonzero(neurons == k)
        if len(own) != len(targets):
            raise RuntimeError("neuron %d: %d spikes for %d targets" % (k, len(own), len(targets)))
        pull[own] = times[own] - np.asarray(targets, float)
    return 0.5 * (pull**2).sum(), None, pull


BY_SPIKES = ("first_spike", "spike_time_mse", "linear")


def by_spikes(case, spikes):
    """Loss, readout, dL/dt of every spike; nothing that leads to a readout."""
    pulls = {name: np.zeros(len(times)) for name, (times, _) in spikes.items()}
    if case.loss["kind"] != "linear":
        name = case.readout.name
        of = first_spike if case.loss["kind"] == "first_spike" else spike_time_mse
        value, readout, pulls[name] = of(case, *spikes[name])
        return value, readout, pulls, {}
    value = 0.0
    for name, factors in case.loss.get("spike_times", {}).items():
        times, _ = spikes[name]
        if len(times) != len(factors):
            raise RuntimeError("%s: %d spikes for %d factors" % (name, len(times), len(factors)))
        pulls[name] = np.asarray(factors, float)
        value += (pulls[name] * times).sum()
    return value, None, pulls, {}


# ---- losses of voltages ----


def course(since, tau_mem, tau_syn):
    """V of a readout `since` ms after its I jumped by 1, and how fast it moves."""
    s = np.maximum(since, 0)
    fall = np.exp(-s / tau_mem)
    if tau_mem == tau_syn:
        v, slope = s / tau_mem * fall, (1 - s / tau_mem) / tau_mem * fall
    else:
        rate = 1 / tau_syn - 1 / tau_mem
        v = -np.expm1(-s * rate) / (rate * tau_mem) * fall
        slope = np.exp(-s / tau_syn) / tau_mem - v / tau_mem
    return np.where(since > 0, v, 0), np.where(since > 0, slope, 0)


def by_voltages(case, spikes):
    """Loss, readout, dL/dt of every spike, of the input too, and gradients of the projections into the readout."""
    out, duration, label = case.readout, case.duration, case.loss["target"]
    into = [(k, p) for k, p in enumerate(case.projections) if p.target is out]
    if any(p.source is out for _, p in into):
        raise Unsupported("readouts that are connected with each other")
    senders = {k: spikes[p.source.name] if p.source else (case.times, case.sources) for k, p in into}
    arrivals = {k: senders[k][0][:, None] + p.delay.T[senders[k][1]] for k, p in into}
    cuts = np.concatenate([np.linspace(0, duration, 41)] + [np.clip(a, 0, duration).ravel() for a in arrivals.values()])
    cuts = np.unique(cuts)
    half = np.diff(cuts)[:, None] / 2
    t, share = ((cuts[:-1, None] + half) + half * NODES).ravel(), (half * SHARES).ravel()
    v, slopes, courses = np.zeros((len(t), out.size)), {}, {}
    for n in range(out.size):
        tau = out.tau_mem[n], out.tau_syn[n]
        v[:, n] = out.v0[n] * np.exp(-t / tau[0]) - out.bias[n] * np.expm1(-t / tau[0]) + out.i0[n] * course(t, *tau)[0]
        for k, p in into:
            courses[k, n], slopes[k, n] = course(t - arrivals[k][:, n, None], *tau)
            v[:, n] += p.weight[n, senders[k][1]] @ courses[k, n]
    if case.loss["kind"] == "average_cross_entropy":
        value, readout = share @ cross_entropy(v, label) / duration, share @ v / duration
        by_v = share[:, None] * (softmax(v) - np.eye(out.size)[label]) / duration
    else:
        omega = share * WEIGHTINGS[case.loss["weighting"]](t / duration) / duration
        readout = omega @ v
        value = cross_entropy(readout, label)
        by_v = omega[:, None] * (softmax(readout) - np.eye(out.size)[label])
    pulls, gradients = {name: np.zeros(len(times)) for name, (times, _) in spikes.items()}, {}
    pulls["input"] = np.zeros(len(case.times))
    for k, p in into:
        own = senders[k][1]
        gradients[k] = {"weight": np.zeros_like(p.weight), "delay": np.zeros_like(p.weight)}
        for n in range(out.size):
            np.add.at(gradients[k]["weight"][n], own, courses[k, n] @ by_v[:, n])
            later = -p.weight[n, own] * (slopes[k, n] @ by_v[:, n])
            np.add.at(gradients[k]["delay"][n], own, later)
            pulls[p.names["from"]] += later
    return value, readout, pulls, gradients
