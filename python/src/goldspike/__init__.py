"""Exact gradients of spiking neural networks by Eventprop, and a conformance kit for other implementations.

The same program as the command ``goldspike``, which comes with this package, asked by one process that lives as long as
this one. Cases, results and goldens are dicts as in ``case.json``, ``result.json`` and ``golden.json``, with numpy arrays
for arrays of numbers. Times are in ms, weights are ``[post, pre]``; a voltage's unit is that of the thresholds.

    >>> import goldspike
    >>> result = goldspike.solve("smoke/recurrence")
    >>> goldspike.judge("smoke/recurrence", result, cls="T0").ok
    True

What is wrong with what was given raises :class:`Error`, with one line that says what and where.
"""
from ._cases import Case, cases
from ._certify import certify
from ._conformance import conformance
from ._errors import Error, Refused, Unsupported
from ._judge import Part, Verdict, judge
from ._run import Report, run
from ._solve import gradient, solve
from ._version import __version__

# What readers/goldspike.py has, for backends that are commands: the module of that name, copied beside them, is the same.
from ._reader import load, save_result, serve

__all__ = [
    "Case",
    "Error",
    "Part",
    "Refused",
    "Report",
    "Unsupported",
    "Verdict",
    "__version__",
    "cases",
    "certify",
    "conformance",
    "gradient",
    "judge",
    "load",
    "run",
    "save_result",
    "serve",
    "solve",
]
