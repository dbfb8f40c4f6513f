"""Reads case.json, golden.json and result.json, and writes results. Python 3.8 or later and numpy; copy this file.

    case = load("suite/smoke/recurrence")                  # a dict as in the JSON file, arrays of numbers as float64
    case["projections"][0]["weight"]                       # shape (post, pre), from numbers or from a raw file
    save_result(folder, case=case["name"], backend="mine 1.0", precision="f32", spikes={...}, loss=0.7, ...)

Indices (sources, neurons) are float64 too. Values, shapes and unknown keys are for the caller to check; rows of different
lengths stay a list. What is wrong raises ValueError or OSError.
"""
import json
import math
import os
import stat

import numpy as np


def load(folder, name="case.json"):
    with open(os.path.join(folder, name), encoding="utf-8") as file:
        return _arrays(json.load(file, parse_constant=_refuse), folder)


def save_result(folder, *, long=1000, **parts):
    """Arrays of more than `long` numbers, or with NaN, which JSON does not have, become raw files array0.f64, …"""
    count = 0

    def plain(value):
        nonlocal count
        if isinstance(value, dict):
            return {key: plain(part) for key, part in value.items()}
        if isinstance(value, list) and any(isinstance(part, dict) for part in value):
            return [plain(part) for part in value]
        if isinstance(value, (str, type(None))):
            return value
        array = np.asarray(value)
        if array.ndim == 0 or (array.size <= long and np.isfinite(array).all()):
            return array.tolist()
        file, count = "array%d.f64" % count, count + 1
        array.astype("<f8").tofile(os.path.join(folder, file))
        return {"file": file, "dtype": "<f8", "shape": list(array.shape)}

    text = json.dumps(plain(dict(format="goldspike/result@1", **parts)), allow_nan=False)
    with open(os.path.join(folder, "result.json"), "w", encoding="utf-8") as file:
        file.write(text)


def _arrays(value, folder):
    if isinstance(value, dict):
        if value.keys() == {"file", "dtype", "shape"}:
            return _raw(folder, **value)
        return {key: _arrays(part, folder) for key, part in value.items()}
    if not isinstance(value, list):
        return value
    parts = [_arrays(part, folder) for part in value]
    if all(type(part) in (int, float) for part in parts):
        return np.array(parts, dtype=float)
    if all(isinstance(part, np.ndarray) and part.shape == parts[0].shape for part in parts):
        return np.stack(parts)
    return parts


def _raw(folder, file, dtype, shape):
    if not isinstance(file, str) or file in ("", ".", "..") or any(c in "/\\:\0\r\n" for c in file):
        raise ValueError("file: expected the plain name of a file in the same folder, got %r" % (file,))
    legal = isinstance(shape, list) and all(type(n) is int and n >= 0 for n in shape)
    if dtype not in ("<f8", "<f4", "<i4") or not legal:
        raise ValueError("%s: expected dtype <f8, <f4 or <i4 and a shape, got %r, %r" % (file, dtype, shape))
    path, size = os.path.join(folder, file), math.prod(shape) * np.dtype(dtype).itemsize
    found = os.lstat(path)
    if not stat.S_ISREG(found.st_mode) or found.st_size != size:
        raise ValueError("%s: expected a file of %d bytes, no link" % (file, size))
    return np.fromfile(path, dtype=dtype).reshape(shape).astype(float)


def _refuse(constant):
    raise ValueError("expected JSON, which has no " + constant)
