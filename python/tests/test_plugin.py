"""Cases as tests of pytest, each claim in a pytest of its own."""
from __future__ import annotations

import importlib.util
import sys

import pytest


@pytest.fixture(autouse=True)
def wide(monkeypatch) -> None:
    """Room for whole lines."""
    monkeypatch.setenv("COLUMNS", "300")


HEAD = "import goldspike, pytest\n"


def test_one_test_a_case_with_its_name(pytester) -> None:
    pytester.makepyfile(HEAD + "@goldspike.conformance(group='smoke', cls='T1')\ndef test_mine(case): return goldspike.solve(case)")
    result = pytester.runpytest("-v", "-p", "no:cacheprovider")
    result.assert_outcomes(passed=4)
    result.stdout.fnmatch_lines(["*::test_mine[[]smoke/recurrence[]] PASSED*"])


def test_a_wrong_tensor_fails_with_the_verdict_s_line(pytester) -> None:
    pytester.makepyfile(
        HEAD
        + """
@goldspike.conformance(group="smoke", cls="T3", tensors=["weight"])
def test_mine(case):
    result = goldspike.solve(case)
    if case.name == "recurrence":
        result["gradients"]["projections"][1]["weight"] = result["gradients"]["projections"][1]["weight"].T.copy()
    return result
"""
    )
    result = pytester.runpytest()
    result.assert_outcomes(passed=3, failed=1)
    result.stdout.fnmatch_lines(
        ["FAILED *::test_mine[[]smoke/recurrence[]] - Failed: smoke/recurrence: fail: projections[[]1[]].weight: *transpose*"]
    )
    text = result.stdout.str()
    assert "_conformance.py" not in text and "Traceback" not in text and "def test_mine" not in text


def test_other_wrong_parts_have_their_lines(pytester) -> None:
    pytester.makepyfile(
        HEAD
        + """
@goldspike.conformance(case="recurrence")
def test_mine(case):
    result = goldspike.solve(case)
    for projection in result["gradients"]["projections"]:
        projection["weight"] = projection["weight"] * -1
        projection["delay"] = projection["delay"] * 2
    return result
"""
    )
    result = pytester.runpytest()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*smoke/recurrence: fail: projections*", "  projections[[]*it is -1*"])


def test_what_is_not_supported_is_skipped(pytester) -> None:
    pytester.makepyfile(
        HEAD
        + """
@goldspike.conformance(group="smoke,metamorphic", cls="T4", needs="recurrence")
def test_mine(case):
    if case.name == "recurrence": pytest.skip("no recurrence")
    raise goldspike.Unsupported("nothing at all")
"""
    )
    result = pytester.runpytest("-rs")
    assert result.parseoutcomes().keys() == {"skipped"}
    result.stdout.fnmatch_lines_random(["*no recurrence*", "*nothing at all*"])


def test_an_exception_of_the_backend_is_shown_where_it_is(pytester) -> None:
    pytester.makepyfile(
        HEAD
        + """
def helper(): raise TypeError("lost")
@goldspike.conformance(case="recurrence")
def test_mine(case): return helper()
"""
    )
    result = pytester.runpytest()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*raise TypeError*", "*TypeError: lost", "FAILED *TypeError: lost"])
    assert "_conformance.py" not in result.stdout.str()


def test_refusals_batches_and_relations(pytester) -> None:
    pytester.makepyfile(
        HEAD
        + """
@goldspike.conformance(group="batch,metamorphic", case=["nan-weight", "unsorted-input"])
def test_mine(case): return goldspike.solve(case)

@goldspike.conformance(needs="refusal", group="adversarial")
def test_careless(case): return {"spikes": {}}

@goldspike.conformance(case="nan-weight")
def test_failing(case): raise ValueError("no")
"""
    )
    result = pytester.runpytest()
    outcomes = result.parseoutcomes()
    assert outcomes["failed"] == 8 and outcomes["passed"] > 10
    result.stdout.fnmatch_lines(["FAILED *test_failing*nan-weight: error: test_*.py:*: ValueError: no"])


def test_fixtures_and_methods(pytester) -> None:
    pytester.makepyfile(
        HEAD
        + """
@pytest.fixture
def factor(): return 1

@pytest.mark.parametrize("more", [1, 1.0])
class TestMine:
    @goldspike.conformance(group="metamorphic")
    def test_it(self, problem, factor, more):
        result = goldspike.solve(problem)
        result["loss"] *= factor * more
        return result
"""
    )
    result = pytester.runpytest()
    assert result.parseoutcomes().keys() == {"passed"} and result.parseoutcomes()["passed"] % 2 == 0


def test_what_other_cases_show_to_be_missing(pytester) -> None:
    """In whichever order."""
    pytester.makepyfile(
        HEAD
        + """
def without_delays(case):
    result = goldspike.solve(case)
    for projection in result["gradients"]["projections"]: del projection["weight"]
    return result

@goldspike.conformance(case=["postsynaptic-potential", "recurrence"])
def test_later(case): return goldspike.solve(case) if case.name == "postsynaptic-potential" else without_delays(case)

@goldspike.conformance(case=["postsynaptic-potential", "recurrence"])
def test_earlier(case): return goldspike.solve(case) if case.name == "recurrence" else without_delays(case)
"""
    )
    result = pytester.runpytest()
    result.assert_outcomes(passed=2, failed=2)
    result.stdout.fnmatch_lines(
        [
            "FAILED *test_later[[]smoke/recurrence[]] - Failed: smoke/recurrence: fail: *delivered for smoke/postsynaptic-potential*",
            "FAILED *test_earlier[[]smoke/recurrence[]] - Failed: smoke/postsynaptic-potential: fail: *delivered for smoke/recurrence*",
        ]
    )


TWO = (
    HEAD
    + """
@goldspike.conformance(group="smoke")
def test_mine(case):
    result = goldspike.solve(case)
    result["loss"] *= 2 if case.name == "recurrence" else 1
    return result

def test_other(): pass
"""
)


def test_a_page(pytester) -> None:
    pytester.makepyfile(TWO)
    result = pytester.runpytest("--goldspike-html", "page.html")
    result.assert_outcomes(passed=4, failed=1)
    result.stdout.fnmatch_lines(["goldspike: wrote page.html"])
    page = (pytester.path / "page.html").read_text("utf-8")
    assert "smoke/recurrence" in page and "::test_mine" in page and page.count("<tr><td>smoke/") == 4


def test_what_was_skipped_is_on_the_page(pytester) -> None:
    pytester.makepyfile(HEAD + "@goldspike.conformance(group='smoke')\ndef test_mine(case): pytest.skip('later, perhaps')")
    pytester.runpytest("--goldspike-html", "page.html").assert_outcomes(skipped=4)
    assert (pytester.path / "page.html").read_text("utf-8").count("<br><span class=\"quiet\">later, perhaps") == 4


def test_pages_of_several_functions(pytester) -> None:
    pytester.makepyfile(
        HEAD
        + "@goldspike.conformance(group='smoke')\ndef test_one(case): return goldspike.solve(case)\n"
        + "@goldspike.conformance(group='smoke', cls='T0')\ndef test_two(case): return goldspike.solve(case)\n"
    )
    pytester.runpytest("--goldspike-html", "page.html").assert_outcomes(passed=8)
    assert (pytester.path / "page-test_one.html").is_file() and (pytester.path / "page-test_two.html").is_file()


@pytest.mark.skipif(importlib.util.find_spec("xdist") is None, reason="pytest-xdist is not installed")
def test_a_page_over_several_processes(pytester) -> None:
    pytester.makepyfile(TWO)
    result = pytester.runpytest_subprocess("-n", "2", "--goldspike-html", "page.html")
    result.assert_outcomes(passed=4, failed=1)
    assert (pytester.path / "page.html").read_text("utf-8").count("<tr><td>smoke/") == 4


def test_no_page_where_nothing_was_judged(pytester) -> None:
    pytester.makepyfile("def test_other(): pass")
    result = pytester.runpytest("--goldspike-html", "page.html")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["goldspike: no case was judged, so there is no page"])
    assert not (pytester.path / "page.html").exists()


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ("group='smok'", '*group[[]0[]]: expected "smoke" or "core"*got "smok"*'),
        ("cls='T9'", '*class: expected "T0"*got "T9"*'),
        ("tensors=['wieght']", '*tensors: expected words that are in the name of a gradient of these cases, got "wieght"*'),
    ],
)
def test_one_line_for_a_choice_of_nothing(pytester, arguments, line) -> None:
    pytester.makepyfile(HEAD + f"@goldspike.conformance({arguments})\ndef test_mine(case): return goldspike.solve(case)")
    result = pytester.runpytest()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([line])
    assert "_worker.py" not in result.stdout.str()


def test_a_page_that_cannot_be_written(pytester) -> None:
    pytester.makepyfile("def test_other(): pass")
    result = pytester.runpytest("--goldspike-html", "no/page.html")
    result.stderr.fnmatch_lines(["ERROR: --goldspike-html: expected a file in a folder that is there, got no/page.html"])


def test_others_pay_nothing(pytester) -> None:
    pytester.makepyfile("import sys\ndef test_other(): assert not {'goldspike', 'numpy'} & set(sys.modules)")
    pytester.runpytest_subprocess().assert_outcomes(passed=1)


def test_a_copy_of_the_reader_hides_the_package_from_nobody_else(pytester) -> None:
    (pytester.path / "goldspike.py").write_text("load = 1\n")
    pytester.makepyfile("import goldspike\ndef test_other(): assert goldspike.load == 1")
    result = pytester.run(sys.executable, "-m", "pytest", "--goldspike-html", "page.html")
    result.assert_outcomes(passed=1)
