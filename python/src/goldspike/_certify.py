"""What a correct implementation must find for a case of one's own."""
from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from typing import Any

from ._arrays import Encoded, decode
from ._ask import ask_raw
from ._cases import Case, as_case
from ._errors import Error


def certify(
    case: Mapping[str, Any] | str | os.PathLike[str],
    *,
    catches: str | None = None,
    at: Iterable[float] | None = None,
    jobs: int | None = None,
) -> dict[str, Any]:
    """The golden of a case, from arithmetic of fifty digits, confirmed by central differences.

    A network of ten neurons takes a second, 128 neurons with 8000 spikes some minutes.

    Args:
        case: a dict as in ``case.json``, or a folder with ``case.json`` and, of a batch, ``batch.json``: ``golden.json`` is
            written beside them.
        catches: the bug that the case is there to catch.
        at: times of states and adjoints, ms; five of the program's choice if absent.
        jobs: threads; values do not depend on them.

    Returns:
        A dict as in ``golden.json``, for ``judge(case, result, golden=…)``.

    Raises:
        Error: the case is none, or cannot be certified.
    """
    own = as_case(case)
    if "path" in own._which or (isinstance(case, Case) and not own._which):
        raise Error(f"case: expected a dict or a folder of your own, got {own.path} of a suite, which is certified")
    options: dict[str, Any] = {
        "catches": catches,
        "at": None if at is None else Encoded(sorted({float(time) for time in at})),
        "jobs": jobs,
    }
    given = {"case": own._which, **{key: value for key, value in options.items() if value is not None}}
    value, files = ask_raw("certify", given)
    golden: dict[str, Any] = decode(json.loads(value["golden.json"]), files)
    return golden
