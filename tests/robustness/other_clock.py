"""A program on a machine whose clock is off: ``python -m tests.robustness.other_clock FILE web``.

The file says by how many seconds, and may change while it runs.
"""

import runpy
import sys
from datetime import datetime, timedelta
from pathlib import Path

from base.clock import SystemClock

_right = SystemClock.now


def start(offset: Path, *words: str) -> None:
    def now(clock: SystemClock) -> datetime:
        return _right(clock) + timedelta(seconds=float(offset.read_text() or 0))

    setattr(SystemClock, "now", now)  # noqa: B010
    sys.argv = ["samplan", *words]
    runpy.run_module("cli", run_name="__main__")


if __name__ == "__main__":
    start(Path(sys.argv[1]), *sys.argv[2:])
