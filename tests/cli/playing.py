"""Plays a diagram as ``samplan try`` does, in this process: bytes in, lines of JSON out."""

import io
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cli.trying import play

Command = dict[str, Any]


def do(element: str, index: int = 0, **variables: Any) -> Command:
    return {"complete": element, "index": index, "variables": variables}


def hear(message: str, key: Any = None, **variables: Any) -> Command:
    return {"message": message, "key": key, "variables": variables}


def signalled(name: str) -> Command:
    return {"signal": name}


def later(span: str) -> Command:
    return {"advance": span}


@dataclass(frozen=True)
class Shown:
    """What a line says; ``error`` is a part of the text."""

    open: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    ended: bool = False
    error: str | None = None


def shows(open: str = "", waiting: str = "", error: str | None = None) -> Shown:
    """Ids in their order, parted by spaces."""
    return Shown(tuple(open.split()), tuple(waiting.split()), False, error)


OVER = Shown(ended=True)


class _Bytes(io.BytesIO):
    def close(self) -> None:
        """Kept, to be read."""


def lines(
    file: Path, commands: Sequence[Command | bytes], pack: Path | None = None
) -> tuple[int, list[dict[str, Any]]]:
    """The exit code, and what was said: at once, and after each command."""
    raw = b"".join(c if isinstance(c, bytes) else json.dumps(c).encode() + b"\n" for c in commands)
    said = _Bytes()
    before = sys.stdin, sys.stdout
    sys.stdin = io.TextIOWrapper(io.BytesIO(raw))
    sys.stdout = io.TextIOWrapper(said, encoding="ascii")
    try:
        code = play(file, pack)
    finally:
        sys.stdin, sys.stdout = before
    return code, [json.loads(line) for line in said.getvalue().splitlines()]


def shown(line: dict[str, Any]) -> Shown:
    assert list(line) == ["open", "waiting", "ended", "error"]
    return Shown(tuple(line["open"]), tuple(line["waiting"]), line["ended"], line["error"])


def agree(found: list[Shown], expected: list[Shown]) -> None:
    """The same lines; of an error the text may say more."""
    for place, (line, wanted) in enumerate(zip(found, expected, strict=True)):
        if wanted.error is not None and wanted.error in (line.error or ""):
            wanted = replace(wanted, error=line.error)
        assert line == wanted, place


def follow(data: bytes, steps: Sequence[tuple[Command | None, Shown]], file: Path) -> None:
    """Play a diagram: each command (none at the start) is followed by what must be shown then."""
    file.write_bytes(data)

    code, said = lines(file, [command for command, _ in steps if command is not None])

    assert code == 0
    agree([shown(line) for line in said], [expected for _, expected in steps])
