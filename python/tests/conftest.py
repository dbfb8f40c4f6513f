"""What several files of tests use."""
from __future__ import annotations

import copy
from typing import Any

import pytest

import goldspike

pytest_plugins = ["pytester"]


@pytest.fixture
def right() -> dict[str, Any]:
    """The result of smoke/recurrence, to be changed at will."""
    return copy.deepcopy(goldspike.solve("smoke/recurrence"))


def line_of(error: BaseException) -> str:
    """The message, which is one line and no stack."""
    text = str(error)
    assert "\n" not in text and "    at " not in text and "node:" not in text
    return text
