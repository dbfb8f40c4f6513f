"""What goldspike's own engine finds comes back whole: as certified, and with every bit."""
from __future__ import annotations

import numpy as np
import pytest
from conftest import line_of

import goldspike
from goldspike._ask import ask_raw


@pytest.mark.parametrize("case", goldspike.cases(group="smoke,ratio"), ids=lambda case: case.path)
def test_certified_values(case: goldspike.Case) -> None:
    assert goldspike.judge(case, goldspike.solve(case), cls="T1").status == "pass"


def test_shapes_and_types() -> None:
    case, result = goldspike.cases(case="core/recurrent-linear")[0], goldspike.solve("core/recurrent-linear")
    assert isinstance(result["loss"], float)
    for spikes in result["spikes"].values():
        assert spikes["times"].dtype == np.float64 and spikes["neurons"].dtype == np.int64
        assert spikes["times"].shape == spikes["neurons"].shape and np.all(np.diff(spikes["times"]) >= 0)
    for found, given in zip(result["gradients"]["projections"], case["projections"], strict=True):
        assert found["weight"].shape == found["delay"].shape == np.shape(given["weight"])
    for population in case["populations"]:
        assert result["gradients"]["populations"][population["name"]]["tau_mem"].shape == (population["size"],)
    assert result["gradients"]["input_times"].shape == case["input"]["times"].shape


def test_every_bit_of_arrays() -> None:
    """Class T0 grants nothing: what went to Python and back is what the engine finds, bit by bit."""
    for path in ("smoke/recurrence", "core/recurrent-linear", "adversarial/many-spikes"):
        assert goldspike.judge(path, goldspike.solve(path), cls="T0").status == "pass"


def test_bits_that_decimal_digits_would_lose() -> None:
    numbers = np.array([-0.0, 5e-324, np.nextafter(1, 2), 1e308, np.pi])
    case = dict(goldspike.cases(case="smoke/recurrence")[0])
    case["input"] = {"channels": 1, "times": np.sort(np.abs(numbers[:3])), "sources": np.zeros(3, int)}
    case["loss"] = {"kind": "linear", "voltages": [{"population": "output", "neuron": 0, "time": np.pi, "factor": 1.0}]}
    moved = dict(case, input={**case["input"], "times": [0.0, 0.0, 1.0]})
    found, other = (goldspike.solve(one)["gradients"]["input_times"] for one in (case, moved))
    assert found.tobytes() != other.tobytes()
    assert np.signbit(goldspike._arrays.decode(*_echo(numbers)))[0]
    assert goldspike._arrays.decode(*_echo(numbers)).tobytes() == numbers.tobytes()


def _echo(numbers: np.ndarray) -> tuple[object, dict[str, str]]:
    files: dict[str, str] = {}
    return goldspike._arrays.encode(numbers, "", files), files


def test_gradient_is_the_case_in_parts() -> None:
    case = goldspike.cases(case="core/synapse-delays-uniform")[0]
    whole = goldspike.solve(case)
    parts = goldspike.gradient(case, case["input"], case["duration"], case["loss"])
    assert parts["loss"] == whole["loss"]
    for ours, theirs in zip(parts["gradients"]["projections"], whole["gradients"]["projections"], strict=True):
        assert np.array_equal(ours["weight"], theirs["weight"]) and np.array_equal(ours["delay"], theirs["delay"])


def test_gradient_against_a_difference() -> None:
    case = goldspike.cases(case="smoke/recurrence")[0]

    def loss(weight: np.ndarray) -> float:
        projections = [{**case["projections"][0], "weight": weight}, *case["projections"][1:]]
        network = {"populations": case["populations"], "projections": projections}
        return float(goldspike.gradient(network, case["input"], case["duration"], case["loss"])["loss"])

    weight, step = case["projections"][0]["weight"], np.array([[1e-5], [0.0]])
    difference = (loss(weight + step) - loss(weight - step)) / 2e-5
    found = goldspike.solve(case)["gradients"]["projections"][0]["weight"][0, 0]
    assert found == pytest.approx(difference, rel=1e-6)


def test_single_precision() -> None:
    result = goldspike.solve("smoke/recurrence", precision="f32")
    assert result["precision"] == "f32"
    assert goldspike.judge("smoke/recurrence", result, cls="T3").ok
    assert not goldspike.judge("smoke/recurrence", result, cls="T1").ok


def test_a_batch() -> None:
    [case] = goldspike.cases(case="batch/sum-over-batch")
    result = goldspike.solve(case)
    assert len(result["trials"]) == len(case.batch["trials"])
    assert goldspike.judge(case, result).status == "pass"


def test_certify_in_memory_and_in_a_folder(tmp_path) -> None:
    import json
    import shutil

    [case] = goldspike.cases(case="smoke/postsynaptic-potential")
    golden = goldspike.certify(dict(case), catches="mine")
    assert golden["catches"] == "mine"
    folder = tmp_path / "core" / "own"
    shutil.copytree(case.folder, folder)
    (folder / "golden.json").unlink()
    written = goldspike.certify(folder, catches="mine")
    assert json.loads((folder / "golden.json").read_text())["loss"] == written["loss"] == golden["loss"]
    result = goldspike.solve(case)
    assert goldspike.judge(dict(case), result, golden=golden, cls="T1").status == "pass"
    assert goldspike.judge(folder, result, cls="T1").status == "pass"
    assert goldspike.judge(str(folder / "case.json"), result, cls="T1").status == "pass"
    result["loss"] += 1e-6
    assert goldspike.judge(dict(case), result, golden=golden, cls="T1").status == "fail"


def _with(path: str, **keys: object) -> dict[str, object]:
    return {**goldspike.cases(case=path)[0].copy(), **keys}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, 'case: format: expected "goldspike/case@1", got nothing'),
        ({"format": "goldspike/batch@1"}, "case: expected GROUP/NAME or a folder with case.json and batch.json for a batch"),
        ([1], "case: expected a Case, a dict, GROUP/NAME or a folder, got list"),
        ("core/nothing", 'case: expected GROUP/NAME of a case, as cases() lists them, or a folder, got "core/nothing"'),
        ("core/../smoke/recurrence", "case: expected GROUP/NAME of a case"),
        (_with("smoke/recurrence", duration=float("nan")), "case: duration: expected a finite number, got NaN"),
        (_with("smoke/recurrence", duration=object()), "case.duration: expected numbers, text, lists or dicts, got object"),
        (_with("smoke/recurrence", tau=1), "case: tau: unknown key"),
        (_with("smoke/recurrence", input={"channels": 1, "times": [3, 1], "sources": [0, 0]}), "case: input.times[1]:"),
        (_with("smoke/recurrence", input={"channels": 1, "times": [1, 3], "sources": [0]}), "case: input.sources"),
        ({1: 2}, "expected keys that are strings, got 1"),
        ("adversarial/nan-weight", "projections[0].weight"),
    ],
)
def test_one_line_for_what_is_no_case(given: object, message: str) -> None:
    with pytest.raises(goldspike.Error) as caught:
        goldspike.solve(given)  # type: ignore[arg-type]
    assert message in line_of(caught.value)


def test_a_weight_that_is_not_finite_is_named() -> None:
    case = _with("smoke/recurrence")
    case["projections"][0]["weight"][1, 0] = np.nan  # type: ignore[index]
    with pytest.raises(goldspike.Refused) as caught:
        goldspike.solve(case)
    assert line_of(caught.value) == "case: projections[0].weight[1][0]: expected a finite number, got NaN"


def test_a_budget_that_is_used_up_is_no_refusal() -> None:
    with pytest.raises(goldspike.Error) as caught:
        goldspike.solve("core/bias-above-threshold", max_events=3)
    assert "used up its budget of 3" in line_of(caught.value) and not isinstance(caught.value, goldspike.Refused)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"network": 5}, "network: expected a dict as in case.json, got int"),
        ({"loss": "max"}, "loss: expected a dict as in case.json, got str"),
        ({"loss": {"kind": "max"}}, "case: loss.kind: expected"),
        ({"duration": 0}, "case: duration: expected a positive number, got 0"),
        ({"network": {"populations": [], "projections": []}}, "case: populations: expected an array of length ≥ 1"),
    ],
)
def test_one_line_for_a_trial_that_is_none(arguments: dict[str, object], message: str) -> None:
    case = goldspike.cases(case="smoke/recurrence")[0]
    usual = {"network": case, "input": case["input"], "duration": case["duration"], "loss": case["loss"]}
    with pytest.raises(goldspike.Error) as caught:
        goldspike.gradient(**{**usual, **arguments})
    assert message in line_of(caught.value)


@pytest.mark.skipif(goldspike.__version__ == "0", reason="not installed, but run from a checkout")
def test_the_program_is_the_package_s_version() -> None:
    assert ask_raw("version", {})[0] == goldspike.__version__
