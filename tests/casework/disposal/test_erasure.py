"""An erased case is gone: no byte of it is left, and no backup brings it back."""

import shutil
import sqlite3
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import LargeBinary, func, select, text

from base import keys
from base.clock import Fixed
from base.db import Database, Session, Table
from base.keys import KeyDestroyed
from base.settings import Settings
from casework.application import Application
from casework.audit.verifying import Count, verify_all
from casework.backups import actions as backups
from casework.cases import actions as cases
from casework.cases import store as case_store
from casework.cases.tables import Case, CaseEntryPart
from casework.consent import actions as consent
from casework.consent import store as consents
from casework.erasure import actions as erasure
from casework.erasure import store
from casework.erasure.rules import KEPT
from casework.people import actions as people
from casework.plans import actions as plans
from casework.plans import store as plan_store
from tests import stories
from tests.arena import SCENARIOS, opened
from tests.casework.arena import actor
from tests.casework.test_backups import with_key

LEAD = "per.holm"
MARK = "Kanariefågel"
#: A marked word in every field into which a person's words or data go, by form.
PLANTED: Mapping[str, Mapping[str, str]] = {
    "describe_need": {"alias": f"{MARK}alias", "tried": f"{MARK}tried"},
    "talk_with_person": {
        "what_matters": f"{MARK}matters",
        "not_to_be_shared": f"{MARK}notshared",
    },
    "prepare_consent": {
        "exclusions": f"{MARK}exclusions",
        "necessity_reason": f"{MARK}necessity",
    },
    "register_signature": {"original_location": f"{MARK}original"},
    "record_person": {
        "given_name": f"{MARK}given",
        "family_name": f"{MARK}family",
        "id_kind": "personnummer",
        "id_number": "19870412-2384",
        "phone": "070-1740605",
        "address": f"{MARK}address 8",
    },
    "record_plan": {"own_voice": f"{MARK}voice", "crisis_plan": f"{MARK}crisis"},
    "closing_talk": {"comment": f"{MARK}comment"},
}
NUMBERS = ("19870412-2384", "198704122384", "070-1740605")


def a_closed_case(app: Application, clock: Fixed) -> UUID:
    """Raised, planned, followed up and closed by real commands, with the marked words."""
    told = tomllib.loads((SCENARIOS / "goals_reached.toml").read_text())
    for step in told["step"]:
        form = str(step.get("do", {}).get("task", "")).partition("@")[0]
        if form in PLANTED:
            step["do"].setdefault("answers", {}).update(PLANTED[form])
    clock.set(datetime.combine(told["given"]["on"], time(9), UTC))
    return stories.play(app, clock, told, len(told["step"]))


def words(found: Any) -> Iterator[str]:
    match found:
        case str():
            yield found
        case Mapping():
            for inner in found.values():
                yield from words(inner)
        case list() | tuple():
            for inner in found:
                yield from words(inner)


def everything_said(tx: Session, case_id: UUID) -> str:
    """All that the case holds of the person, read as the one who leads it may read it."""
    who = actor(tx, LEAD)
    facts = case_store.facts(tx, case_id)
    on = tx.info["now"].date()
    found: list[Any] = [list(cases.aliases(tx, [case_store.by_id(tx, case_id)]).values())]
    found += [entry.answers for entry in cases.read_entries(tx, who, facts, on=on)]
    person = people.read_person(tx, who, facts, on=on)
    assert person is not None
    found += [person.name, person.id_number, person.phone, person.address]
    plan = plan_store.adopted(tx, case_id)
    assert plan is not None
    found.append(plans.read_plan(tx, plan))
    for one in consents.of_case(tx, case_id):
        texts = consent.read_texts(tx, who, facts, one, on=on)
        found += [texts.exclusions, texts.necessity] if texts else []
    return "\n".join(words(found))


def sealed(tx: Session, case_id: UUID) -> list[bytes]:
    """Every sealed value of the case, wherever it lies."""
    found = []
    for table in Table.metadata.sorted_tables:
        condition = store.found_by().get(table.name)
        columns = [column for column in table.c if isinstance(column.type, LargeBinary)]
        if condition is None or not columns:
            continue
        for row in tx.execute(select(*columns).where(condition), {"of_case": case_id}):
            found += [bytes(value) for value in row if value and len(value) > 30]
    return found


def rows_of(tx: Session, case_id: UUID) -> dict[str, int]:
    """How many rows each table holds of a case."""
    counts = {}
    for name, condition in store.found_by().items():
        table = Table.metadata.tables[name]
        asked = select(func.count()).select_from(table).where(condition)
        counts[name] = tx.execute(asked, {"of_case": case_id}).scalar_one()
    return counts


def held_in(folder: Path, server: Path | None) -> bytes:
    """Every byte of the database files and their logs."""
    if server is not None:
        return b"".join(path.read_bytes() for path in server.rglob("*") if path.is_file())
    return b"".join(path.read_bytes() for path in sorted(folder.glob("samplan.db*")))


@contextmanager
def put_back(app: Application, backup: Path, clock: Fixed) -> Iterator[Database]:
    """The last backup of the cases, with the key store as it is now."""
    database = Database(f"sqlite:///{backup}", clock, info=dict(app.database.info))
    yield database
    database.close()


def erase(app: Application, case_id: UUID) -> None:
    erasure.destroy_key(app.database, case_id)
    with app.database.transaction() as tx:
        erasure.remove(tx, case_id, by="account:1", code="case")
    erasure.scrub(app)


@pytest.mark.both("wide")
def test_no_byte_of_an_erased_case_is_left(
    app: Application,
    clock: Fixed,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    capfd: pytest.CaptureFixture[str],
):
    case_id = a_closed_case(app, clock)
    other = stories.play(app, clock, tomllib.loads((SCENARIOS / "moved.toml").read_text()), 3)
    server = (
        request.getfixturevalue("postgresql_server").folder / "data"
        if app.database.on_postgresql
        else None
    )
    with app.database.reading() as tx:
        before = everything_said(tx, case_id)
        blobs = sealed(tx, case_id)
        others = rows_of(tx, other)
    planted = [word for form in PLANTED.values() for word in form.values() if MARK in word]
    assert [word for word in (*planted, NUMBERS[1], NUMBERS[2]) if word not in before] == []
    assert len(blobs) > 40
    if server is None:
        assert all(blob in held_in(tmp_path, None) for blob in blobs)
    backup = _backed_up(app, tmp_path) if server is None else None
    keyed = with_key(app.settings, tmp_path)
    copies = _copies(app, keyed) if server is not None else None

    erase(app, case_id)

    with app.database.reading() as tx:
        assert set(rows_of(tx, case_id).values()) == {0}
        assert rows_of(tx, other) == others
        assert list(verify_all(tx, Count())) == []
        with pytest.raises(KeyDestroyed):
            keys.of(tx).get(case_id)
        [left] = tx.execute(text("select outcome, opened, closed from erased_case"))
        assert tuple(left) == ("goals_reached", 2027, 2027)
    said = capfd.readouterr()
    files = held_in(tmp_path, server) + said.out.encode() + said.err.encode()
    gone = (*planted, *NUMBERS, MARK)
    assert _found(gone, files) == []
    if server is not None:
        assert copies is not None
        app.close()
        for key_store in (None, copies.keys):
            _brings_nothing_back(keyed, clock, copies.cases, key_store, case_id)
            assert _found(gone, held_in(tmp_path, server) + copies.cases.read_bytes()) == []
    if server is None:
        # What was sealed is overwritten too, though nobody could read it any more.
        assert sum(blob in files for blob in blobs) == 0
        assert backup is not None
        _cannot_be_read(app, backup, clock, case_id, blobs)


@dataclass(frozen=True, slots=True)
class Copies:
    """Backups of both databases, made before anything was erased."""

    cases: Path
    keys: Path


def _copies(app: Application, keyed: Settings) -> Copies:
    made = backups.back_up(Application(app.database, app.keys_database, keyed))
    return Copies(*(one.path for one in made))


def _found(words: Iterable[str], data: bytes) -> list[str]:
    return [word for word in words if word.encode() in data]


def _brings_nothing_back(
    settings: Settings, clock: Fixed, cases: Path, key_store: Path | None, case_id: UUID
) -> None:
    """The last backup is restored, with the keys of today or those of the backup."""
    done = backups.restore(settings, clock, cases=cases, keys=key_store, replace=True)

    assert done.erased == 1
    restored = opened(settings, clock)
    with restored.database.reading() as tx:
        assert set(rows_of(tx, case_id).values()) == {0}
        with pytest.raises(KeyDestroyed):
            keys.of(tx).get(case_id)
    restored.close()


def _backed_up(app: Application, folder: Path) -> Path:
    backup = folder / "backup.db"
    held = sqlite3.connect(str(app.database.engine.url.database))
    held.execute("vacuum into ?", (str(backup),))
    held.close()
    return backup


def _cannot_be_read(
    app: Application, backup: Path, clock: Fixed, case_id: UUID, blobs: list[bytes]
) -> None:
    """The backup still holds every sealed byte, and opens none of them."""
    assert all(blob in backup.read_bytes() for blob in blobs)
    with put_back(app, backup, clock) as database, database.reading() as tx:
        assert tx.get(Case, case_id) is not None
        assert tx.scalar(select(func.count()).select_from(CaseEntryPart)) > 10
        with pytest.raises(KeyDestroyed):
            everything_said(tx, case_id)


@pytest.mark.sqlite("its file is read")
def test_the_search_for_bytes_finds_what_is_there(app: Application, clock: Fixed, tmp_path: Path):
    """A search that cannot find says nothing: a word in a plain column is found in the files."""
    with app.database.transaction() as tx:
        changed = "update programme set support_name = :word"
        tx.execute(text(changed), {"word": f"{MARK}plain"})

    assert f"{MARK}plain".encode() in held_in(tmp_path, None)


@pytest.mark.sqlite("its file is put back")
def test_a_case_that_a_backup_brings_back_is_erased_again(
    arena_settings: Any, clock: Fixed, tmp_path: Path
):
    app = opened(arena_settings, clock)
    told = tomllib.loads((SCENARIOS / "moved.toml").read_text())
    case_id, other = (stories.play(app, clock, told, 3) for _ in range(2))
    backup = _backed_up(app, tmp_path)
    erase(app, case_id)
    app.close()
    for file in tmp_path.glob("samplan.db*"):
        file.unlink()
    shutil.copyfile(backup, tmp_path / "samplan.db")

    app = opened(arena_settings, clock)
    assert erasure.again(app) == 1
    assert erasure.again(app) == 0

    with app.database.reading() as tx:
        assert set(rows_of(tx, case_id).values()) == {0}
        assert rows_of(tx, other)["case"] == 1
    app.close()


def test_what_is_kept_exists_and_nothing_of_it_is_emptied():
    tables = set(Table.metadata.tables)

    assert set(KEPT) - tables == set()
    assert set(KEPT) & set(store.emptied()) == set()
