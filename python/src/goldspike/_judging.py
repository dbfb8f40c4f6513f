"""How results are to be judged: what judge, run and the tests have in common."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

from ._ask import ask_raw
from ._cases import Case, Words, which_case, words
from ._errors import Error


class JudgingOptions(TypedDict, total=False):
    """Keyword arguments of whatever judges.

    ``cls``: the class, ``T0`` to ``T5``: event-driven in f64 ``T2``, with f32 ``T3``, time-stepped ``T4`` or ``T5``.
    ``dt``: of T4 and T5, the step in ms. ``convention``: whose steps, ``genn_eventprop``, ``mlgenn-2``, ``mlgenn-3`` or
    ``euler``. ``switches``: habits that are others, ``{"zero_out": False}``. ``precision``: of T4 and T5, ``f64`` or ``f32``;
    the result's own if absent. ``tensors``: only gradients with one of these words in their names, which must be there.
    ``require``: gradients that must be there besides whatever is. ``rtol``: of T1 to T3, a relative error that is granted.
    """

    cls: str
    dt: float
    convention: str
    switches: Mapping[str, str | bool]
    precision: str | None
    tensors: Words | None
    require: Words | None
    rtol: float | None


@dataclass(frozen=True)
class Judging:
    """As requests have it."""

    given: dict[str, Any]

    @property
    def on_grid(self) -> bool:
        """Whether the class is one of time steps."""
        return self.given["class"] in ("T4", "T5")


def judging_of(options: JudgingOptions) -> Judging:
    """As given. Raises: Error: words that are none."""
    given: dict[str, Any] = {
        "class": options.get("cls", "T2"),
        "tensors": words(options.get("tensors"), "tensors"),
        "require": words(options.get("require"), "require"),
        **{name: options.get(name) for name in ("dt", "convention", "switches", "precision", "rtol")},
    }
    unknown = [name for name in options if name not in JudgingOptions.__annotations__]
    if unknown:
        raise Error(f"{unknown[0]}: expected one of {', '.join(JudgingOptions.__annotations__)}")
    return Judging({name: value for name, value in given.items() if value is not None})


def checked(options: JudgingOptions, of_cases: Sequence[Case]) -> Judging:
    """For results of these cases.

    Raises:
        Error: an unknown class, convention, switch or word, or options that do not go together.
    """
    judging = judging_of(options)
    ask_raw("check", {"cases": [which_case(case) for case in of_cases], "judging": judging.given})
    return judging
