"""``samplan try``: play a diagram in the terminal, one line of JSON per command."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from base.clock import SystemClock
from base.errors import SamplanError
from engine import decisions, diagram
from engine.decisions import Decisions
from engine.packs import open_pack, read_folder
from engine.trial import Trial, first_process

_MOST_BYTES = 4_000_000
_LONGEST_LINE = 100_000


def play(file: Path, pack: Path | None) -> int:
    """Exit 0 at the end of input, 1 for a diagram that cannot be tried."""
    try:
        trial = _trial(file, pack)
    except (SamplanError, OSError) as error:
        _say({"open": [], "waiting": [], "ended": False, "error": str(error)})
        return 1
    said = trial.start()
    _say(said)
    for line in sys.stdin:
        if line.strip():
            _say(_answer(trial, line))
    return 0


def _trial(file: Path, folder: Path | None) -> Trial:
    with file.open("rb") as opened:
        data = opened.read(_MOST_BYTES)
    processes = {process.id: process for process in diagram.read(data, file.name)}
    first = first_process(processes)
    now = SystemClock().now()
    if folder is None:
        return Trial(processes, first, now=now)
    pack = open_pack(read_folder(folder))
    return Trial(
        {**pack.diagrams, **processes},
        first,
        now=now,
        calendar=pack.config.calendar,
        decisions=_decisions(pack.files),
    )


def _decisions(files: Mapping[str, bytes]) -> dict[str, Decisions]:
    """Every decision of the pack by its id."""
    found: dict[str, Decisions] = {}
    for name in sorted(files):
        if name.endswith(".dmn"):
            read = decisions.read(files[name], name)
            found |= dict.fromkeys(read.ids, read)
    return found


def _answer(trial: Trial, line: str) -> dict[str, Any]:
    if len(line) > _LONGEST_LINE:
        return trial.command(None) | {"error": "The line is too long."}
    try:
        asked = json.loads(line)
    except (ValueError, RecursionError):
        return trial.command(None) | {"error": "This line is not JSON."}
    return trial.command(asked)


def _say(said: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(said, ensure_ascii=False, default=str) + "\n")
    sys.stdout.flush()
