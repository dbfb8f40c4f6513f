"""Trees of dicts, lists, numbers and arrays, as the program's lines carry them: arrays as little-endian bytes."""
from __future__ import annotations

import array
import base64
import math
import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from ._errors import Error

_INDICES = {"sources", "neurons"}
"""Keys of whole numbers."""

_LISTS = {"populations", "projections", "trials", "batches", "voltages"}
"""Keys of lists of dicts, which an empty one still is."""

_LARGEST = 2**53


def is_array(value: Any) -> bool:
    """Whether it is an array of numpy or whatever can be made one: of JAX, torch, pandas."""
    if isinstance(value, (np.ndarray, array.array, memoryview)):
        return True
    return (hasattr(value, "__array__") or hasattr(value, "__dlpack__")) and not isinstance(value, (np.generic, type))


def as_array(value: Any, path: str) -> np.ndarray:
    """An array of real numbers.

    Raises:
        Error: it is none; ``path`` starts the message.
    """
    try:
        for step in ("detach", "cpu"):  # torch: no part of a graph, no device
            value = getattr(value, step)() if hasattr(value, step) else value
        numbers = np.asarray(value)
    except Exception as error:
        raise Error(f"{path}: cannot be made a numpy array: {' '.join(str(error).split())}") from None
    if numbers.dtype.kind == "V" and re.match(r"bfloat|float", numbers.dtype.name):
        return numbers.astype(np.float32)
    if numbers.dtype.kind not in "iuf":
        raise Error(f"{path}: expected an array of real numbers, got dtype {numbers.dtype}")
    return numbers


class Encoded:
    """What goes as it is into a larger tree."""

    def __init__(self, tree: Any) -> None:
        self.tree = tree


def encode(value: Any, path: str, files: dict[str, str]) -> Any:
    """What JSON can hold, with references to ``files``, base64 by name, for arrays.

    Raises:
        Error: something has no such form; ``path`` is where ``value`` stands, and starts the message.
    """
    if isinstance(value, Encoded):
        return value.tree
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                raise Error(f"{path}: expected keys that are strings, got {key!r}")
        return {key: encode(part, _below(path, key), files) for key, part in value.items()}
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, int):
        return _whole(value, path)
    if isinstance(value, float):
        return value if math.isfinite(value) else {"not_finite": str(_named(value))}
    if is_array(value):
        numbers = as_array(value, path)
        return _put(numbers, path, files) if numbers.ndim > 0 else encode(numbers.item(), path, files)
    if isinstance(value, (list, tuple)):
        return _encode_list(value, path, files)
    raise Error(f"{path}: expected numbers, text, lists or dicts, got {type(value).__name__}")


def _named(value: float) -> str:
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def _whole(value: int, path: str) -> int:
    if abs(value) > _LARGEST:
        raise Error(f"{path}: expected whole numbers up to 2**53, got {value}")
    return value


def _encode_list(value: list[Any] | tuple[Any, ...], path: str, files: dict[str, str]) -> Any:
    if len(value) > 0 and all(isinstance(part, (int, float, np.number, list, tuple)) or is_array(part) for part in value):
        try:
            parts = [as_array(part, f"{path}[{k}]") if is_array(part) else part for k, part in enumerate(value)]
            numbers = np.asarray(parts)
        except ValueError:  # rows of different lengths
            numbers = np.zeros(0, bool)
        if numbers.dtype.kind in "iuf":
            return _put(numbers, path, files)
    return [encode(part, f"{path}[{k}]", files) for k, part in enumerate(value)]


def _put(numbers: np.ndarray, path: str, files: dict[str, str]) -> dict[str, Any]:
    if numbers.dtype.kind in "iu" and numbers.size > 0:
        for extreme in (int(numbers.min()), int(numbers.max())):
            _whole(extreme, path)
    single = numbers.dtype.kind == "f" and numbers.dtype.itemsize <= 4
    dtype = "<f4" if single else "<f8"
    name = str(len(files))
    files[name] = base64.b64encode(numbers.astype(dtype).tobytes()).decode()
    return {"file": name, "dtype": dtype, "shape": list(numbers.shape)}


def _below(path: str, key: str) -> str:
    return key if path == "" else f"{path}.{key}"


def frozen(tree: Any) -> Any:
    """The same, with arrays that nobody can write to."""
    if isinstance(tree, np.ndarray):
        tree.flags.writeable = False
    for part in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        frozen(part)
    return tree


def decode(value: Any, files: Mapping[str, str], key: str = "") -> Any:
    """The same with numpy arrays for arrays of numbers: float64, indices (``sources``, ``neurons``) int64."""
    if isinstance(value, dict):
        if value.keys() == {"file", "dtype", "shape"} and value["file"] in files:
            numbers = np.frombuffer(base64.b64decode(files[value["file"]]), dtype=value["dtype"])
            return _indices(numbers.reshape(value["shape"]).astype(float), key)
        return {name: decode(part, files, name) for name, part in value.items()}
    if not isinstance(value, list):
        return value
    if len(value) == 0:
        return value if key in _LISTS else _indices(np.zeros(0), key)
    if all(isinstance(part, (int, float)) and not isinstance(part, bool) for part in value):
        return _indices(np.array(value, dtype=float), key)
    parts = [decode(part, files) for part in value]
    if all(isinstance(part, np.ndarray) and part.shape == parts[0].shape for part in parts):
        return np.stack(parts)
    return parts


def _indices(numbers: np.ndarray, key: str) -> np.ndarray:
    if key in _INDICES and np.all(np.isfinite(numbers)) and np.all(numbers == np.round(numbers)):
        return numbers.astype(np.int64)
    return numbers
