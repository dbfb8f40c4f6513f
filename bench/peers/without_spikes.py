"""What networks without spikes make of recordings in the layout of SHD: the scale for accuracies of spiking ones.

    VENV/bin/python without_spikes.py TRAIN.h5.gz VALIDATION.h5.gz [--seeds 1 2 3] [--threads 2] -o RESULTS.json

`linear` sees how often each of 700 channels spiked, the time left out; `gru` and `convolution` see counts in bins of 10 ms
of 70 groups of ten channels, as log(1 + n). All are trained by Adam with a rate that rises over a tenth of the steps and
falls to nothing. Scores are those after the last epoch.
"""

import argparse
import gzip
import io
import json
import sys
import time

import h5py
import numpy as np
import torch

CHANNELS, DURATION, BIN = 700, 1.0, 0.01  # s


def recordings(path):
    """Counts of each recording, [bins][channels], and the labels."""
    opened = gzip.open(path) if path.endswith(".gz") else open(path, "rb")
    with opened as packed, h5py.File(io.BytesIO(packed.read()), "r") as file:
        labels = np.array(file["labels"]).astype(np.int64)
        bins = round(DURATION / BIN)
        counts = np.zeros((len(labels), bins, CHANNELS // 10), np.float32)
        totals = np.zeros((len(labels), CHANNELS), np.float32)
        for k, (times, units) in enumerate(zip(file["spikes/times"], file["spikes/units"])):
            at = (times.astype(np.float64) / BIN).astype(np.int64)
            inside = at < bins
            np.add.at(counts[k], (at[inside], units[inside].astype(np.int64) // 10), 1)
            np.add.at(totals[k], units[inside].astype(np.int64), 1)
    return {"time": torch.from_numpy(np.log1p(counts)), "total": torch.from_numpy(totals)}, torch.from_numpy(labels)


class Linear(torch.nn.Module):
    inputs, rate, epochs = "total", 1e-3, 30

    def __init__(self, classes):
        super().__init__()
        self.readout = torch.nn.Linear(CHANNELS, classes)

    def forward(self, counts):
        return self.readout(counts)


class Gru(torch.nn.Module):
    inputs, rate, epochs = "time", 3e-3, 15

    def __init__(self, classes):
        super().__init__()
        self.gru = torch.nn.GRU(CHANNELS // 10, 128, batch_first=True)
        self.readout = torch.nn.Linear(128, classes)

    def forward(self, counts):
        return self.readout(self.gru(counts)[0].mean(1))


class Convolution(torch.nn.Module):
    """Three layers over 50 ms each, at 10, 20 and 40 ms a step."""

    inputs, rate, epochs = "time", 2e-3, 15

    def __init__(self, classes):
        super().__init__()
        widths = [CHANNELS // 10, 128, 128, 256]
        layers = []
        for before, after in zip(widths, widths[1:]):
            layers += [torch.nn.Conv1d(before, after, 5, padding=2, bias=False), torch.nn.BatchNorm1d(after)]
            layers += [torch.nn.ReLU(), torch.nn.MaxPool1d(2)]
        self.features = torch.nn.Sequential(*layers, torch.nn.Dropout(0.3))
        self.readout = torch.nn.Linear(widths[-1], classes)

    def forward(self, counts):
        return self.readout(self.features(counts.transpose(1, 2)).mean(2))


NETWORKS = {"linear": Linear, "gru": Gru, "convolution": Convolution}


def run(name, seed, train, validation, batch=32):
    torch.manual_seed(seed)
    (inputs, labels), (seen, expected) = train, validation
    classes = int(max(labels.max(), expected.max())) + 1
    network = NETWORKS[name](classes)
    inputs, seen = inputs[network.inputs], seen[network.inputs]
    steps = network.epochs * (len(labels) // batch)
    adam = torch.optim.Adam(network.parameters(), lr=network.rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(adam, network.rate, total_steps=steps, pct_start=0.1)
    start = time.perf_counter()
    for epoch in range(network.epochs):
        order = torch.randperm(len(labels))[: len(labels) // batch * batch]
        right = 0
        for chosen in order.split(batch):
            logits = network(inputs[chosen])
            adam.zero_grad()
            torch.nn.functional.cross_entropy(logits, labels[chosen]).backward()
            adam.step()
            schedule.step()
            right += int((logits.argmax(1) == labels[chosen]).sum())
        print(f"{name} seed={seed} epoch={epoch + 1} train_accuracy={right / len(order):.4f}", file=sys.stderr)
    network.eval()
    with torch.no_grad():
        told = torch.cat([network(part).argmax(1) for part in seen.split(256)])
    recalls = [float((told[expected == k] == k).float().mean()) for k in range(classes) if (expected == k).any()]
    return {
        "network": name,
        "seed": seed,
        "parameters": sum(p.numel() for p in network.parameters()),
        "epochs": network.epochs,
        "train_accuracy": right / len(order),
        "trials": len(expected),
        "validation_accuracy": float((told == expected).float().mean()),
        "mean_recall": sum(recalls) / len(recalls),
        "seconds": round(time.perf_counter() - start, 1),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("train")
    parser.add_argument("validation")
    parser.add_argument("--networks", nargs="+", default=list(NETWORKS), choices=list(NETWORKS))
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("-o", "--output", required=True)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    train, validation = recordings(given.train), recordings(given.validation)
    runs = [run(name, seed, train, validation) for name in given.networks for seed in given.seeds]
    settings = {"torch": torch.__version__, "threads": given.threads, "bin_ms": 1000 * BIN}
    with open(given.output, "w") as file:
        json.dump({**settings, "runs": runs}, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
