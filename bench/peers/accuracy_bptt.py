"""The training of bench/accuracy_for_time.mjs by backpropagation through time: the network of pytorch_bptt.py, its variant
"manual".

    VENV/bin/python accuracy_bptt.py TRAIN.npz TEST.npz '{"seed": 1, "epochs": 20, "batch": 32, "lr": 0.003, ...}'

One line of JSON an epoch: CPU and wall time of the training steps so far, what the inputs' binning takes included,
compilation and evaluation left out; loss, accuracy on both parts.
"""

import json
import sys
import time

import numpy as np
import torch
from torch.nn.functional import cross_entropy

import task
from bptt import Network


class Clock:
    """Adds up what stands between `start` and `stop`."""

    def __init__(self):
        self.cpu = self.wall = 0.0

    def start(self):
        self.began = time.process_time(), time.perf_counter()

    def stop(self):
        self.cpu += time.process_time() - self.began[0]
        self.wall += time.perf_counter() - self.began[1]


def batches(order, size):
    return [order[k : k + size] for k in range(0, len(order), size)]


def accuracy(network, data, size):
    right = 0
    with torch.no_grad():
        for trials in batches(np.arange(data.trials), size):
            logits, _ = network(network.inputs(trials, data))
            right += int((logits.argmax(1).numpy() == data.labels[trials]).sum())
    return right / data.trials


def main(train_path, test_path, settings):
    options = json.loads(settings)
    torch.set_num_threads(1)
    train, test = task.Task(train_path, options["dt"]), task.Task(test_path, options["dt"])
    network = Network(train, "manual", options["weighting"], options["sharpness"])
    rates = {network.w_in: 1, network.w_rec: 1, network.w_out: options["readout_factor"]}
    groups = [{"params": [w], "lr": options["lr"] * factor} for w, factor in rates.items()]
    optimizer = torch.optim.Adam(groups, fused=True)
    schedule = torch.optim.lr_scheduler.ExponentialLR(optimizer, options["decay"])
    size, random = options["batch"], np.random.default_rng(options["seed"])

    def gradients(trials):
        optimizer.zero_grad(set_to_none=True)
        logits, spikes = network(network.inputs(trials))
        loss = cross_entropy(logits, torch.from_numpy(train.labels[trials]))
        loss.backward()
        return float(loss.detach()) * len(trials), float(spikes)

    for trials in batches(np.arange(train.trials), size)[-2:]:  # Both shapes that come are compiled.
        gradients(trials)
    clock = Clock()
    task.say(epoch=0, cpu=0, wall=0, accuracy=accuracy(network, test, size))
    for epoch in range(1, options["epochs"] + 1):
        clock.start()
        totals = np.zeros(2)
        for trials in batches(random.permutation(train.trials), size):
            totals += gradients(trials)
            optimizer.step()
        schedule.step()
        clock.stop()
        loss, spikes = totals / train.trials
        held_out = accuracy(network, test, size)
        task.say(epoch=epoch, cpu=clock.cpu, wall=clock.wall, loss=loss, hidden_spikes=spikes, accuracy=held_out)


if __name__ == "__main__":
    main(*sys.argv[1:])
