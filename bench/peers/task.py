"""What every program of this folder shares: the task, spikes in bins of a time step, and the loop that is timed.

    VENV/bin/python PROGRAM.py TASK.npz --dt 1 [--variant NAME] [--lr 1e-9] [--idle]

TASK.npz is written by `node bench/peers.mjs`. The program says `{"ready": true}`, then does N training steps for each line
`N` of its standard input and answers with one line of JSON, until the input ends. With --idle it says that it is ready as
soon as everything is imported and allocates nothing: what the runtime alone takes.
"""

import argparse
import importlib
import json
import sys
import time

import numpy as np


class Task:
    """The arrays of TASK.npz, and the constants of a neuron that is stepped exactly between arrivals.

    tau_mem dV/dt = -V + I, tau_syn dI/dt = -I; times in ms. A step adds what arrives to I, then V <- alpha V + gain I and
    I <- beta I: the solution at the end of the step. Spikes of a step arrive in the next one.
    """

    def __init__(self, path, dt):
        with np.load(path) as file:
            values = {name: file[name] for name in file.files}
        self.dt = dt
        self.times = values["times"]
        self.sources = values["sources"].astype(np.int64)
        self.offsets = values["offsets"].astype(np.int64)
        self.labels = values["labels"].astype(np.int64)
        self.duration = float(values["duration"])
        self.tau_mem, self.tau_syn = float(values["tau_mem"]), float(values["tau_syn"])
        self.w_in, self.w_rec, self.w_out = (values[name].astype(np.float32) for name in ("w_in", "w_rec", "w_out"))
        self.hidden, self.channels = self.w_in.shape
        self.classes = len(self.w_out)
        self.steps = round(self.duration / dt)
        self.trials = len(self.labels)
        self.alpha, self.beta = np.exp(-dt / self.tau_mem), np.exp(-dt / self.tau_syn)
        self.gain = (self.alpha - self.beta) * self.tau_syn / (self.tau_mem - self.tau_syn)

    @property
    def area_scale(self):
        """What weights are multiplied by for V <- alpha V + I, so that an arrival has the area that it has in the equations."""
        return (1 - self.alpha) * (1 - self.beta) * self.tau_syn / self.dt

    def cells(self, trials):
        """Step, place in the batch and channel of every input spike of these trials, three vectors."""
        counts = self.offsets[trials + 1] - self.offsets[trials]
        spikes = np.concatenate([np.arange(self.offsets[k], self.offsets[k + 1]) for k in trials])
        steps = np.minimum((self.times[spikes] / self.dt).astype(np.int64), self.steps - 1)
        return steps, np.repeat(np.arange(len(trials)), counts), self.sources[spikes]

    def binned(self, trials=None):
        """Spike counts, float32 of shape [steps][batch][channels]."""
        trials = np.arange(self.trials) if trials is None else trials
        bins = np.zeros((self.steps, len(trials), self.channels), np.float32)
        np.add.at(bins, self.cells(trials), 1)
        return bins

    def readout_kernel(self, weighting="uniform"):
        """Weighted mean of a readout's voltage after one spike of step k, shape [steps]; the readout is linear.

        uniform: omega = 1; exponential: omega = exp(-t / duration).
        """
        course, v, i = np.zeros(self.steps + 1), 0.0, 1.0
        for k in range(self.steps):
            v = self.alpha * v + self.gain * i
            i = self.beta * i
            course[k + 1] = v
        ends = np.arange(1, self.steps + 1) * self.dt
        omega = np.exp(-ends / self.duration) if weighting == "exponential" else np.ones(self.steps)
        # A spike of step k is at the readout from step k + 1 on.
        return np.array([omega[k:] @ course[: self.steps - k] for k in range(self.steps)], np.float32) / self.steps


def arguments(variants=("plain",), needs=("torch",)):
    """The command line's. `needs`: what an idle process imports."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("task")
    parser.add_argument("--dt", type=float, default=1.0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--variant", choices=variants, default=variants[0])
    parser.add_argument("--lr", type=float, default=1e-9, help="so small that activity stays as it is")
    parser.add_argument("--idle", action="store_true")
    chosen = parser.parse_args()
    if chosen.idle:
        for name in needs:
            importlib.import_module(name)
        say(ready=True)
        sys.stdin.read()
        sys.exit()
    return chosen


def say(**fields):
    print(json.dumps(fields), flush=True)


def serve(step):
    """Answers lines of N with the cost of N calls of `step`, which returns loss and hidden spikes of the batch."""
    for _ in range(2):  # Compiles, and fills the allocator's pools.
        step()
    say(ready=True)
    for line in sys.stdin:
        wall, cpu = time.perf_counter(), time.process_time()
        for _ in range(int(line)):
            loss, spikes = step()
        loss, spikes = float(loss), float(spikes)
        say(wall=time.perf_counter() - wall, cpu=time.process_time() - cpu, loss=loss, spikes=spikes)
