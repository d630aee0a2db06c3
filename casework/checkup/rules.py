"""What counts as well, as worth a look, and as wrong. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

State = Literal["ok", "warn", "wrong"]
_GIGABYTE = 1024**3
#: Below these a disk is worth a look, or wrong.
_LITTLE, _TOO_LITTLE = 2 * _GIGABYTE, _GIGABYTE // 4
_LATE, _TOO_LATE = timedelta(hours=36), timedelta(days=7)
#: Clocks of machines may differ by so much.
_CLOCKS = timedelta(minutes=2)
_OLDEST_POSTGRESQL, _OLDEST_SQLITE = 15, (3, 37)
_SILENT = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing looked at; ``remedy`` is empty where nothing is to be done."""

    name: str
    state: State
    said: str
    remedy: str = ""


def disk(name: str, free: int) -> Line:
    said = f"{free / _GIGABYTE:.1f} GB free"
    if free < _TOO_LITTLE:
        return Line(name, "wrong", said, "Make room now: nothing can be saved on a full disk.")
    if free < _LITTLE:
        return Line(name, "warn", said, "Make room, or move old backups away.")
    return Line(name, "ok", said)


def rights(name: str, mode: int) -> Line:
    """``mode``: the permission bits of a file that holds keys or cases."""
    said = f"{mode & 0o777:o}"
    if mode & 0o077:
        return Line(name, "wrong", f"others may open it ({said})", "chmod 600, or 700 a folder.")
    return Line(name, "ok", said)


def backup_age(name: str, made: datetime | None, now: datetime) -> Line:
    remedy = "Run samplan backup; let the system run it every night (deploy/samplan-backup.timer)."
    if made is None:
        return Line(name, "wrong", "there is none", remedy)
    hours = (now - made) / timedelta(hours=1)
    said = f"made {hours:.0f} hours ago"
    if now - made > _TOO_LATE:
        return Line(name, "wrong", said, remedy)
    return Line(name, "warn", said, remedy) if now - made > _LATE else Line(name, "ok", said)


def clock(newest: datetime | None, elsewhere: datetime | None, now: datetime) -> Line:
    """``newest``: of the trace; ``elsewhere``: the time of the database's machine, if another."""
    remedy = "Let the system keep the time (timedatectl set-ntp true); then restart."
    if elsewhere is not None and abs(elsewhere - now) > _CLOCKS:
        return Line("clock", "wrong", "differs from the database's machine", remedy)
    if newest is not None and newest - now > _CLOCKS:
        return Line("clock", "wrong", "something has happened in the future", remedy)
    return Line("clock", "ok", now.isoformat(timespec="seconds"))


def version(kind: str, number: tuple[int, ...]) -> Line:
    said = f"{kind} {'.'.join(map(str, number))}"
    oldest = (_OLDEST_POSTGRESQL,) if kind == "PostgreSQL" else _OLDEST_SQLITE
    if number < oldest:
        least = ".".join(map(str, oldest))
        return Line("database version", "wrong", said, f"Upgrade it to {least} or newer.")
    return Line("database version", "ok", said)


def worker(seen: datetime | None, now: datetime) -> Line:
    remedy = "Start a worker: without one no deadline falls due and no mail leaves."
    if seen is None or now - seen > _SILENT:
        return Line("worker", "wrong", "no sign of life for five minutes", remedy)
    return Line("worker", "ok", "alive")


def given_up(count: int) -> Line:
    remedy = "Look why in the worker's log; a mail server that refuses is the usual reason."
    if count:
        return Line("jobs given up", "warn", str(count), remedy)
    return Line("jobs given up", "ok", "none")


def second_key(left: int) -> Line:
    """``left``: keys that only the second master key opens."""
    name = "change of master key"
    if left:
        remedy = "Run samplan rotate-keys, or go on with docs/howto/rotate-keys.md."
        return Line(name, "warn", f"{left} keys need the second one", remedy)
    remedy = "Take SAMPLAN_OTHER_MASTER_KEY out once every program has the present key."
    return Line(name, "warn", "nothing needs the second one", remedy)


def address(public_url: str, *, demo: bool) -> Line:
    if demo:
        remedy = "Unset SAMPLAN_DEMO and begin with an empty database."
        return Line("address", "wrong", "this is a demonstration", remedy)
    if not public_url.startswith("https://"):
        remedy = "Put a proxy that speaks TLS in front and set SAMPLAN_PUBLIC_URL to https://…"
        return Line("address", "warn", f"{public_url} is not encrypted", remedy)
    return Line("address", "ok", public_url)


def worst(lines: list[Line]) -> State:
    states = {line.state for line in lines}
    return "wrong" if "wrong" in states else "warn" if "warn" in states else "ok"
