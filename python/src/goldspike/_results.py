"""Results as backends return them, in the form of ``result.json``: forgiving in form, without a guess."""
from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ._arrays import as_array, is_array
from ._cases import Case
from ._errors import Error

BACKEND = "a Python function"
"""Who has computed a result that does not say so."""


def as_result(result: Any, case: Case) -> Any:
    """The result with what it has left out and needs not say.

    Names of format, case and backend are added; ``precision`` is that of the arrays: f32 if one of them has no more. Of
    gradients the ends of projections are taken from the case, and names such as ``projections[0].weight`` may be keys.

    Raises:
        Error: gradients that name a tensor twice.
    """
    if not isinstance(result, Mapping):
        return result
    own = {key: value for key, value in result.items() if value is not None}
    form = "goldspike/batch_result@1" if "trials" in own else "goldspike/result@1"
    precision = "f32" if any(map(_is_single, _leaves(own))) else "f64"
    whole = {"format": form, "case": case.get("name", ""), "backend": BACKEND, "precision": precision, **own}
    if isinstance(whole.get("gradients"), Mapping):
        whole["gradients"] = _gradients(whole["gradients"], case, "result.gradients")
    if isinstance(whole.get("batches"), (list, tuple)):
        whole["batches"] = [
            {**one, "gradients": _gradients(one["gradients"], case, f"result.batches[{k}].gradients")}
            if isinstance(one, Mapping) and isinstance(one.get("gradients"), Mapping)
            else one
            for k, one in enumerate(whole["batches"])
        ]
    if isinstance(whole.get("spikes"), Mapping):
        whole["spikes"] = {key: _told(value) for key, value in whole["spikes"].items()}
    if "loss" in whole:
        whole["loss"] = _told(whole["loss"])
    return whole


def _told(value: Any) -> Any:
    """Words for an array where there should be none, which would be sent as a reference."""
    if is_array(value):
        numbers = as_array(value, "result")
        return numbers.item() if numbers.ndim == 0 else f"an array of shape {numbers.shape}"
    return f"a list of {len(value)}" if isinstance(value, (list, tuple)) else value


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        for part in value.values():
            yield from _leaves(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from _leaves(part)
    else:
        yield value


def _is_single(value: Any) -> bool:
    """By the name of its dtype, which torch has too."""
    return bool(re.search(r"(^|\.)b?float(16|32)$", str(getattr(value, "dtype", ""))))


_TENSOR = re.compile(r"projections\[(\d+)\]\.(\w+)|populations\.(.+)\.(\w+)|spike_times\.(.+)", re.DOTALL)


def _gradients(given: Mapping[str, Any], case: Case, path: str) -> dict[str, Any]:
    whole: dict[str, Any] = {}
    named = {key: value for key, value in given.items() if isinstance(key, str) and _TENSOR.fullmatch(key)}
    for key, value in given.items():
        if value is not None and key not in named:
            whole[key] = value
    ends = [{name: one[name] for name in ("from", "to") if name in one} for one in case.get("projections", [])]
    if isinstance(whole.get("projections"), (list, tuple)):
        whole["projections"] = [_without_none(_told(one)) for one in whole["projections"]]
    elif "projections" in whole:
        whole["projections"] = _told(whole["projections"])
    for name in ("populations", "spike_times"):
        if isinstance(whole.get(name), Mapping):
            whole[name] = {key: _without_none(value) for key, value in whole[name].items() if value is not None}
    for key, value in named.items():
        _add(whole, key, value, len(ends), f"{path}: {key}")
    listed = whole.get("projections")
    if isinstance(listed, list):
        whole["projections"] = [
            {**ends[k], **one} if k < len(ends) and isinstance(one, Mapping) else one for k, one in enumerate(listed)
        ]
    return whole


def _without_none(value: Any) -> Any:
    if value is None:
        return {}
    return {key: part for key, part in value.items() if part is not None} if isinstance(value, Mapping) else value


def _add(whole: dict[str, Any], key: str, value: Any, projections: int, path: str) -> None:
    """A tensor by its name."""
    if value is None:
        return
    match = _TENSOR.fullmatch(key)
    assert match
    number, synapses, population, parameter, spiking = match.groups()
    if number is not None:
        if int(number) >= projections:
            raise Error(f"{path}: expected one of the case's {projections} projections")
        listed = whole.setdefault("projections", [{} for _ in range(projections)])
        place = listed[int(number)] if isinstance(listed, list) and len(listed) > int(number) else None
        name = synapses
    elif population is not None:
        place, name = whole.setdefault("populations", {}).setdefault(population, {}), parameter
    else:
        place, name = whole.setdefault("spike_times", {}), spiking
    if not isinstance(place, dict) or name in place:
        raise Error(f"{path}: is there twice, by its name and in its place")
    place[name] = value
