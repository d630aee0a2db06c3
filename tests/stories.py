"""Cases brought to where a test needs them, by the pack's own scenarios.

What happens first on a fresh arena happens once a process; from then on its outcome is copied.
"""

import filecmp
import sqlite3
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any
from uuid import UUID

from base.clock import Fixed
from base.db import Database
from casework import scenarios
from casework.application import Application
from tests.arena import SCENARIOS, template_of


@dataclass(frozen=True, slots=True)
class _Outcome:
    """Both databases as they were afterwards, the case, and the time it was then."""

    data: sqlite3.Connection
    keys: sqlite3.Connection
    case_id: UUID
    now: datetime


_OUTCOMES: dict[tuple[str, int, datetime], _Outcome] = {}


def case_as_in(
    app: Application, clock: Fixed, scenario: str, *, steps: int, later: bool = True
) -> UUID:
    """A case to which the first steps of one of the pack's scenarios have happened.

    ``later``: not before the day on which the scenario begins; the clock never moves back.
    """
    told = tomllib.loads((SCENARIOS / f"{scenario}.toml").read_text())
    if later:
        clock.set(max(datetime.combine(told["given"]["on"], time(9), UTC), clock.now()))
    if not _is_fresh(app):
        return play(app, clock, told, steps)
    known = (scenario, steps, clock.now())
    if known in _OUTCOMES:
        return _bring_back(app, clock, _OUTCOMES[known])
    case_id = play(app, clock, told, steps)
    kept = (_copied(app.database), _copied(app.keys_database))
    _OUTCOMES[known] = _Outcome(*kept, case_id, clock.now())
    return case_id


def play(app: Application, clock: Fixed, told: dict[str, Any], steps: int) -> UUID:
    """The case of a scenario after so many of its steps."""
    played = scenarios.Play(app, clock, told)
    played.begin(told["given"])
    for step in told["step"][:steps]:
        played.step(step)
    return played.case()


def _is_fresh(app: Application) -> bool:
    """Whether nothing was ever written to the copy of a furnished arena (on SQLite only)."""
    if app.database.engine.dialect.name != "sqlite":
        return False
    for database in (app.database, app.keys_database):
        file = Path(str(database.engine.url.database))
        log = file.with_name(f"{file.name}-wal")
        template = template_of(file)
        written = log.exists() and log.stat().st_size
        if template is None or written or not filecmp.cmp(file, template, shallow=False):
            return False
    return True


def _copied(database: Database) -> sqlite3.Connection:
    held = sqlite3.connect(":memory:", check_same_thread=False)
    with _raw(database) as connection:
        connection.backup(held)
    return held


def _bring_back(app: Application, clock: Fixed, outcome: _Outcome) -> UUID:
    for database, held in ((app.database, outcome.data), (app.keys_database, outcome.keys)):
        with _raw(database) as connection:
            held.backup(connection)
    clock.set(outcome.now)
    return outcome.case_id


@contextmanager
def _raw(database: Database) -> Iterator[sqlite3.Connection]:
    pooled = database.engine.raw_connection()
    try:
        connection = pooled.driver_connection
        assert isinstance(connection, sqlite3.Connection)
        yield connection
    finally:
        pooled.close()
