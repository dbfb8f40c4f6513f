"""The verdict on one result."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ._arrays import Encoded, encode
from ._ask import ask_raw
from ._cases import Case, CaseLike, as_case, which_case
from ._errors import Error
from ._judging import Judging, JudgingOptions, checked, judging_of
from ._results import as_result

if TYPE_CHECKING:
    from typing_extensions import Unpack


@dataclass(frozen=True)
class Part:
    """One part of a result against what is right."""

    name: str
    """``spikes.hidden``, ``loss``, ``readout``, or a tensor such as ``projections[0].weight``."""
    status: str
    """``pass``, ``fail``, ``missing``, ``extra``, ``malformed``, ``not_finite``, ``undecidable``, ``skipped``, ``unjudged``."""
    error: float | None = None
    """Euclidean of a tensor, ms of a spike's time."""
    tolerance: float | None = None
    """What the class grants."""
    message: str = ""
    """What is wrong."""


@dataclass(frozen=True)
class Verdict:
    """What is said about a backend's answer to one case. True if it is :attr:`ok`."""

    case: str
    """``GROUP/NAME``."""
    cls: str
    status: str
    """``pass``, ``fail``, ``error``, ``undecidable``, ``unsupported`` or ``refused``; docs/conformance.md says what each means."""
    message: str
    """One line, mostly empty after a pass."""
    parts: tuple[Part, ...]
    seconds: float
    """That the backend took."""
    catches: str
    """The bug that the case is there to catch."""
    _sent: dict[str, Any] = field(repr=False, compare=False, default_factory=dict)

    @property
    def ok(self) -> bool:
        """Nothing is wrong: ``pass``, ``undecidable``, or ``refused`` where that is right. ``unsupported`` shows nothing."""
        return self.status in ("pass", "undecidable", "refused")

    def __bool__(self) -> bool:
        return self.ok

    def __str__(self) -> str:
        return f"{self.case}: {self.status}{': ' if self.message else ''}{self.message}"


def verdict_of(sent: dict[str, Any]) -> Verdict:
    """From the program's form."""
    return Verdict(
        case=f"{sent['group']}/{sent['case']}",
        cls=sent["class"],
        status=sent["status"],
        message=sent["message"],
        parts=tuple(Part(**part) for part in sent["parts"]),
        seconds=sent["seconds"],
        catches=sent["catches"],
        _sent=sent,
    )


@dataclass(frozen=True)
class Answer:
    """Of a backend to one question."""

    status: str
    """``done``, ``unsupported``, ``refused``, ``failed``."""
    message: str = ""
    result: Any = None
    seconds: float = 0


def verdict_on(case: Case, answers: Sequence[Answer], judging: Judging) -> Verdict:
    """The verdict on answers to :attr:`Case.questions`.

    Raises:
        Error: a result that cannot be sent.
    """
    files: dict[str, str] = {}
    sent = []
    for question, answer in zip(case.questions, answers, strict=False):
        one: dict[str, Any] = {"status": answer.status, "message": answer.message, "seconds": answer.seconds}
        if answer.status == "done" and answer.result is not None:
            one["result"] = Encoded(encode(as_result(answer.result, question), "result", files))
        sent.append(one)
    value, _ = ask_raw("judge", {"case": which_case(case), "answers": sent, "judging": judging.given}, files)
    return verdict_of(value)


def judge(
    case: CaseLike,
    result: Mapping[str, Any] | Sequence[Mapping[str, Any]],
    *,
    golden: Mapping[str, Any] | None = None,
    **options: Unpack[JudgingOptions],
) -> Verdict:
    """Whether a result is right, and if not what is wrong with it.

    Args:
        case: a :class:`Case`, ``GROUP/NAME`` of the suite, a folder with ``case.json`` and ``golden.json``, or a dict.
        result: a dict as in ``result.json``: ``spikes[population]`` with ``times`` ``[spike]`` in ms and ``neurons``
            ``[spike]``, ``loss``, ``readout`` ``[neuron]`` and ``gradients``, as :func:`solve` returns them; lists or arrays of
            numpy, JAX or torch. Gradients that it has not may be left out, and so may the names of case and format, of the
            backend, and of what projections lead from and to. Of the group ``metamorphic`` two: of the case and of
            the related one, in the order of :attr:`Case.questions`.
        golden: as :func:`certify` returns it, of a case that is a dict. Classes T0 and T4 need none.
        options: see :class:`JudgingOptions`; the class is ``T2`` if absent.

    Raises:
        Error: there is no such case or class, or the result is no dict or holds what is no number. What is wrong with its
            numbers is the verdict.
    """
    own = as_case(case, golden)
    # The verdict's own request checks all but the words.
    has_words = options.get("tensors") is not None or options.get("require") is not None
    judging = checked(options, [own]) if has_words else judging_of(options)
    questions = own.questions
    results = [result] if isinstance(result, Mapping) or len(questions) == 1 else result
    for one in results:
        if not isinstance(one, Mapping):
            raise Error(f"result: expected a dict as in result.json, got {type(one).__name__}")
    if len(results) != len(questions):
        raise Error(f"result: expected {len(questions)}, one for each of the case's questions, got {len(results)}")
    return verdict_on(own, [Answer("done", result=one) for one in results], judging)
