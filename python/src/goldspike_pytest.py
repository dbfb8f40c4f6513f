"""For pytest: cases become tests, and ``--goldspike-html`` writes the kit's page over all that were judged.

A module of its own, which imports the package only where a test does: others pay nothing, and a copy of the reader
``goldspike.py`` in the folder where pytest is started, which hides the package there, harms nobody.
"""
from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from goldspike._conformance import Conformance

_functions = pytest.StashKey[dict[str, "Conformance"]]()
_collected = pytest.StashKey[dict[str, dict[str, Any]]]()
_written = pytest.StashKey[list[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.getgroup("goldspike").addoption(
        "--goldspike-html",
        metavar="FILE",
        help="write the verdicts on goldspike's cases as a page; with several functions a page each, FILE-NAME",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_functions], config.stash[_collected], config.stash[_written] = {}, {}, []
    page = config.getoption("--goldspike-html")
    if page is not None and (not Path(page).absolute().parent.is_dir() or Path(page).is_dir()):
        raise pytest.UsageError(f"--goldspike-html: expected a file in a folder that is there, got {page}")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    own: Conformance | None = getattr(metafunc.function, "__goldspike__", None)
    if own is None:
        return
    from goldspike._errors import Error

    try:
        chosen, _ = own.cases, own.judging
    except Error as error:
        pytest.fail(f"{own.name}: {error}", pytrace=False)
    metafunc.config.stash[_functions][own.name] = own
    metafunc.parametrize(own.parameter, chosen, ids=[case.path for case in chosen])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """A process of pytest-xdist hands over what it has judged."""
    for name, part in getattr(node, "workeroutput", {}).get("goldspike", {}).items():
        _merge(node.config.stash[_collected], name, part)


def _merge(collected: dict[str, dict[str, Any]], name: str, part: dict[str, Any]) -> None:
    whole = collected.setdefault(name, {"judging": part["judging"], "cases": [], "verdicts": []})
    whole["cases"] += part["cases"]
    whole["verdicts"] += part["verdicts"]


@pytest.hookimpl(hookwrapper=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None, None, None]:
    config = session.config
    page = config.getoption("--goldspike-html")
    if page is None:
        yield
        return
    for name, own in config.stash[_functions].items():
        if own.verdicts:
            from goldspike._cases import which_case

            cases = [which_case(case) for case, _ in own.verdicts.values()]
            part = {"judging": own.judging.given, "cases": cases, "verdicts": [v._sent for _, v in own.verdicts.values()]}
            _merge(config.stash[_collected], name, part)
    if hasattr(config, "workeroutput"):
        config.workeroutput["goldspike"] = config.stash[_collected]
        yield
        return
    yield
    # By now the processes of pytest-xdist have ended.
    if config.stash[_collected]:
        _write(config, Path(page))


def _write(config: pytest.Config, page: Path) -> None:
    from goldspike._arrays import Encoded
    from goldspike._ask import ask_raw
    from goldspike._errors import Error

    collected = config.stash[_collected]
    for name, whole in collected.items():
        given = {
            "cases": whole["cases"],
            "verdicts": Encoded(whole["verdicts"]),
            "judging": Encoded(whole["judging"]),
            "name": f"pytest {name}",
            "forms": ["html"],
        }
        own = page if len(collected) == 1 else page.with_stem(f"{page.stem}-{name.rpartition('::')[2]}")
        try:
            own.write_text(ask_raw("report", given)[0]["html"], encoding="utf-8")
            config.stash[_written].append(f"goldspike: wrote {own}")
        except (OSError, Error) as error:
            config.stash[_written].append(f"goldspike: {own}: cannot be written: {error}")


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    for line in config.stash[_written]:
        terminalreporter.write_line(line)
    if config.getoption("--goldspike-html") is not None and not config.stash[_written]:
        terminalreporter.write_line("goldspike: no case was judged, so there is no page")
