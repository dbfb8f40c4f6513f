"""Backends that are functions of this process."""
from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from conftest import line_of

import goldspike


def test_goldspike_itself_over_the_whole_suite() -> None:
    report = goldspike.run(goldspike.solve, cls="T1")
    assert report.ok and report and report.failures == [] and report.failure is None
    assert report.counts["refused"] == len(goldspike.cases(needs="refusal"))
    assert report.counts["pass"] + report.counts["refused"] == len(goldspike.cases())


def test_every_way_to_answer(capsys) -> None:
    def backend(case: goldspike.Case):
        print("what a backend prints is nobody's answer")
        if case["loss"]["kind"] == "first_spike":
            raise goldspike.Unsupported("first\nspikes")
        if case.name == "hidden-spikes":
            return np.zeros(3) @ np.zeros(4)
        if case.name == "recurrence":
            return None
        return goldspike.solve(case)

    seen = []
    report = goldspike.run(backend, goldspike.cases(group="smoke"), on_verdict=seen.append)
    found = {verdict.case: verdict for verdict in report.verdicts}
    assert [verdict.case for verdict in seen] == list(found)
    assert found["smoke/first-spikes"].status == "unsupported" and found["smoke/first-spikes"].message == "first spikes"
    line = test_every_way_to_answer.__code__.co_firstlineno + 6
    assert found["smoke/hidden-spikes"].message.startswith(f"test_run.py:{line}: ValueError: matmul: ")
    assert found["smoke/recurrence"].message == "the backend has returned None in place of a result"
    assert [verdict.case for verdict in report.failures] == ["smoke/hidden-spikes", "smoke/recurrence"]
    assert report.counts == {"pass": 1, "fail": 0, "error": 2, "undecidable": 0, "unsupported": 1}
    assert not report.ok and report.failure == "a case fails"
    assert str(report).splitlines()[-1] == "pass=1 fail=0 error=2 undecidable=0 unsupported=1"
    assert len(str(report).splitlines()) == 3
    assert capsys.readouterr().out.count("nobody's answer") == 4


def test_a_result_that_cannot_be_sent_is_a_verdict() -> None:
    def backend(case: goldspike.Case):
        return {"a": object()} if case.name == "recurrence" else 5

    report = goldspike.run(backend, goldspike.cases(group="smoke"))
    assert [verdict.status for verdict in report.verdicts] == ["fail", "fail", "fail", "error"]
    assert report.verdicts[0].message == "result: expected an object, got 5"
    assert report.verdicts[3].message == "result.a: expected numbers, text, lists or dicts, got object"


def test_cases_that_must_be_refused() -> None:
    def refusing(case: goldspike.Case):
        raise goldspike.Refused("no")

    def failing(case: goldspike.Case):
        raise ValueError("no")

    def answering(case: goldspike.Case):
        return {"spikes": {}}

    chosen = goldspike.cases(needs="refusal")
    weights = goldspike.cases(case="nan-weight")[0]["projections"][0]["weight"]
    assert np.isnan(weights).any()
    assert {verdict.status for verdict in goldspike.run(refusing, chosen).verdicts} == {"refused"}
    assert {verdict.status for verdict in goldspike.run(failing, chosen).verdicts} == {"error"}
    assert {verdict.status for verdict in goldspike.run(answering, chosen).verdicts} == {"fail"}
    nothing = goldspike.run(refusing, chosen)
    assert not nothing.ok and nothing.failure == "no case was computed and passed, which shows nothing"
    [refused] = goldspike.run(refusing, "smoke/recurrence").verdicts
    assert refused.status == "error" and refused.message == "no"


def test_a_traceback_that_ends_in_a_library(tmp_path) -> None:
    """The line is that of the user's own code, not the library's that it calls."""
    (tmp_path / "mine_of_test.py").write_text("import json\ndef parse(text):\n    return json.loads(text)\n")
    sys.path.insert(0, str(tmp_path))
    try:
        import mine_of_test

        [verdict] = goldspike.run(lambda case: mine_of_test.parse("{"), "smoke/recurrence").verdicts
    finally:
        sys.path.remove(str(tmp_path))
    assert verdict.message.startswith("mine_of_test.py:3: JSONDecodeError: ")


def test_an_exit_is_a_failure_and_an_interrupt_none() -> None:
    [verdict] = goldspike.run(lambda case: sys.exit(3), "smoke/recurrence").verdicts
    assert verdict.status == "error" and "SystemExit: 3" in verdict.message

    def interrupted(case: goldspike.Case):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        goldspike.run(interrupted, "smoke/recurrence")


def test_what_only_the_whole_run_shows() -> None:
    """A tensor that is delivered for one case is missing in another of its kind."""

    def backend(case: goldspike.Case):
        result = goldspike.solve(case)
        for projection in result["gradients"]["projections"] if case.name != "recurrence" else []:
            del projection["weight"]
        return result

    report = goldspike.run(backend, goldspike.cases(case="recurrence,postsynaptic-potential"))
    lacking = {verdict.case: verdict for verdict in report.verdicts}["smoke/postsynaptic-potential"]
    assert lacking.status == "fail" and "missing, but delivered for smoke/recurrence" in lacking.message


def test_relations_and_batches() -> None:
    asked: list[str] = []

    def backend(case: goldspike.Case):
        asked.append(case.path)
        return goldspike.solve(case)

    relations = goldspike.cases(group="metamorphic")
    assert goldspike.run(backend, relations).counts["pass"] == len(relations)
    assert len(asked) == 2 * len(relations)
    asked.clear()
    on_grid = goldspike.run(backend, relations, cls="T4", dt=0.1).counts
    assert on_grid["unsupported"] > 0 and len(asked) == 2 * (len(relations) - on_grid["unsupported"])
    batches = goldspike.cases(group="batch")
    assert goldspike.run(backend, batches).counts["pass"] == len(batches)

    def cases_alone(case: goldspike.Case):
        return goldspike.solve(dict(case))

    assert goldspike.run(cases_alone, batches).counts["unsupported"] == len(batches)


def test_a_backend_is_a_function() -> None:
    with pytest.raises(goldspike.Error) as caught:
        goldspike.run(3, "smoke/recurrence")
    assert line_of(caught.value) == "backend: expected a function that takes a case, got int"


def test_pages(tmp_path) -> None:
    def backend(case: goldspike.Case):
        result = goldspike.solve(case)
        result["gradients"]["projections"][0]["weight"] *= -1
        return result

    report = goldspike.run(backend, goldspike.cases(group="smoke"), name="a <backend>", cls="T3", tensors="weight")
    report.html(tmp_path / "page.html")
    report.junit(str(tmp_path / "junit.xml"))
    page, xml = (tmp_path / "page.html").read_text("utf-8"), (tmp_path / "junit.xml").read_text("utf-8")
    assert "Conformance: a &lt;backend&gt;" in page and "projections[0].weight" in page and "tensors looked at" in page
    assert xml.count("<testcase") == 4 and xml.count("<failure") == 4
    with pytest.raises(goldspike.Error) as caught:
        report.html(tmp_path / "no" / "page.html")
    assert line_of(caught.value).endswith("page.html: cannot be written: No such file or directory")


def test_the_example_of_the_repository(monkeypatch) -> None:
    """A time-stepped backend in numpy, written for the command: its reader is this package, and its function a backend."""
    import importlib

    monkeypatch.syspath_prepend(str(Path(goldspike.__file__).parent / "_program" / "examples" / "numpy_backend"))
    module, reader = importlib.import_module("backend"), importlib.import_module("case")

    def backend(case: goldspike.Case):
        raw = case.copy()
        return module.solve(reader.Case(raw), 0.1) if case.batch is None else module.solve_batch(raw, case.batch, 0.1)

    chosen = goldspike.cases(group="smoke,batch", case=["nan-weight", "linear-shared-times", "recurrent-linear"])
    report = goldspike.run(backend, chosen, cls="T4", dt=0.1)
    assert report.ok, report
    found = {verdict.case: verdict.status for verdict in report.verdicts}
    assert found.pop("adversarial/nan-weight") == "refused"
    assert found.pop("adversarial/linear-shared-times") == "unsupported"
    assert set(found.values()) == {"pass"}
    monkeypatch.setattr(module, "JUMP_HEIGHT_LESS_RESET", True)
    monkeypatch.setattr(module, "SCALE_BY_READOUT", False)
    wrong = goldspike.run(backend, "smoke/recurrence", cls="T4", dt=0.1).verdicts[0]
    assert wrong.status == "fail" and "weight: " in wrong.message and "with --switch" in wrong.message


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([],), "cases: expected one at least, got none"),
        ((["core/nothing"],), "case: expected GROUP/NAME of a case"),
        (([5],), "case: expected a Case, a dict, GROUP/NAME or a folder, got int"),
    ],
)
def test_one_line_for_cases_that_are_none(arguments, message) -> None:
    with pytest.raises(goldspike.Error) as caught:
        goldspike.run(goldspike.solve, *arguments)
    assert message in line_of(caught.value)
    with pytest.raises(goldspike.Error, match="class: expected"):
        goldspike.run(goldspike.solve, "smoke/recurrence", cls="T9")
