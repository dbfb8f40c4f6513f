"""A backend that is a function of this process, over cases."""
from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import _reader
from ._arrays import Encoded
from ._ask import ask_raw
from ._cases import Case, CaseLike, as_case, cases as all_cases, which_case
from ._errors import Error
from ._judge import Answer, Verdict, verdict_of, verdict_on
from ._judging import Judging, JudgingOptions, checked

if TYPE_CHECKING:
    from typing_extensions import Unpack

Backend = Callable[[Case], Any]
"""From a case to a result; :class:`Unsupported` and :class:`Refused` are answers too."""


class Report:
    """The verdicts of a run, in the order of its cases."""

    def __init__(self, name: str, cases: Sequence[Case], verdicts: Sequence[Verdict], judging: Judging) -> None:
        self._name, self._cases, self._judging = name, list(cases), judging
        whole = self._ask(verdicts, [])
        self.verdicts: list[Verdict] = [verdict_of(sent) for sent in whole["verdicts"]]
        self.counts: dict[str, int] = {
            status: number for status, number in whole["summary"].items() if isinstance(number, int) and status in _STATUSES
        }
        """How many verdicts of each status."""
        self.unjudged: dict[str, int] = whole["summary"]["unjudged_tensors"]
        """Gradients that were not delivered, and that nobody has asked for, by kind."""
        self.failure: str | None = whole["failure"]
        """Why the run is no success: a case fails, or none was computed and passed. None if it is one."""

    @property
    def failures(self) -> list[Verdict]:
        """Verdicts ``fail`` and ``error``."""
        return [verdict for verdict in self.verdicts if verdict.status in ("fail", "error")]

    @property
    def ok(self) -> bool:
        """No case fails, and one at least passes."""
        return self.failure is None

    def __bool__(self) -> bool:
        return self.ok

    def __str__(self) -> str:
        counts = " ".join(f"{status}={number}" for status, number in self.counts.items())
        reason = [self.failure] if self.failure is not None and not self.failures else []
        return "\n".join([*map(str, self.failures), *reason, counts])

    def html(self, path: str | os.PathLike[str]) -> None:
        """Writes the kit's page: cases by kinds of parts, and what is wrong.

        Raises:
            Error: it cannot be written.
        """
        self._write(path, "html")

    def junit(self, path: str | os.PathLike[str]) -> None:
        """Writes the verdicts as JUnit XML.

        Raises:
            Error: it cannot be written.
        """
        self._write(path, "junit")

    def _write(self, path: str | os.PathLike[str], form: str) -> None:
        text = self._ask(self.verdicts, [form])[form]
        try:
            Path(path).write_text(text, encoding="utf-8")
        except OSError as error:
            raise Error(f"{path}: cannot be written: {error.strerror or error}") from None

    def _ask(self, verdicts: Sequence[Verdict], forms: list[str]) -> Any:
        given = {
            "cases": [which_case(case) for case in self._cases],
            "verdicts": Encoded([verdict._sent for verdict in verdicts]),
            "judging": self._judging.given,
            "name": self._name,
            "forms": forms,
        }
        return ask_raw("report", given)[0]


_STATUSES = ("pass", "fail", "error", "undecidable", "unsupported", "refused", "expected")


def run(
    backend: Backend,
    cases: Iterable[CaseLike] | CaseLike | None = None,
    *,
    name: str | None = None,
    on_verdict: Callable[[Verdict], object] | None = None,
    **options: Unpack[JudgingOptions],
) -> Report:
    """Asks a function for every case, and judges its answers as ``goldspike conform run`` does.

    Args:
        backend: gets a :class:`Case` and returns a result as :func:`judge` takes it. It raises :class:`Unsupported` at a
            legal case that it cannot solve, :class:`Refused` at one that nobody should; any other exception is the verdict
            ``error``, with file and line. Of the group ``batch`` :attr:`Case.batch` is there, and the answer is a batch's; of
            the group ``metamorphic`` it is asked twice, and the second time about the related case.
        cases: as :func:`cases` returns them, or whatever else names a case; all of the suite if absent.
        name: of the backend, for reports.
        on_verdict: called with each verdict.
        options: see :class:`JudgingOptions`.

    Raises:
        Error: there is no such case or class, or the backend is no function.
    """
    if not callable(backend):
        raise Error(f"backend: expected a function that takes a case, got {type(backend).__name__}")
    if isinstance(cases, (Case, str, os.PathLike, dict)):
        cases = [cases]
    chosen = all_cases() if cases is None else [as_case(case) for case in cases]
    if len(chosen) == 0:
        raise Error("cases: expected one at least, got none")
    judging = checked(options, chosen)
    verdicts = []
    for case in chosen:
        verdict = asked(backend, case, judging)
        verdicts.append(verdict)
        if on_verdict is not None:
            on_verdict(verdict)
    return Report(name or str(getattr(backend, "__qualname__", "backend")), chosen, verdicts, judging)


def asked(backend: Backend, case: Case, judging: Judging) -> Verdict:
    """The verdict on what a function answers."""
    answers = [answer_of(backend, question) for question in asked_about(case, judging)]
    try:
        return verdict_on(case, answers, judging)
    except Error as error:
        failed = [Answer("failed", str(error), seconds=answer.seconds) for answer in answers]
        return verdict_on(case, failed, judging)


def asked_about(case: Case, judging: Judging) -> list[Case]:
    """The questions whose answers are judged: of relations none by a class of time steps, in which some do not hold."""
    if case.group == "metamorphic" and judging.on_grid:
        value, _ = ask_raw("questions", {"case": which_case(case), "judging": judging.given})
        if value["foregone"]:
            return []
    return case.questions


def answer_of(backend: Backend, case: Case) -> Answer:
    """What a function answers to one question."""
    start = time.perf_counter()
    try:
        result = backend(case)
        status, message = "done", "the backend has returned None in place of a result"
    except (_reader.Unsupported, _reader.Refused) as error:
        result = None
        status, message = ("refused" if isinstance(error, _reader.Refused) else "unsupported"), one_line(error)
    except (Exception, SystemExit) as error:
        result, status, message = None, "failed", _reader.failure(error)  # type: ignore[no-untyped-call]
    return Answer(status, message, result, time.perf_counter() - start)


def one_line(error: BaseException) -> str:
    """What an exception says."""
    return " ".join(str(error).split())
