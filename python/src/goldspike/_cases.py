"""Cases: of the suite that comes with the package, of folders, of dicts."""
from __future__ import annotations

import copy
import functools
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Union

from ._arrays import decode, frozen
from ._ask import ask_raw
from ._errors import Error

Words = Union[str, Iterable[str]]
"""One word, several with commas between them, or a list."""

CaseLike = Union["Case", Mapping[str, Any], str, "os.PathLike[str]"]
"""A case; a dict as in ``case.json``; ``GROUP/NAME`` of the suite; a folder with ``case.json``."""


class Case(Mapping[str, Any]):
    """A case, as a dict as in ``case.json``: what a backend gets.

    Arrays of numbers are numpy arrays: ``case["input"]["times"]`` float64 ``[spike]`` in ms, ``["sources"]`` int64
    ``[spike]``, ``case["projections"][k]["weight"]`` float64 ``[post, pre]``. What the file leaves out is not there, and what
    it has as one number for all neurons is one number: docs/conformance.md has the table of keys and defaults.

    It cannot be changed, :meth:`copy` can.

    Attributes:
        path: ``GROUP/NAME``.
        group, name: its parts.
        folder: with ``case.json``; None of a case that lies nowhere.
        catches: the bug that it is there to catch.
        features: what it asks of a backend, by name.
    """

    def __init__(
        self,
        path: str,
        which: dict[str, Any],
        *,
        folder: Path | None = None,
        catches: str = "",
        features: tuple[str, ...] = (),
    ) -> None:
        self.path = path
        self.group, _, self.name = path.partition("/")
        self.folder = folder
        self.catches = catches
        self.features = features
        self._which = which
        self._asked: list[dict[str, Any]] | None = None
        self._forked: list[Case] | None = None

    def copy(self) -> dict[str, Any]:
        """A dict of one's own, to be changed: a case of its own, which no golden belongs to, and of a batch the first trial."""
        return copy.deepcopy(dict(self))

    @property
    def batch(self) -> dict[str, Any] | None:
        """Of the group ``batch``: what ``batch.json`` holds, trials with input and target; else None."""
        found: dict[str, Any] | None = self._questions()[0].get("batch.json")
        return found

    @property
    def questions(self) -> list[Case]:
        """What a backend is asked about it: itself, and of the group ``metamorphic`` the related case too."""
        if self._forked is None:
            self._forked = [self]
            for content in self._questions()[1:]:
                related = Case(self.path, {}, catches=self.catches, features=self.features)
                related._asked, related._forked = [content], [related]
                self._forked.append(related)
        return self._forked

    def _questions(self) -> list[dict[str, Any]]:
        if self._asked is None:
            value, files = ask_raw("questions", {"case": self._which})
            if value["damaged"] is not None:
                raise Error(value["damaged"])
            # Of cases that must be refused a number may be NaN, which Python reads.
            texts = [{name: json.loads(text.removeprefix("\ufeff")) for name, text in one.items()} for one in value["questions"]]
            self._asked = [frozen(decode(content, files)) for content in texts]
        return self._asked

    def __getitem__(self, key: str) -> Any:
        return self._questions()[0]["case.json"][key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._questions()[0]["case.json"])

    def __len__(self) -> int:
        return len(self._questions()[0]["case.json"])

    def __repr__(self) -> str:
        return f"<goldspike.Case {self.path}>"

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = object.__hash__


def cases(
    *,
    group: Words | None = None,
    case: Words | None = None,
    needs: Words | None = None,
    without: Words | None = None,
    suite: str | os.PathLike[str] | None = None,
) -> list[Case]:
    """Cases of the suite, in its order; all of them without arguments.

    Args:
        group: of ``smoke``, ``core``, ``ratio``, ``adversarial``, ``scale``, ``batch``, ``metamorphic``.
        case: ``NAME`` or ``GROUP/NAME``; with ``group``, these besides.
        needs: features that every case is to have, as ``goldspike conform list`` shows them in brackets.
        without: features that none is to have.
        suite: a folder of cases ``GROUP/NAME`` in place of the bundled one.

    Raises:
        Error: there is no such group, case or feature, or no case is left.
    """
    own = None if suite is None else str(Path(suite).resolve())
    given = {
        "suite": own,
        "group": words(group, "group"),
        "case": words(case, "case"),
        "needs": words(needs, "needs"),
        "without": words(without, "without"),
    }
    found, _ = ask_raw("cases", {key: value for key, value in given.items() if value is not None})
    return [
        Case(
            one["path"],
            {"path": one["path"], **({} if own is None else {"suite": own})},
            folder=Path(one["folder"]),
            catches=one["catches"],
            features=tuple(one["features"]),
        )
        for one in found
    ]


def words(value: Words | None, name: str) -> list[str] | None:
    """A list of words.

    Raises:
        Error: it is none, or empty.
    """
    if value is None:
        return None
    found = value.split(",") if isinstance(value, str) else list(value) if isinstance(value, Iterable) else []
    if len(found) == 0 or not all(isinstance(word, str) and word for word in found):
        raise Error(f"{name}: expected words, got {value!r}")
    return found


def as_case(case: CaseLike, golden: Mapping[str, Any] | None = None) -> Case:
    """A case by whatever names it.

    Args:
        golden: as ``golden.json`` has it, of a case that is a dict.

    Raises:
        Error: it is no case.
    """
    if golden is not None and (isinstance(case, (Case, str)) or not isinstance(case, Mapping)):
        raise Error("golden: expected none, as the case has its own; to judge by another give the case as a dict")
    if isinstance(case, Case):
        return case
    if isinstance(case, Mapping):
        if case.get("format") == "goldspike/batch@1":
            raise Error("case: expected GROUP/NAME or a folder with case.json and batch.json for a batch, got the dict of batch.json")
        which = {"json": dict(case), **({} if golden is None else {"golden": golden})}
        own = Case(f"core/{case.get('name', '')}", which)
        own._asked = [{"case.json": dict(case)}]
        return own
    if not isinstance(case, (str, os.PathLike)):
        raise Error(f"case: expected a Case, a dict, GROUP/NAME or a folder, got {type(case).__name__}")
    path = Path(case)
    if path.name == "case.json" and path.is_file():
        path = path.parent
    if isinstance(case, os.PathLike) or path.exists():
        folder = path.resolve()
        return Case(f"{folder.parent.name}/{folder.name}", {"folder": str(folder)}, folder=folder)
    return _bundled(case)


@functools.lru_cache(maxsize=512)
def _bundled(path: str) -> Case:
    """What the suite that comes with the package has stays as it is."""
    return Case(path, {"path": path})


def which_case(case: Case) -> dict[str, Any]:
    """How requests name it; a related case goes as it is."""
    return case._which or {"json": dict(case)}
