"""Cases as tests of pytest: the decorator, and what happens in each test."""
from __future__ import annotations

import functools
import inspect
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ._arrays import Encoded
from ._ask import ask_raw
from ._cases import Case, Words, cases, which_case
from ._errors import Error
from ._judge import Answer, Verdict, verdict_of, verdict_on
from ._judging import Judging, JudgingOptions, checked
from ._run import answer_of, asked_about, one_line

if TYPE_CHECKING:
    from typing_extensions import Unpack

MOST_PARTS = 8
"""Wrong parts of a case that are told."""


def _hidden(raised: Any) -> bool:
    """Whether pytest leaves these frames out: of what the function itself has raised."""
    import pytest

    return not raised.errisinstance((pytest.fail.Exception, pytest.skip.Exception))


class Conformance:
    """A function under test: its cases, and the verdicts on it so far."""

    def __init__(self, function: Callable[..., Any], choice: dict[str, Any], options: JudgingOptions) -> None:
        names = [name for name in inspect.signature(function).parameters if name not in ("self", "cls")]
        if len(names) == 0:
            raise Error(f"{function.__qualname__}: expected a function that takes a case, got one without parameters")
        self.parameter = names[0]
        self.function = function
        self.name = f"{os.path.basename(inspect.getfile(function))}::{function.__qualname__}"
        self._choice, self._options = choice, options
        self.verdicts: dict[str, tuple[Case, Verdict]] = {}
        self._told: set[str] = set()

    @functools.cached_property
    def cases(self) -> list[Case]:
        """Raises: Error: there are none."""
        return cases(**self._choice)

    @functools.cached_property
    def judging(self) -> Judging:
        """Raises: Error: it is no way to judge these cases."""
        return checked(self._options, self.cases)

    def test(self, case: Case, ask: Callable[[Case], Any]) -> None:
        """One test: passes, fails with the verdict's line, or is skipped."""
        __tracebackhide__ = _hidden
        import pytest

        raised: list[BaseException] = []

        def backend(question: Case) -> Any:
            __tracebackhide__ = _hidden
            try:
                return ask(question)
            except BaseException as error:
                raised.append(error)
                raise

        answers: list[Answer] = []
        for question in asked_about(case, self.judging):
            try:
                answers.append(answer_of(backend, question))
            except pytest.skip.Exception as error:
                answers.append(Answer("unsupported", one_line(error)))
        verdict = self._judged(case, answers)
        lacking = self._note(case, verdict)
        if raised and verdict.status == "error" and "refusal" not in case.features:
            raise raised[0]
        if verdict.status == "unsupported":
            pytest.skip(verdict.message)
        if not verdict.ok:
            pytest.fail("\n".join([str(verdict), *_others(verdict)]), pytrace=False)
        if lacking:
            pytest.fail("\n".join(lacking), pytrace=False)

    def _judged(self, case: Case, answers: list[Answer]) -> Verdict:
        try:
            return verdict_on(case, answers, self.judging)
        except Error as error:
            return verdict_on(case, [Answer("failed", str(error)) for _ in answers], self.judging)

    def _note(self, case: Case, verdict: Verdict) -> list[str]:
        """What this and earlier cases lack, although others of their kind have it: a line for each that is new."""
        self.verdicts[case.path] = (case, verdict)
        if not any(part.status == "unjudged" for _, one in self.verdicts.values() for part in one.parts):
            return []
        slim = []
        for _, one in self.verdicts.values():
            parts = [{"name": part.name, "status": part.status} for part in one.parts]
            slim.append({**one._sent, "parts": parts})
        given = {
            "cases": [which_case(own) for own, _ in self.verdicts.values()],
            "verdicts": Encoded(slim),
            "judging": self.judging.given,
            "name": self.name,
        }
        found = [verdict_of(sent) for sent in ask_raw("report", given)[0]["verdicts"]]
        before = [one for _, one in self.verdicts.values()]
        new = [one for one, old in zip(found, before, strict=True) if old.ok and not one.ok and one.case not in self._told]
        self._told.update(one.case for one in new)
        return [str(one) for one in new]


def _others(verdict: Verdict) -> list[str]:
    """Wrong parts that the verdict's line does not name."""
    good = ("pass", "undecidable", "skipped", "unjudged")
    wrong = [part for part in verdict.parts if part.status not in good and not verdict.message.startswith(f"{part.name}:")]
    lines = [f"  {part.name}: {part.message or part.status}" for part in wrong[:MOST_PARTS]]
    return lines + ([f"  and {len(wrong) - MOST_PARTS} more"] if len(wrong) > MOST_PARTS else [])


def conformance(
    *,
    group: Words | None = None,
    case: Words | None = None,
    needs: Words | None = None,
    without: Words | None = None,
    suite: str | os.PathLike[str] | None = None,
    **options: Unpack[JudgingOptions],
) -> Callable[[Callable[..., Any]], Callable[..., None]]:
    """Makes a test of pytest for each case of a function that takes a case and returns a result.

        @goldspike.conformance(group="core", cls="T3", tensors=["weight"])
        def test_mine(case):
            if case["loss"]["kind"] == "linear":
                pytest.skip("linear losses")   # or: raise goldspike.Unsupported("linear losses")
            return mine(case)

    A test fails with the verdict's line. It is skipped where the function says so, or the class has no verdict on the case.
    Cases that must be refused pass if the function raises :class:`Refused`. A gradient that is delivered for some of the
    cases, and for others of the same kind is not, fails the test that shows it (with pytest-xdist, of the cases that one of
    its processes has seen). Other parameters of the function are fixtures, as ever.

    Args:
        group, case, needs, without, suite: which cases, as of :func:`cases`.
        options: how near is near enough, see :class:`JudgingOptions`.
    """
    choice = {"group": group, "case": case, "needs": needs, "without": without, "suite": suite}

    def decorate(function: Callable[..., Any]) -> Callable[..., None]:
        own = Conformance(function, choice, options)

        @functools.wraps(function)
        def test(*args: Any, **kwargs: Any) -> None:
            __tracebackhide__ = _hidden
            bound = inspect.signature(function).bind(*args, **kwargs)

            def ask(question: Case) -> Any:
                __tracebackhide__ = _hidden
                bound.arguments[own.parameter] = question
                return function(*bound.args, **bound.kwargs)

            own.test(bound.arguments[own.parameter], ask)

        test.__goldspike__ = own  # type: ignore[attr-defined]
        return test

    return decorate
