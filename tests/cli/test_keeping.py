"""A part that is killed begins anew; one that ends, or is told to, takes its keeper with it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgresql import end_with_parent

ROOT = Path(__file__).parents[2]
#: Says who it is, then does as it is told by the line that it reads.
_PART = """
import os, signal, sys, structlog
from cli.keeping import keep
from base.settings import Settings

def part(settings):
    if sys.argv[1] == "waits":
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))
    print(os.getpid(), flush=True)
    if sys.argv[1] == "waits":
        signal.pause()
    elif sys.argv[1] == "dies":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif sys.argv[1] == "fails":
        raise SystemExit(3)

def told_to_stop(logger, name, event):
    os.kill(os.getpid(), signal.SIGTERM)
    raise structlog.DropEvent

if sys.argv[1] == "dies, its keeper is told to stop":
    sys.argv[1] = "dies"
    structlog.configure(processors=[told_to_stop])
sys.exit(keep(part, Settings.model_construct()))
"""


@pytest.fixture
def kept() -> Iterator[subprocess.Popen[str]]:
    with _keeper("waits") as process:
        yield process
        process.kill()


def _keeper(does: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _PART, does],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        preexec_fn=end_with_parent,
    )


def _who(process: subprocess.Popen[str]) -> int:
    """Who says so next; what is logged comes between."""
    assert process.stdout is not None
    return next(int(line) for line in process.stdout if line.strip().isdigit())


def test_what_is_killed_begins_anew_and_what_is_told_to_stop_stops(kept: subprocess.Popen[str]):
    first = _who(kept)
    os.kill(first, signal.SIGKILL)
    second = _who(kept)
    assert second != first
    kept.send_signal(signal.SIGTERM)

    assert kept.wait(timeout=60) == 7


def test_without_its_keeper_nothing_goes_on(kept: subprocess.Popen[str]):
    _who(kept)
    kept.kill()
    assert kept.stdout is not None

    # The child holds the other end of what is read here for as long as it lives.
    assert kept.stdout.read() == ""


@pytest.mark.parametrize(
    ("does", "code", "times"),
    [("fails", 3, 1), ("dies", 1, 10), ("dies, its keeper is told to stop", 0, 1)],
)
def test_what_ends_by_itself_or_dies_again_and_again_is_left(does: str, code: int, times: int):
    with _keeper(does) as process:
        said, _ = process.communicate(timeout=120)

    assert process.returncode == code
    assert len([line for line in said.splitlines() if line.isdigit()]) == times
