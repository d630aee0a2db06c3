"""``samplan try``: play a diagram in the terminal, one line of JSON per command."""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from base.clock import SystemClock
from base.errors import Invalid, SamplanError
from casework.releases import checks
from cli.checking import Rows, check_one, read_start
from cli.guarded import Guarded
from cli.lines import of_system, say
from engine import diagram
from engine.diagram import Process
from engine.packs import Pack, is_pack_file, open_pack, read_folder
from engine.trial import Told, Trial, called_from, first_process, refusal

_LONGEST_LINE = 100_000
_NOTHING: Mapping[str, Any] = {"open": [], "waiting": [], "ended": False}


def play(file: Path, pack: Path | None) -> int:
    """Exit 0 at the end of input, 1 for a diagram that cannot be tried."""
    try:
        trial = _trial(file, pack)
    except SamplanError as error:
        return _refuse(str(error))
    except OSError as error:
        return _refuse(of_system(error))
    say(trial.start())
    for line in _lines():
        say(_answer(trial, line))
    return 0


def _refuse(why: str) -> int:
    """Every line has its answer, here as elsewhere."""
    said = {**_NOTHING, "error": why}
    say(said)
    for _ in _lines():
        say(said)
    return 1


def _trial(file: Path, folder: Path | None) -> Trial:
    """Raises SamplanError for what cannot be tried, OSError for what cannot be read."""
    data = read_start(file)
    processes = {process.id: process for process in diagram.read(data, file.name)}
    first = first_process(processes)
    now = SystemClock().now()
    if folder is None:
        _require(_findings(file), first, processes)
        return Trial(processes, first, now=now)
    pack, name = _put_into(folder, file.name, data, processes)
    everything = {**pack.diagrams, **processes}
    _require([f for f in checks.findings(pack) if f.file == name], first, processes)
    calendar = pack.config.calendar
    return Trial(everything, first, now=now, calendar=calendar, decisions=pack.decisions)


def _findings(file: Path) -> Rows:
    with Guarded(check_one) as guard:
        found = guard(file)
    if found is None:
        raise Invalid("The file takes more time or memory to check than a file may take.")
    return found


def _require(found: Iterable[Told], first: str, processes: Mapping[str, Process]) -> None:
    refused = refusal(found, called_from(first, processes))
    if refused is not None:
        raise refused


def _put_into(
    folder: Path, name: str, data: bytes, processes: Mapping[str, Process]
) -> tuple[Pack, str]:
    """The pack with this file in it, in the place of the one that holds the same processes."""
    pack = open_pack(read_folder(folder))
    held = [pack.diagrams[id].file for id in processes if id in pack.diagrams]
    place = held[0] if held else name if is_pack_file(name) else "tried.bpmn"
    return open_pack({**pack.files, place: data}), place


def _lines() -> Iterator[bytes | None]:
    """The lines of the input; None for one that is too long."""
    while line := _piece():
        whole = line.endswith(b"\n") or len(line) < _LONGEST_LINE
        yield line if whole else None
        while not whole:
            rest = _piece()
            whole = not rest or rest.endswith(b"\n")


def _piece() -> bytes:
    """At most so much of a line; nothing at the end, or where nothing can be read."""
    try:
        return sys.stdin.buffer.readline(_LONGEST_LINE) if sys.stdin else b""
    except OSError:
        return b""


def _answer(trial: Trial, line: bytes | None) -> dict[str, Any]:
    try:
        asked = _read(line)
    except Invalid as error:
        return trial.command(None) | {"error": str(error)}
    return trial.command(asked)


def _read(line: bytes | None) -> object:
    if line is None:
        raise Invalid("The line is too long.")
    try:
        return json.loads(line.decode())
    except (ValueError, RecursionError) as error:
        raise Invalid("This line is not JSON.") from error
