"""Cases that were begun on the first schema go on at the newest.

``begun/`` holds an installation as the first migration and the code beside it left it: the arena
with two running cases, one with a timer, one with a consent that shares.
"""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
import zstandard

from base import migrations
from base.clock import Fixed
from base.db import Database
from casework import worker
from casework.application import Application
from tests.arena import FILES, settings_in
from tests.robustness.arena import Arena

BEGUN = Path(__file__).parent / "begun"
LATE = UUID("a0cc7551-0fbb-4944-8dbd-a5b0f115c159")
SHARED = UUID("762472bc-8b1e-4f24-bb47-0620e8fe6eab")
LATER = datetime(2027, 3, 1, 10, tzinfo=UTC)
pytestmark = pytest.mark.sqlite("an installation begins on it")


@pytest.fixture
def begun(tmp_path: Path) -> Path:
    """A folder with the installation."""
    for name in FILES:
        packed = (BEGUN / f"{name}.zst").read_bytes()
        (tmp_path / name).write_bytes(zstandard.decompress(packed))
    return tmp_path


def rows(folder: Path) -> dict[str, int]:
    """How many each table holds."""
    connection = sqlite3.connect(folder / FILES[0])
    question = "select name from sqlite_master where type = 'table'"
    names = [name for (name,) in connection.execute(question)]
    found = {n: connection.execute(f'select count(*) from "{n}"').fetchone()[0] for n in names}  # noqa: S608
    connection.close()
    return found


def test_no_row_is_lost_and_cases_go_on_where_they_were(begun: Path):
    before, clock = rows(begun), Fixed(LATER)
    app = Application.open(settings_in(begun), clock)
    arena, after = Arena(app, clock), rows(begun)

    lost = {name: count - after[name] for name, count in before.items() if name in after}
    assert {name: count for name, count in lost.items() if count > 0} == {}
    assert before["case"] == after["case"] == 2
    assert arena.open_steps(LATE) == ["talk_with_person@varnamo"]
    assert arena.open_steps(SHARED) == ["referral_to_party@vc_vaster"]

    worker.run_round(app)
    late = arena.open_steps(LATE)
    arena.complete(LATE, "talk_with_person", {"wants_coordination": "no"})
    arena.complete(LATE, "note_refusal")
    arena.complete(SHARED, "referral_to_party")

    assert late == ["see_to_first_contact@varnamo", "talk_with_person@varnamo"]
    assert arena.open_steps(LATE) == []
    assert arena.open_steps(SHARED) == ["confirm_case_lead@psykiatri"]
    arena.require_whole(LATE, SHARED)
    app.close()


def test_an_upgrade_that_finds_a_broken_reference_changes_nothing(begun: Path):
    connection = sqlite3.connect(begun / FILES[0])
    connection.execute("delete from local_group")
    connection.commit()
    connection.close()
    clock = Fixed(LATER)
    data, keys = (Database(f"sqlite:///{begun / name}", clock) for name in FILES)

    with pytest.raises(ValueError, match="rows without what they refer to: "):
        migrations.upgrade(data, keys, to="0002")

    with data.reading() as tx:
        assert migrations.stands_at(tx) == "0001"
    for database in (data, keys):
        database.close()
