"""Reads case.json, golden.json and result.json, writes results, serves requests. Python 3.8 and numpy; copy this file.

    case = load("suite/smoke/recurrence")   # a dict as in the JSON file, arrays of numbers as float64
    case["projections"][0]["weight"]        # shape (post, pre), from numbers or from a raw file
    save_result(folder, case=case["name"], backend="mine 1.0", precision="f32", spikes={...}, loss=0.7, ...)
    serve(solve)                            # solve(case_dir, result_dir) for each request of conform run --worker

Indices (sources, neurons) are float64 too. Values, shapes and unknown keys are for the caller to check; rows
of different lengths stay a list. What is wrong raises ValueError or OSError.
"""
import itertools
import json
import math
import os
import sys
import traceback
from pathlib import Path

import numpy as np


def load(folder, name="case.json"):
    def record(parts):
        if parts.keys() == {"file", "dtype", "shape"}:
            return _raw(folder, **parts)
        return {key: _array(part) for key, part in parts.items()}

    text = Path(folder, name).read_text(encoding="utf-8-sig")  # with a byte order mark or without
    return json.loads(text, object_hook=record, parse_constant=_refuse)


def save_result(folder, **parts):
    """Arrays of numpy that are long, or have NaN, which JSON has not, become raw files array0.f64, …"""
    unused = itertools.count()

    def plain(value):
        array = np.asarray(value)
        if array.ndim == 0 or (array.size <= 1000 and np.isfinite(array).all()):
            return array.tolist()
        file = "array%d.f64" % next(unused)
        array.astype("<f8").tofile(Path(folder, file))
        return {"file": file, "dtype": "<f8", "shape": array.shape}

    text = json.dumps({"format": "goldspike/result@1", **parts}, default=plain, allow_nan=False)
    Path(folder, "result.json").write_text(text, encoding="utf-8")


class Unsupported(Exception):
    """A legal case that this backend cannot solve. Anything but it and Refused is a failure, with its traceback."""


class Refused(Exception):
    """A case that no backend should solve."""


def serve(solve):
    """Answers requests until stdin ends. Only answers go to the real stdout; all that is printed goes to stderr."""
    requests, answers = os.fdopen(os.dup(0), encoding="utf-8"), os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)  # what a child reads is no request
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    for line in requests:
        request = json.loads(line)
        status, message = "done", ""
        try:
            solve(request["case"], request["result"])
        except (Unsupported, Refused) as error:
            status, message = type(error).__name__.lower(), str(error)
        except (Exception, SystemExit) as error:
            status, message = "failed", failure(error)
            traceback.print_exc()
        sys.stderr.flush()
        print(json.dumps({"id": request["id"], "status": status, "message": message}), file=answers, flush=True)


def failure(error):
    """One line about an exception: file and line of the innermost frame that is no library's, and what it says."""
    frames = traceback.extract_tb(error.__traceback__)[1:]  # the first is that of who calls the backend
    beside = [frame for frame in frames if os.path.dirname(frame.filename) == os.path.dirname(frames[0].filename)]
    own = [frame for frame in frames if not _is_library(frame.filename)] or beside
    place = "%s:%d: " % (os.path.basename(own[-1].filename), own[-1].lineno) if own else ""
    text = " ".join(str(error).split())
    return place + type(error).__name__ + (": " + text if text else "")


def _is_library(file):
    standard = os.path.dirname(os.__file__) + os.sep
    return file.startswith(("<frozen", standard)) or bool({"site-packages", "dist-packages"} & set(Path(file).parts))


def _array(value):
    if not isinstance(value, list):
        return value
    parts = [_array(part) for part in value]
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
    path, size = Path(folder, file), math.prod(shape) * np.dtype(dtype).itemsize
    if path.is_symlink() or not path.is_file() or path.stat().st_size != size:
        raise ValueError("%s: expected a file of %d bytes, no link" % (file, size))
    return np.fromfile(path, dtype=dtype).reshape(shape).astype(float)


def _refuse(constant):
    raise ValueError("expected JSON, which has no " + constant)
