"""The command ``goldspike``: the same program as npm's, run by the Node that this package finds."""
from __future__ import annotations

import os
import subprocess
import sys

from ._errors import Error
from ._node import PROGRAM, find_node


def main() -> int:
    """The exit code of the program; 2 where there is no Node."""
    try:
        command = [find_node(), str(PROGRAM), *sys.argv[1:]]
    except Error as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    if sys.platform == "win32":
        return subprocess.run(command, check=False).returncode
    sys.stdout.flush()
    os.execv(command[0], command)
