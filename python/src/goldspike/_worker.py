"""The process that answers: started at the first request, again if it dies, ended with this process.

Its lines are described in src/service/protocol.ts of the project.
"""
from __future__ import annotations

import atexit
import itertools
import json
import os
import subprocess
import sys
import tempfile
import threading
from typing import Any

from ._errors import Error, Refused
from ._node import PROGRAM, find_node

_CHUNK = 1 << 20


class _Died(Exception):
    """The process has ended before its answer."""


class _Process:
    """A process, and the bytes that it has written beyond the last line."""

    def __init__(self) -> None:
        self._errors = tempfile.TemporaryFile()
        # Out of reach of Ctrl-C, which is for this process to understand.
        own_group: dict[str, Any] = {"start_new_session": True}
        if sys.platform == "win32":
            own_group = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
        try:
            self.popen = subprocess.Popen(
                [find_node(), str(PROGRAM), "service"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                bufsize=0,
                **own_group,
            )
        except OSError as error:
            raise Error(f"the program cannot be started: {error.strerror or error}") from None
        assert self.popen.stdin is not None and self.popen.stdout is not None
        self._to, self._from = self.popen.stdin.fileno(), self.popen.stdout.fileno()
        self._rest = b""

    def ask(self, line: bytes) -> bytes:
        """The line that answers."""
        try:
            rest = memoryview(line)
            while rest:
                rest = rest[os.write(self._to, rest[:_CHUNK]) :]
        except OSError:
            raise _Died from None
        chunks = [self._rest]
        while b"\n" not in chunks[-1]:
            chunk = os.read(self._from, _CHUNK)
            if not chunk:
                raise _Died
            chunks.append(chunk)
        answer, _, self._rest = b"".join(chunks).partition(b"\n")
        return answer

    def end(self, seconds: float = 0) -> None:
        """Lets it end by itself, or ends it."""
        for pipe in (self.popen.stdin, self.popen.stdout):
            if pipe is not None:
                pipe.close()
        try:
            self.popen.wait(seconds)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            self.popen.wait()
        self._errors.close()

    def last_words(self) -> str:
        """How it ended, after it has."""
        try:
            code: int | None = self.popen.wait(10)
        except subprocess.TimeoutExpired:
            return "it has closed its output"
        self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(0, self._errors.tell() - 4096))
        lines = self._errors.read().decode("utf-8", "replace").split("\n")
        telling = [line.strip() for line in lines if "rror" in line or "heap" in line] or [""]
        how = f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
        return f"{how}{': ' if telling[0] else ''}{telling[0][:200]}"

    def forget(self) -> None:
        """In a forked child: the parent's process is not this one's, and is to see its input end with the parent."""
        for pipe in (self.popen.stdin, self.popen.stdout):
            if pipe is not None:
                pipe.close()
        self.popen.returncode = 0


class Worker:
    """Answers one request at a time, of any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: _Process | None = None
        self._ids = itertools.count(1)

    def ask(self, op: str, given: Any, files: dict[str, str]) -> tuple[Any, dict[str, str]]:
        """The answer's value, and its arrays in base64.

        Raises:
            Refused: the case is none, or must not be solved.
            Error: what is given is wrong, or the process died, and another one that was asked the same too.
        """
        with self._lock:
            number = next(self._ids)
            request = {"id": number, "op": op, "given": given, "files": files}
            line = json.dumps(request, allow_nan=False, separators=(",", ":")).encode() + b"\n"
            answer = json.loads(self._answer(line))
        if answer.get("id") != number:
            raise Error(f"the program answered request {answer.get('id')} in place of {number}, which is a bug in goldspike")
        problem = answer.get("error")
        if problem is None:
            return answer["value"], answer["files"]
        message, kind = problem["message"], problem["kind"]
        if kind == "bug":
            raise Error(f"a bug in goldspike: {message}")
        raise (Refused if op == "solve" and kind == "input" else Error)(message)

    def _answer(self, line: bytes) -> bytes:
        for is_last in (False, True):
            process = self._process = self._process or _Process()
            try:
                return process.ask(line)
            except _Died:
                words = process.last_words()
                self._stop()
                if is_last:
                    raise Error(f"the program died twice at the same request: {words}") from None
            except BaseException:
                # Its answer would come when another is waited for.
                self._stop()
                raise
        raise AssertionError

    @property
    def pid(self) -> int | None:
        """Of the process; None before the first request."""
        return self._process.popen.pid if self._process else None

    def _stop(self, seconds: float = 0) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.end(seconds)

    def close(self) -> None:
        """Ends the process; the next request starts another."""
        self._stop(2)

    def after_fork(self) -> None:
        """In the child: neither the process nor a lock that another thread may have held is its own."""
        self._lock = threading.Lock()
        process, self._process = self._process, None
        if process is not None:
            process.forget()


worker = Worker()
atexit.register(worker.close)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=worker.after_fork)
