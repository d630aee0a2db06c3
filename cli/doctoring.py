"""``samplan doctor``: what an installation lacks."""

from dataclasses import asdict

from base.clock import SystemClock
from base.settings import Settings
from casework.checkup import actions as checkup
from casework.checkup import rules
from cli.lines import say, write

_CODES = {"ok": 0, "warn": 0, "wrong": 1}


def look(settings: Settings, *, as_json: bool) -> int:
    """Exit 1 if anything is wrong; what is worth a look alone is no failure."""
    lines = checkup.look(settings, SystemClock())
    for line in lines:
        if as_json:
            say(asdict(line))
        else:
            write(f"{line.state:<6}{line.name}: {line.said}")
            if line.remedy:
                write(f"      → {line.remedy}")
    return _CODES[rules.worst(lines)]
