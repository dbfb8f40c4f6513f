"""Solutions by goldspike's own engine."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ._ask import ask
from ._cases import CaseLike, as_case, which_case
from ._errors import Error


def solve(case: CaseLike, *, precision: str = "f64", max_events: int | None = None) -> dict[str, Any]:
    """Spikes, loss and the gradient of the loss with respect to everything, exact in continuous time.

    Args:
        case: a :class:`Case`, a dict as in ``case.json``, ``GROUP/NAME`` of the suite, or a folder. A case of the group
            ``batch`` gives the result of the batch.
        precision: of states, weights and gradients, ``f64`` or ``f32``; times are f64 in either.
        max_events: spikes and delayed arrivals before it gives up; 2**20 if absent.

    Returns:
        A dict as in ``result.json``. ``spikes[population]``: ``times`` float64 ``[spike]`` in ms, ascending, and
        ``neurons`` int64 ``[spike]``. ``loss``: a float. ``readout``: ``[neuron]``. ``gradients``: ``projections[k]`` with
        ``weight`` and ``delay`` ``[post, pre]``, ``populations[name]`` with ``tau_mem``, ``tau_syn``, ``threshold``,
        ``reset``, ``bias``, ``v0``, ``i0`` ``[neuron]``, ``input_times`` ``[input spike]``, ``spike_times[population]``
        ``[spike]``. Without a loss there are spikes alone.

    Raises:
        Refused: the case is none.
        Error: too many events, or a loss that is not defined for the spikes.
    """
    given = {"case": which_case(as_case(case)), "precision": precision}
    result: dict[str, Any] = ask("solve", given if max_events is None else {**given, "max_events": max_events})
    return result


def gradient(
    network: Mapping[str, Any],
    input: Mapping[str, Any],
    duration: float,
    loss: Mapping[str, Any],
    *,
    precision: str = "f64",
    max_events: int | None = None,
) -> dict[str, Any]:
    """Spikes, loss and gradients of one trial, as :func:`solve` returns them.

    Args:
        network: ``populations`` and ``projections`` as in ``case.json``, other keys are not looked at: a list of dicts with
            ``name``, ``size``, ``model`` (``lif`` or ``li``), ``tau_mem`` and ``tau_syn`` in ms, a number or ``[neuron]``, …;
            and one with ``from``, ``to``, ``weight`` ``[post, pre]`` and ``delay`` in ms, a number or ``[post, pre]``.
        input: ``channels``, ``times`` ``[spike]`` in ms, ascending, in ``[0, duration)``, and ``sources`` ``[spike]``.
        duration: of the trial, ms.
        loss: as in ``case.json``: ``kind`` and what goes with it.
        precision, max_events: as of :func:`solve`.

    Raises:
        Refused: network, input or loss are none.
        Error: too many events, or a loss that is not defined for the spikes.
    """
    for name, value in {"network": network, "input": input, "loss": loss}.items():
        if not isinstance(value, Mapping):
            raise Error(f"{name}: expected a dict as in case.json, got {type(value).__name__}")
    own = {key: network[key] for key in ("populations", "projections") if key in network}
    case = {"format": "goldspike/case@1", "name": "trial", "time_unit": "ms", "duration": duration, "input": input}
    return solve({**case, **own, "loss": loss}, precision=precision, max_events=max_events)
