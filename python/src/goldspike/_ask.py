"""A request to the program: arrays in, arrays out."""
from __future__ import annotations

from typing import Any

from ._arrays import decode, encode
from ._errors import Error
from ._worker import worker


def ask(op: str, given: dict[str, Any], files: dict[str, str] | None = None) -> Any:
    """The answer, with numpy arrays.

    Args:
        files: arrays in base64 that encoded parts of ``given`` refer to.

    Raises:
        Error: as the worker, or something in ``given`` that cannot be sent.
    """
    return decode(*ask_raw(op, given, files))


def ask_raw(op: str, given: dict[str, Any], files: dict[str, str] | None = None) -> tuple[Any, dict[str, str]]:
    """The answer as it came, and its arrays in base64 by name."""
    files = {} if files is None else files
    try:
        tree = encode(given, "", files)
    except Error as error:
        # Who gave a dict knows of no file.
        raise Error(str(error).replace("case.json", "case", 1)) from None
    return worker.ask(op, tree, files)
