#!/usr/bin/env python3
"""A backend for goldspike's conformance kit: fill in forward and backward. The rest reads, checks and writes.

    python3 backend.py CASE_DIR RESULT_DIR    one case; exit codes: 0 solved, 77 not supported, 2 refused
    python3 backend.py --serve                requests, of goldspike conform run --worker -- python3 backend.py --serve
"""
import os
import sys

import numpy as np
from case import Case
from goldspike import Refused, Unsupported, load, save_result, serve

BACKEND, PRECISION = "mine 0.1", "f64"  # the precision of your numbers: f64 or f32


def forward(case):
    """(spikes, kept) of one trial. Spikes are {name of a spiking population: (times in ms, ascending; neurons)}, silent ones too.

    tau_mem dV/dt = -V + I + bias     tau_syn dI/dt = -I     V reaches threshold: spike, V <- reset     arrival: I <- I + w

    case.duration           ms; what happens then or later does not count
    case.times, .sources    input spikes: ms, ascending; channels
    case.populations        by name; .size, .spiking, and an array of .size each: .tau_mem, .tau_syn, .threshold, .reset,
                            .bias, .v0, .i0
    case.projections        .source (a population; None is the input), .target, .weight and .delay [post][pre]
    case.loss, .readout     a dict as in the file, and the population that it looks at

    What else you return, such as states or what was traced, comes back to you in backward.
    """
    raise Unsupported("forward is not written yet")


def backward(case, spikes, kept):
    """The loss; what it looks at (S, M or first spikes; None for losses without); and gradients.

    Gradients are a dict as in result.json. "projections" has an entry each, in the case's order: {"weight": [post][pre]},
    and "delay" if you have it. Others that you have may stand beside it: "populations": {name: {"tau_mem": [size], …}},
    "input_times": [input spike], "spike_times": {name: [spike]}. What you do not have, leave out.
    """
    raise Unsupported("backward is not written yet")


def solve(case_dir, result_dir):
    if os.path.lexists(os.path.join(case_dir, "batch.json")):
        raise Unsupported("batches")
    try:
        case = Case(load(case_dir))
    except (ValueError, TypeError, OSError) as error:
        raise Refused("case.json: %s" % error)
    spikes, kept = forward(case)
    result = {
        "spikes": {name: {"times": times, "neurons": neurons} for name, (times, neurons) in spikes.items()},
    }
    if case.loss["kind"] != "none":
        loss, readout, gradients = backward(case, spikes, kept)
        own = [dict(p.names, **entry) for p, entry in zip(case.projections, gradients["projections"])]
        result.update(loss=float(loss), gradients=dict(gradients, projections=own))
        if readout is not None:
            result["readout"] = np.asarray(readout, float)
    save_result(result_dir, case=case.name, backend=BACKEND, precision=PRECISION, **result)


def main():
    if sys.argv[1:] == ["--serve"]:
        return serve(solve)
    if len(sys.argv) != 3:
        print("expected CASE_DIR RESULT_DIR, or --serve", file=sys.stderr)
        return 2
    try:
        solve(*sys.argv[1:])
    except (Unsupported, Refused) as error:
        print(" ".join(str(error).split()), file=sys.stderr)
        return 77 if isinstance(error, Unsupported) else 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
