"""Which cases there are, and what a backend gets to see of one."""
from __future__ import annotations

import json
import shutil

import numpy as np
import pytest
from conftest import line_of

import goldspike


def test_chosen_by_group_name_and_features() -> None:
    everything = goldspike.cases()
    assert [case.path for case in goldspike.cases(group="smoke")] == [
        "smoke/first-spikes",
        "smoke/hidden-spikes",
        "smoke/postsynaptic-potential",
        "smoke/recurrence",
    ]
    assert len(everything) > 100 and len({case.path for case in everything}) == len(everything)
    both = goldspike.cases(group=["core"], needs="delays,recurrence", without=["resets"])
    assert both and all({"delays", "recurrence"} <= set(case.features) and "resets" not in case.features for case in both)
    assert [case.path for case in goldspike.cases(case=["recurrence", "core/spike-time-mse"])] == [
        "smoke/recurrence",
        "core/spike-time-mse",
    ]


@pytest.mark.parametrize("case", goldspike.cases(), ids=lambda case: case.path)
def test_a_case_is_its_file(case: goldspike.Case) -> None:
    """Every number of case.json, read here by other means."""
    assert case.folder is not None and case.catches
    raw = json.loads((case.folder / "case.json").read_text(encoding="utf-8-sig"))

    def same(found: object, wanted: object) -> None:
        if isinstance(wanted, dict) and wanted.keys() == {"file", "dtype", "shape"}:
            wanted = np.fromfile(case.folder / wanted["file"], wanted["dtype"]).reshape(wanted["shape"])  # type: ignore[operator]
        if isinstance(wanted, dict):
            assert isinstance(found, dict) and list(found) == list(wanted)
            for key in wanted:
                same(found[key], wanted[key])
        elif isinstance(found, np.ndarray):
            assert np.array_equal(found, np.asarray(wanted, dtype=float), equal_nan=True)
        elif isinstance(wanted, list):
            assert isinstance(found, list) and len(found) == len(wanted)
            for one, other in zip(found, wanted, strict=True):
                same(one, other)
        else:
            assert found == wanted and type(found) is type(wanted)

    same(dict(case), raw)


def test_indices_can_index() -> None:
    [case] = goldspike.cases(case="smoke/recurrence")
    assert case["projections"][0]["weight"][:, case["input"]["sources"]].shape == (2, 4)


def test_only_a_copy_can_be_changed() -> None:
    [case] = goldspike.cases(case="smoke/recurrence")
    with pytest.raises(ValueError, match="read-only"):
        case["projections"][0]["weight"] *= 2
    with pytest.raises(TypeError):
        case["duration"] = 1  # type: ignore[index]
    mine = case.copy()
    mine["projections"][0]["weight"] *= 2
    assert goldspike.solve(mine)["loss"] != goldspike.solve(case)["loss"] == goldspike.solve(case.copy())["loss"]


def test_golden_is_out_of_sight() -> None:
    [case] = goldspike.cases(case="smoke/recurrence")
    assert set(case) == {"format", "time_unit", "name", "note", "duration", "input", "populations", "projections", "loss"}
    with pytest.raises(KeyError):
        case["golden"]


def test_a_relation_asks_twice() -> None:
    case = goldspike.cases(group="metamorphic")[0]
    own, related = case.questions
    assert own is case and related["name"] == case["name"] and related.path == case.path
    assert json.dumps(dict(related), default=np.ndarray.tolist) != json.dumps(dict(case), default=np.ndarray.tolist)


def test_a_batch_has_trials() -> None:
    case = goldspike.cases(group="batch")[0]
    assert case.batch is not None and case.batch["trials"][0]["input"]["times"].dtype == np.float64
    assert goldspike.cases(case="recurrence")[0].batch is None
    assert case.copy()["input"]["times"].tolist() == case.batch["trials"][0]["input"]["times"].tolist()


def test_own_suites_and_folders(tmp_path, right) -> None:
    source = goldspike.cases(case="smoke/recurrence")[0].folder
    shutil.copytree(source, tmp_path / "core" / "mine")
    [case] = goldspike.cases(suite=tmp_path)
    assert case.path == "core/mine" and goldspike.judge(case, right).status == "pass"
    assert goldspike.judge(tmp_path / "core" / "mine", right).status == "pass"
    (tmp_path / "core" / "mine" / "golden.json").unlink()
    assert goldspike.judge(case, right).status == "unsupported"
    assert goldspike.judge(case, right, cls="T0").status == "pass"


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"group": "smok"}, 'group[0]: expected "smoke" or "core"'),
        ({"case": "nothing"}, 'case: expected the name of a case of the suite, got "nothing"'),
        ({"needs": "delay"}, "needs[0]: expected a feature; there are delays, "),
        ({"group": "smoke", "needs": "resets"}, "needs, without: expected features of some case, got with resets, which none is"),
        ({"group": []}, "group: expected words, got []"),
        ({"group": 5}, "group: expected words, got 5"),
        ({"suite": "/nowhere"}, "/nowhere: cannot be read: no such file or folder"),
    ],
)
def test_one_line_for_a_choice_of_nothing(choice: dict[str, object], message: str) -> None:
    with pytest.raises(goldspike.Error) as caught:
        goldspike.cases(**choice)  # type: ignore[arg-type]
    assert message in line_of(caught.value)
