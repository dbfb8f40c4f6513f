"""Verdicts on results of every form, and one line for what is none."""
from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
from conftest import line_of

import goldspike


def gradients(result: dict[str, Any]) -> list[np.ndarray]:
    return [projection["weight"] for projection in result["gradients"]["projections"]]


def test_a_right_result_passes(right) -> None:
    verdict = goldspike.judge("smoke/recurrence", right)
    assert verdict and verdict.ok and verdict.status == "pass" and verdict.message == ""
    assert {part.status for part in verdict.parts} == {"pass"}
    assert str(verdict) == "smoke/recurrence: pass"


def test_a_wrong_tensor_is_named(right) -> None:
    right["gradients"]["projections"][1]["weight"] = right["gradients"]["projections"][1]["weight"].T.copy()
    verdict = goldspike.judge("smoke/recurrence", right)
    assert not verdict and verdict.status == "fail"
    assert verdict.message.startswith("projections[1].weight: ") and "it is the transpose" in verdict.message
    assert [part.name for part in verdict.parts if part.status == "fail"] == ["projections[1].weight"]


def test_what_the_command_says(right, tmp_path) -> None:
    """The same line as `goldspike conform judge`, of the same result in a folder."""
    import subprocess
    import sys

    right["gradients"]["projections"][1]["weight"] *= 1.1
    place = tmp_path / "smoke" / "recurrence"
    place.mkdir(parents=True)
    goldspike.save_result(place, **{key: part for key, part in right.items() if key not in ("format", "diagnostics")})
    command = [sys.executable, "-m", "goldspike", "conform", "judge", str(tmp_path), "--case", "recurrence"]
    told = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    assert goldspike.judge("smoke/recurrence", right).message in told


class Tensor:
    """As of torch: an array that must leave the graph, and the device, first."""

    def __init__(self, values: np.ndarray, steps: tuple[str, ...] = ()) -> None:
        self.values, self.steps = values, steps
        self.dtype = f"torch.{values.dtype}"

    def detach(self) -> Tensor:
        return Tensor(self.values, (*self.steps, "detach"))

    def cpu(self) -> Tensor:
        return Tensor(self.values, (*self.steps, "cpu"))

    def __array__(self, dtype: object = None, copy: object = None) -> np.ndarray:
        if self.steps != ("detach", "cpu"):
            raise RuntimeError("Can't call numpy() on Tensor that requires grad.")
        return self.values


def mapped(tree: Any, of: Any) -> Any:
    if isinstance(tree, dict):
        return {key: mapped(part, of) for key, part in tree.items()}
    return [mapped(part, of) for part in tree] if isinstance(tree, list) else of(tree)


@pytest.mark.parametrize(
    "form",
    [
        lambda x: x.tolist() if isinstance(x, np.ndarray) else x,
        lambda x: tuple(map(tuple, x)) if isinstance(x, np.ndarray) and x.ndim == 2 else x,
        lambda x: list(x) if isinstance(x, np.ndarray) else x,
        lambda x: x.astype(">f8") if isinstance(x, np.ndarray) else x,
        lambda x: np.asfortranarray(x) if isinstance(x, np.ndarray) else x,
        lambda x: np.repeat(x, 2, axis=0)[::2] if isinstance(x, np.ndarray) else x,
        lambda x: Tensor(x) if isinstance(x, np.ndarray) else x,
        lambda x: np.float64(x) if isinstance(x, float) else x,
        lambda x: np.array(x) if isinstance(x, float) else x,
        lambda x: Tensor(np.array(x)) if isinstance(x, float) else x,
    ],
    ids=["lists", "tuples", "rows", "big-endian", "fortran", "strided", "torch", "scalar", "no-axis", "torch-scalar"],
)
def test_arrays_of_any_kind(right, form) -> None:
    assert goldspike.judge("smoke/recurrence", mapped(right, form), cls="T0").status == "pass"


def test_what_goes_without_saying(right) -> None:
    few = {"spikes": right["spikes"], "loss": right["loss"], "readout": right["readout"]}
    listed = [{"weight": weight} for weight in gradients(right)]
    verdict = goldspike.judge("smoke/recurrence", {**few, "gradients": {"projections": listed}})
    assert verdict.status == "pass" and {part.status for part in verdict.parts} == {"pass", "unjudged"}
    assert goldspike.judge("smoke/recurrence", {**few, "gradients": {"projections": listed, "populations": None}}).ok


def test_tensors_by_their_names(right) -> None:
    named = {f"projections[{k}].weight": weight for k, weight in enumerate(gradients(right))}
    named["populations.hidden.tau_mem"] = right["gradients"]["populations"]["hidden"]["tau_mem"]
    named["spike_times.hidden"] = right["gradients"]["spike_times"]["hidden"]
    named["input_times"] = right["gradients"]["input_times"]
    before = copy.deepcopy(named)
    verdict = goldspike.judge("smoke/recurrence", {**right, "gradients": named})
    assert verdict.status == "pass"
    judged = {part.name for part in verdict.parts if part.status == "pass"}
    assert set(named) <= judged
    assert named.keys() == before.keys()
    named["populations.hidden.tau_mem"] = named["populations.hidden.tau_mem"] * 2
    verdict = goldspike.judge("smoke/recurrence", {**right, "gradients": named})
    assert verdict.message.startswith("populations.hidden.tau_mem: ")


def test_nothing_is_guessed(right) -> None:
    first = right["gradients"]["projections"][0]["weight"]
    for wrong in ([first], {"0": first}, first):
        assert goldspike.judge("smoke/recurrence", {**right, "gradients": {"projections": wrong}}).status == "fail"
    swapped = [{**one, "from": "output"} for one in right["gradients"]["projections"]]
    assert goldspike.judge("smoke/recurrence", {**right, "gradients": {"projections": swapped}}).status == "fail"


def test_precision_is_that_of_the_arrays(right) -> None:
    """In f64 T2 says that T3 would do, for which the result must be known to be f32."""
    single = mapped(right, lambda x: x.astype(np.float32) if isinstance(x, np.ndarray) and x.dtype == float else x)
    del single["precision"]
    assert "with --class T3 it passes" in goldspike.judge("smoke/recurrence", single).message
    assert goldspike.judge("smoke/recurrence", single, cls="T3").ok
    tensors = mapped(right, lambda x: Tensor(x.astype(np.float32)) if isinstance(x, np.ndarray) and x.dtype == float else x)
    del tensors["precision"]
    assert "with --class T3 it passes" in goldspike.judge("smoke/recurrence", tensors).message


def test_options_reach_the_judge(right) -> None:
    right["gradients"]["projections"][0]["delay"] *= 2
    assert goldspike.judge("smoke/recurrence", right, tensors="weight").ok
    assert not goldspike.judge("smoke/recurrence", right, tensors=["weight", "delay"]).ok
    del right["gradients"]["populations"]
    for projection in right["gradients"]["projections"]:
        projection.pop("delay")
    assert goldspike.judge("smoke/recurrence", right).ok
    assert "is missing" in goldspike.judge("smoke/recurrence", right, require="tau_mem").message or (
        goldspike.judge("smoke/recurrence", right, require="tau_mem").status == "fail"
    )
    right["loss"] *= 1 + 1e-9
    assert not goldspike.judge("smoke/recurrence", right).ok
    assert goldspike.judge("smoke/recurrence", right, rtol=1e-6).ok


def test_steps_and_habits(right) -> None:
    verdict = goldspike.judge("smoke/recurrence", right, cls="T4", dt=0.5, switches={"zero_out": False})
    assert verdict.cls == "T4" and verdict.status == "fail" and verdict.message.startswith("spikes.hidden: ")


def test_a_relation_takes_two() -> None:
    case = goldspike.cases(group="metamorphic")[0]
    results = [goldspike.solve(question) for question in case.questions]
    assert goldspike.judge(case, results).status == "pass"
    assert goldspike.judge(case, results[::-1]).status == "fail"
    with pytest.raises(goldspike.Error, match="result: expected 2, one for each"):
        goldspike.judge(case, results[0])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"loss": float("nan")}, "result: loss: expected a finite number, got NaN"),
        ({"loss": [1.0]}, 'result: loss: expected a finite number, got "a list of 1"'),
        ({"loss": np.ones(1)}, 'result: loss: expected a finite number, got "an array of shape (1,)"'),
        ({"readout": np.zeros(5)}, "readout: expected shape [2], got [5]"),
        ({"readout": np.array([np.nan, 1])}, "readout: entry [0] is NaN"),
        ({"gradients": {"projections": [{"weight": np.zeros((1, 2))}]}}, "projections[0].weight: expected shape [2, 1], got [1, 2]"),
        ({"gradients": {"projections": [{"weight": np.full((2, 1), np.inf)}]}}, "projections[0].weight: entry [0][0] is Infinity"),
        ({"spikes": None}, "result: spikes: expected an object, got nothing"),
        ({"spikes": {}}, "spikes.hidden: missing"),
        ({"spikes": {"hidden": ([1.0], [0])}}, 'result: spikes.hidden: expected an object, got "a list of 2"'),
        ({"case": "another"}, 'result: case: expected "recurrence", got "another"'),
        ({"spike": {}}, "result: spike: unknown key"),
    ],
)
def test_what_is_wrong_with_the_numbers_is_the_verdict(right, change, told) -> None:
    verdict = goldspike.judge("smoke/recurrence", {**right, **change})
    assert verdict.status == "fail" and told in verdict.message and "\n" not in verdict.message


@pytest.mark.parametrize(
    ("result", "message"),
    [
        (5, "result: expected a dict as in result.json, got int"),
        ([], "result: expected a dict as in result.json, got list"),
        (None, "result: expected a dict as in result.json, got NoneType"),
        ({"loss": object()}, "result.loss: expected numbers, text, lists or dicts, got object"),
        ({"readout": np.array(["a"])}, "result.readout: expected an array of real numbers, got dtype <U1"),
        ({"readout": np.zeros(2, complex)}, "result.readout: expected an array of real numbers, got dtype complex128"),
        ({"spikes": {1: 2}}, "result.spikes: expected keys that are strings, got 1"),
        ({"loss": 2**60}, "result.loss: expected whole numbers up to 2**53, got 1152921504606846976"),
        ({"readout": np.array([2**60])}, "result.readout: expected whole numbers up to 2**53"),
        ({"gradients": {"projections[7].weight": 1}}, "result.gradients: projections[7].weight: expected one of the case's 3"),
        (
            {"gradients": {"projections": [{"weight": 1}], "projections[0].weight": 1}},
            "result.gradients: projections[0].weight: is there twice",
        ),
    ],
)
def test_one_line_for_what_is_no_result(result, message) -> None:
    with pytest.raises(goldspike.Error) as caught:
        goldspike.judge("smoke/recurrence", result)
    assert message in line_of(caught.value)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"cls": "T9"}, 'class: expected "T0" or "T1" or "T2" or "T3" or "T4" or "T5", got "T9"'),
        ({"klass": "T2"}, "klass: expected one of cls, dt, convention, "),
        ({"tensors": "wieght"}, 'tensors: expected words that are in the name of a gradient of these cases, got "wieght"'),
        ({"tensors": []}, "tensors: expected words, got []"),
        ({"rtol": 1e-3, "cls": "T4"}, "rtol: expected a class from T1 to T3 with it, got T4"),
        ({"dt": -1}, "dt: expected a positive number, got -1"),
        ({"convention": "mine"}, 'convention: expected "genn_eventprop" or'),
        ({"switches": {"zero": True}}, "switches: expected one of integrator, "),
        ({"switches": {"zero_out": "maybe"}}, "switches: expected zero_out=true or zero_out=false"),
    ],
)
def test_one_line_for_options_that_there_are_not(right, options, message) -> None:
    with pytest.raises(goldspike.Error) as caught:
        goldspike.judge("smoke/recurrence", right, **options)
    assert message in line_of(caught.value)


def test_one_line_for_a_golden_of_another_case(right) -> None:
    golden = goldspike.certify(dict(goldspike.cases(case="smoke/postsynaptic-potential")[0]))
    case = dict(goldspike.cases(case="smoke/recurrence")[0])
    with pytest.raises(goldspike.Error) as caught:
        goldspike.judge(case, right, golden=golden)
    assert line_of(caught.value).startswith('golden: case: expected "recurrence"')
    with pytest.raises(goldspike.Error, match="golden: expected none"):
        goldspike.judge("smoke/recurrence", right, golden=golden)
