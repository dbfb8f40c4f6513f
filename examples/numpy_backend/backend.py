#!/usr/bin/env python3
"""A time-stepped Eventprop backend in numpy, small enough to read in one go: copy it and replace what is yours.

    python3 backend.py [--dt 0.1] CASE_DIR RESULT_DIR
    python3 backend.py [--dt 0.1] --serve

Reads case.json of the first folder, and batch.json if it is there; writes result.json with spikes, loss, readout and the
gradients of weights and delays to the second. Exit codes: 0 solved, 2 a bad case or a wrong call, 77 a case that this
backend does not support; one line on stderr says why. With --serve it answers the requests of conform run --worker.

    tau_mem dV/dt = -V + I + bias     tau_syn dI/dt = -I     V >= threshold: spike, V <- reset     arrival: I <- I + w

The adjoint pass runs through the same steps backwards, with targets A for the pull of a loss on a voltage (0 elsewhere):

    tau_mem dlV/ds = -lV + A          tau_syn dlI/ds = -lI + lV                                 s = T - t
    at a spike:     lV <- lV + (height lV + sum w (lV - lI)_arrival + dL/dt_spike) / (I + bias - V)
    dL/dw = -tau_syn sum lI_arrival     dL/ddelay = w sum (lV - lI)_arrival

Times are in ms.
"""
import argparse
import math
import os
import sys

import numpy as np

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "readers"))
from case import Case, check_keys, expect, numbers, whole  # noqa: E402
from goldspike import Refused, Unsupported, load, save_result, serve  # noqa: E402  (copy readers/goldspike.py too)

# What time-stepped implementations do differently. These are the habits of the code of arXiv:2212.01232 ("genn_eventprop").
DT = 0.1  # ms, unless --dt says otherwise
LATENCY = 1  # steps from a spike to its arrival, delays not included
CLEAR_CURRENTS_BEFORE_LAST_STEP = True
READOUT_SEES_START_OF_STEP = True  # otherwise V as the step leaves it
JUMP_HEIGHT_LESS_RESET = False  # the exact height is threshold - reset
SCALE_BY_READOUT = True  # gradients of voltage losses over tau_mem of the readout; of the maximum, over T

MOST_NUMBERS = 5 * 10**7  # steps times neurons, of which five arrays are kept; more is not supported

WEIGHTS = {  # of t / T
    "uniform": np.ones_like,
    "exponential": lambda x: np.exp(-x),
    "linear": lambda x: 1 - x,
    "sigmoid": lambda x: 1 / (1 + np.exp((x - 0.5) / 0.2)),
}


# -- the grid -----------------------------------------------------------------------------------------------------------


def discretise(case, dt, steps):
    """V <- decay_v V + from_i I + drive, I <- decay_i I: the flow over one step in closed form; delays in steps."""
    for p in case.populations.values():
        p.decay_v, p.decay_i = np.exp(-dt / p.tau_mem), np.exp(-dt / p.tau_syn)
        # (decay_v - decay_i)/(tau_mem - tau_syn), without cancellation where the two are near.
        x = np.abs(dt / p.tau_syn - dt / p.tau_mem)
        slope = np.divide(-np.expm1(-x), x, out=np.ones(p.size), where=x > 0)
        spread = np.maximum(p.decay_v, p.decay_i) * slope * dt / (p.tau_mem * p.tau_syn)
        p.from_i, p.adjoint_from_v = p.tau_syn * spread, p.tau_mem * spread
        p.drive = (1 - p.decay_v) * p.bias
        # Row n holds what arrives in step n; the last row, what would arrive after the end.
        p.arriving = np.zeros((steps + 1, p.size))
        p.spikes, p.slopes = [], []  # (step, neuron), I + bias - V
    for projection in case.projections:
        projection.delay_steps = np.floor(np.minimum(projection.delay, dt * steps) / dt + 0.5).astype(int)


def arrivals(projection, senders, step):
    """Steps in which spikes sent to arrive in `step` do so after their delays; the row after the last for never."""
    return np.minimum(step + projection.delay_steps[:, senders], len(projection.target.arriving) - 1)


# -- forward ------------------------------------------------------------------------------------------------------------


def forward(case, dt, steps):
    """Fills spikes and slopes of every population; returns the readout's voltages, [step][neuron]."""
    # An event is seen by the first step that starts at its time or later.
    case.input_steps = np.ceil(case.times / dt - 1e-9).astype(int) + LATENCY
    for source, step in zip(case.sources, case.input_steps):
        deliver([p for p in case.projections if p.source is None], [source], step)
    # A loss that is averaged over time looks at V as the step leaves it, whatever the others do.
    sees_start = READOUT_SEES_START_OF_STEP and case.loss["kind"] != "average_cross_entropy"
    populations = list(case.populations.values())
    states = {population: (population.v0.copy(), population.i0.copy()) for population in populations}
    seen = np.zeros((steps, case.readout.size if case.readout else 0))
    for n in range(steps):
        sent = []
        for population in populations:
            v, i = states[population]
            if CLEAR_CURRENTS_BEFORE_LAST_STEP and n == steps - 1:
                i = np.zeros_like(i)
            i = i + population.arriving[n]
            if population is case.readout and sees_start:
                seen[n] = v
            v = population.decay_v * v + population.from_i * i + population.drive
            if population.spiking:
                fired = np.flatnonzero(v >= population.threshold)
                if len(fired) > 0:
                    population.spikes.extend((n, j) for j in fired)
                    population.slopes.extend((i + population.bias - v)[fired])
                    v[fired] = population.reset[fired]
                    sent.append((population, fired))
            if population is case.readout and not sees_start:
                seen[n] = v
            states[population] = v, population.decay_i * i
        for population, fired in sent:
            deliver(population.outgoing, fired, n + LATENCY)
    return seen


def deliver(projections, senders, step):
    for projection in projections:
        at = arrivals(projection, senders, step)
        rows = np.broadcast_to(projection.target.rows[:, None], at.shape)
        np.add.at(projection.target.arriving, (at, rows), projection.weight[:, senders])


# -- losses -------------------------------------------------------------------------------------------------------------


class Pull:
    """A loss, and how it pulls in the adjoint pass: targets A and jumps of lV by step, dL/dt by spike of the readout."""

    def __init__(self, steps, readout):
        self.value, self.readout = 0.0, np.zeros(0)
        self.target = np.zeros((steps, readout.size))
        self.jump = np.zeros((steps, readout.size))
        self.on_spike = np.zeros(len(readout.spikes))


def log_softmax(x):
    x = x - x.max(axis=-1, keepdims=True)
    return x - np.log(np.exp(x).sum(axis=-1, keepdims=True))


def evaluate(case, dt, seen):
    loss, readout, duration = case.loss, case.readout, case.duration
    steps, kind = len(seen), loss["kind"]
    pull = Pull(steps, readout)
    wanted = readout.rows == loss.get("target")
    if kind == "spike_time_mse":
        return spike_times(pull, readout, loss["targets"], dt)
    if kind == "first_spike":
        return first_spikes(pull, readout, loss, dt, duration, wanted)
    if kind == "max_cross_entropy":
        peaks, pull.readout = seen.argmax(axis=0), np.maximum(seen.max(axis=0), 0)
        scale = 1 / duration if SCALE_BY_READOUT else 1
        logs = log_softmax(pull.readout)
        live = readout.rows[pull.readout > 0]
        pull.jump[peaks[live], live] = (-scale * (np.exp(logs) - wanted) / readout.tau_mem)[live]
        pull.value = -logs[wanted][0]
        return pull
    scale = 1 / readout.tau_mem if SCALE_BY_READOUT else 1
    if kind == "average_cross_entropy":
        logs = log_softmax(seen)
        pull.value, pull.readout = -dt / duration * logs[:, wanted].sum(), dt / duration * seen.sum(axis=0)
        pull.target = -scale / duration * (np.exp(logs) - wanted)
        return pull
    weight = WEIGHTS[loss["weighting"]]
    left = np.arange(steps) * dt / duration
    pull.readout = dt / duration * weight(left) @ seen
    logs = log_softmax(pull.readout)
    pull.value = -logs[wanted][0]
    pull.target = np.outer(weight(left + dt / duration), -scale / duration * (np.exp(logs) - wanted))
    return pull


def first_spikes(pull, readout, loss, dt, duration, wanted):
    first = {}
    for k, (_, neuron) in enumerate(readout.spikes):
        first.setdefault(neuron, k)
    times = np.full(readout.size, duration + 1.0)
    for neuron, k in first.items():
        times[neuron] = readout.spikes[k][0] * dt
    logs, own = log_softmax(-times / loss["tau0"]), times[wanted][0]
    if loss["penalty"] == "exponential":
        late = loss["alpha"] * (np.exp(own / loss["tau1"]) - 1)
        slope = loss["alpha"] / loss["tau1"] * np.exp(own / loss["tau1"])
    else:
        late, slope = loss["alpha"] / (1.01 * duration - own), loss["alpha"] / (1.01 * duration - own) ** 2
    slopes = (wanted - np.exp(logs)) / loss["tau0"] + wanted * slope
    for neuron, k in first.items():
        pull.on_spike[k] = slopes[neuron]
    pull.value, pull.readout = late - logs[wanted][0], times
    return pull


def spike_times(pull, readout, targets, dt):
    own = [[k for k, (_, j) in enumerate(readout.spikes) if j == neuron] for neuron in readout.rows]
    for neuron, spikes in enumerate(own):
        if len(spikes) != len(targets[neuron]):
            line = "loss.targets[%d]: %d times for %d spikes: not defined at this dt"
            raise Refused(line % (neuron, len(targets[neuron]), len(spikes)))
        for k, target in zip(spikes, targets[neuron]):
            pull.on_spike[k] = readout.spikes[k][0] * dt - target
    pull.value = 0.5 * (pull.on_spike**2).sum()
    return pull


# -- backward -----------------------------------------------------------------------------------------------------------


def backward(case, pull, steps):
    """Weight and delay gradients of every projection."""
    populations = list(case.populations.values())
    for population in populations:
        # Row n: the adjoints at the start of step n.
        population.l_v, population.l_i = np.zeros((2, steps + 1, population.size))
    left = {population: len(population.spikes) for population in populations}
    for n in reversed(range(steps)):
        for population in populations:
            v, i, target = population.l_v[n + 1], population.l_i[n + 1], 0
            if population is case.readout:
                v, target = v + pull.jump[n], pull.target[n]
            i = target + population.decay_i * (i - target) + population.adjoint_from_v * (v - target)
            v = target + population.decay_v * (v - target)
            last = left[population]
            while left[population] > 0 and population.spikes[left[population] - 1][0] == n:
                left[population] -= 1
            for k in range(left[population], last):
                jump(population, k, v, n, pull.on_spike[k] if population is case.readout else 0)
            population.l_v[n], population.l_i[n] = v, i
    return [gradients(case, projection) for projection in case.projections]


def jump(population, k, v, n, on_spike):
    """What arrives in a later step has had its adjoint by now."""
    neuron = population.spikes[k][1]
    height = population.threshold[neuron] - (population.reset[neuron] if JUMP_HEIGHT_LESS_RESET else 0)
    back = 0.0
    for projection in population.outgoing:
        at, target = arrivals(projection, neuron, n + LATENCY), projection.target
        back += projection.weight[:, neuron] @ (target.l_v[at, target.rows] - target.l_i[at, target.rows])
    v[neuron] += (height * v[neuron] + back + on_spike) / population.slopes[k]


def gradients(case, projection):
    target, weight = projection.target, np.zeros_like(projection.weight)
    delay = np.zeros_like(projection.weight)
    if projection.source is None:
        sent = zip(case.input_steps, case.sources)
    else:
        sent = ((n + LATENCY, neuron) for n, neuron in projection.source.spikes)
    for step, sender in sent:
        at = arrivals(projection, sender, step)
        l_v, l_i = target.l_v[at, target.rows], target.l_i[at, target.rows]
        weight[:, sender] -= target.tau_syn * l_i
        delay[:, sender] += projection.weight[:, sender] * (l_v - l_i)
    return dict(projection.names, weight=weight, delay=delay)


# -- the command --------------------------------------------------------------------------------------------------------


def solve(case, dt):
    steps = math.ceil(case.duration / dt - 1e-9)
    neurons = sum(population.size for population in case.populations.values())
    if case.loss["kind"] == "linear":
        raise Unsupported("a loss that looks at several populations")
    if steps * neurons > MOST_NUMBERS:
        raise Unsupported("%d steps of %d neurons are more than fit into memory" % (steps, neurons))
    discretise(case, dt, steps)
    seen = forward(case, dt, steps)
    result = {"spikes": {}}
    for population in case.populations.values():
        if population.spiking:
            found = np.array(population.spikes, dtype=int).reshape(-1, 2)
            result["spikes"][population.name] = {"times": found[:, 0] * dt, "neurons": found[:, 1]}
    if case.readout is not None:
        pull = evaluate(case, dt, seen)
        result.update(loss=pull.value, readout=pull.readout)
        result["gradients"] = {"projections": backward(case, pull, steps)}
    return result


def solve_batch(raw, batch, dt):
    """Trials in batches; after each batch w <- w - learning_rate * (sum of its trials' gradients)."""
    check_keys(batch, "batch", ("format", "trials", "batch_size", "learning_rate"))
    expect(batch["format"] == "goldspike/batch@1", "batch.format", "goldspike/batch@1")
    expect(isinstance(batch["trials"], list) and len(batch["trials"]) > 0, "batch.trials", "at least one trial")
    size, rate = whole(batch["batch_size"], "batch.batch_size", 1, 2**31), batch["learning_rate"]
    numbers(rate, "batch.learning_rate", ())
    done, sums = [], []
    for first in range(0, len(batch["trials"]), size):
        results = []
        for k, trial in enumerate(batch["trials"][first : first + size], first):
            check_keys(trial, "trials[%d]" % k, ("input", "target"))
            # Everything anew: nothing of a trial is left for the next.
            own = {"input": {**raw["input"], **trial["input"]}, "loss": {**raw["loss"], "target": trial["target"]}}
            results.append(solve(Case({**raw, **own}), dt))
        done += results
        sums.append([add(same) for same in zip(*(result.pop("gradients")["projections"] for result in results))])
        moved = [{**old, "weight": old["weight"] - rate * g["weight"]} for old, g in zip(raw["projections"], sums[-1])]
        raw = {**raw, "projections": moved}
    return {"trials": done, "batches": [{"gradients": {"projections": total}} for total in sums]}


def add(gradients):
    total = dict(gradients[0])
    for key in ("weight", "delay"):
        total[key] = sum(gradient[key] for gradient in gradients)
    return total


def answer(folder, dt):
    """The parts of result.json."""
    raw = load(folder)
    case = Case(raw)
    about = {"case": case.name, "backend": "numpy_backend", "precision": "f64"}
    if not os.path.lexists(os.path.join(folder, "batch.json")):
        return {**about, **solve(case, dt)}
    return {"format": "goldspike/batch_result@1", **about, **solve_batch(raw, load(folder, "batch.json"), dt)}


def solve_folder(case_dir, result_dir, dt):
    try:
        with np.errstate(over="raise", divide="raise", invalid="raise"):
            parts = answer(case_dir, dt)
    except ArithmeticError as error:
        raise Refused("case.json: numbers too large or too small for double precision: %s" % error)
    except (ValueError, TypeError, OSError, RecursionError) as error:
        raise Refused("case.json: %s" % error)
    save_result(result_dir, **parts)


def main():
    parser = argparse.ArgumentParser(description="A time-stepped Eventprop backend.")
    parser.add_argument("--dt", type=float, default=DT, help="ms (default: %(default)s)")
    parser.add_argument("--serve", action="store_true", help="answer requests from stdin, a line of JSON each")
    parser.add_argument("folders", nargs="*", metavar="CASE_DIR RESULT_DIR")
    options = parser.parse_args()
    if not (0 < options.dt < math.inf):
        parser.error("--dt: expected a positive number of ms")
    if len(options.folders) != (0 if options.serve else 2):
        parser.error("expected CASE_DIR and RESULT_DIR, or --serve")
    if options.serve:
        return serve(lambda case_dir, result_dir: solve_folder(case_dir, result_dir, options.dt))
    try:
        solve_folder(*options.folders, options.dt)
    except (Unsupported, Refused) as error:
        print(" ".join(str(error).split()), file=sys.stderr)
        return 77 if isinstance(error, Unsupported) else 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
