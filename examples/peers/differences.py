#!/usr/bin/env python3
"""Whose mistake is it? A gradient that an adapter delivers, beside differences of the same system's own losses.

    venv/bin/python differences.py eventax_backend ../../suite/smoke/first-spikes [weight|delay|input_times] [entries]

For the entries that are farthest from the certified ones it prints the system's own gradient, central differences of its own
forward pass (two steps, so that one sees whether they have settled), and the certified value. Where differences and certified
value agree and the gradient does not, the forward pass is right and the backward pass is not.
"""
import copy
import importlib
import os
import sys

import numpy as np
from peer import Case, answer, load


def tensors(case, kind):
    """Name, array that is moved, and how to find the gradient in a result."""
    if kind == "input_times":
        yield kind, lambda c: c.times, lambda g: g["input_times"]
        return
    for k in range(len(case.projections)):
        def array(c, k=k):
            own = c.projections[k]
            setattr(own, kind, np.array(getattr(own, kind)))
            return getattr(own, kind)
        yield "projections[%d].%s" % (k, kind), array, lambda g, k=k: g["projections"][k].get(kind)


def main(adapter, folder, kind="weight", entries="3"):
    forward = importlib.import_module(adapter).forward
    case = Case(load(folder))
    certified, own = load(folder, "golden.json")["gradients"], answer(case, forward)["gradients"]
    print("%-28s %-12s %16s %16s %16s %16s" % ("tensor", "entry", "its gradient", "step 1e-4", "step 1e-6", "certified"))
    for name, array, gradient in tensors(case, kind):
        found, right = gradient(own), gradient(certified)
        if found is None:
            continue
        found, right = np.asarray(found, float), np.asarray(right, float)
        worst = np.argsort(-np.abs(found - right).ravel(), kind="stable")[: int(entries)]
        for flat in worst:
            at = np.unravel_index(flat, right.shape)
            steps = [difference(case, forward, array, at, step) for step in (1e-4, 1e-6)]
            row = [found[at], *steps, right[at]]
            print("%-28s %-12s" % (name, list(map(int, at))) + " ".join("%16.9g" % x for x in row))


def difference(case, forward, array, at, step):
    losses = []
    for sign in (1, -1):
        moved = copy.deepcopy(case)
        array(moved)[at] += sign * step
        losses.append(answer(moved, forward)["loss"])
    return (losses[0] - losses[1]) / (2 * step)


if __name__ == "__main__":
    if len(sys.argv) < 3 or not os.path.isdir(sys.argv[2]):
        sys.exit(__doc__)
    main(*sys.argv[1:])
