"""Backups of an installation that has cases: whole, sealed, proved, put back."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import inspect, select, text

from base import backup, jobs, keys
from base.backup import files, places
from base.clock import Fixed
from base.settings import Settings
from casework.accounts.tables import AccountSession
from casework.application import Application
from casework.audit.verifying import Count, verify_all
from casework.backups import actions as backups
from casework.backups import rules
from casework.cases.tables import Case
from casework.erasure import actions as erasure
from tests.arena import opened, settings_in
from tests.casework.builders import unguard
from tests.conftest import NOON as NOW
from tests.stories import case_as_in

KEY = "c2FtcGxhbi10ZXN0cy1iYWNrdXAta2V5LTMyLWJ5dCE="


@pytest.fixture
def settings(arena_settings: Settings, tmp_path: Path) -> Settings:
    return with_key(arena_settings, tmp_path)


def with_key(settings: Settings, folder: Path, **more: object) -> Settings:
    own = {"backups": folder / "backups", "key_backups": folder / "key-backups"}
    return Settings(**{**settings.model_dump(), "backup_key": KEY, **own, **more})  # type: ignore[arg-type]


def made(settings: Settings, clock: Fixed) -> tuple[Path, Path]:
    """A backup of an arena, whose programs have ended."""
    app = opened(settings, clock)
    cases, store = backups.back_up(app)
    app.close()
    return cases.path, store.path


def contents(app: Application) -> dict[str, list[tuple[object, ...]]]:
    """Every row of both databases as the database itself tells it."""
    found = {}
    for database in (app.database, app.keys_database):
        with database.reading() as tx:
            for name in inspect(tx.connection()).get_table_names():
                rows = tx.execute(text(f'select * from "{name}"')).all()  # noqa: S608
                found[name] = [tuple(row) for row in rows]
    return found


def require_whole(app: Application) -> None:
    with app.database.reading() as tx:
        assert list(verify_all(tx, Count())) == []


@pytest.mark.both("wide")
def test_everything_comes_back_as_it_was(settings: Settings, clock: Fixed):
    app = opened(settings, clock)
    case_id = case_as_in(app, clock, "ac_01_arena_straight", steps=3)
    with app.database.transaction() as tx:
        jobs.defer(tx, "mail", {"mail": 7})
    before = {name: sorted(map(repr, rows)) for name, rows in contents(app).items()}
    cases, store = (one.path for one in backups.back_up(app))
    app.close()

    done = backups.restore(settings, clock, cases=cases, keys=store, replace=True)

    app = opened(settings, clock)
    assert (done.cases, done.unreadable, done.erased) == (1, 0, 0)
    after = {name: sorted(map(repr, rows)) for name, rows in contents(app).items()}
    changed = {name for name in before if before[name] != after[name]}
    # The restore itself stands in the trace; the queue and the anchors begin anew.
    assert changed <= {
        "audit",
        "audit_head",
        "audit_anchor",
        "anchor_mark",
        "procrastinate_events",
    }
    assert set(before["audit"]) < set(after["audit"])
    require_whole(app)
    with app.database.transaction() as tx:
        assert keys.of(tx).get(case_id)
        jobs.defer(tx, "mail", {"mail": 8})
    app.close()


@pytest.mark.postgresql
def test_what_was_on_sqlite_goes_to_postgresql(
    settings: Settings, clock: Fixed, tmp_path: Path, postgresql_server, postgresql_url: str
):
    app = opened(settings, clock)
    case_as_in(app, clock, "ac_01_arena_straight", steps=3)
    with app.database.transaction() as tx:
        jobs.defer(tx, "mail", {"mail": 7}, due=clock.now() + timedelta(days=1))
    cases, store = (one.path for one in backups.back_up(app))
    app.close()
    other = postgresql_server.create()
    there = with_key(
        settings,
        tmp_path,
        database_url=postgresql_url,
        keys_url=postgresql_server.url(other),
    )

    done = backups.restore(there, clock, cases=cases, keys=store, replace=False)

    app = opened(there, clock)
    assert (done.cases, done.unreadable) == (1, 0)
    require_whole(app)
    with app.database.reading() as tx:
        assert tx.scalar(text("select count(*) from procrastinate_jobs")) == 1
    app.close()
    postgresql_server.drop(other)


def test_an_erased_case_stays_erased_after_an_older_backup(settings: Settings, clock: Fixed):
    app = opened(settings, clock)
    case_id = case_as_in(app, clock, "ac_01_arena_straight", steps=2)
    cases, store = (one.path for one in backups.back_up(app))
    erasure.destroy_key(app.database, case_id)
    with app.database.transaction() as tx:
        erasure.remove(tx, case_id, by="clock", code="test")
    app.close()

    with_present_keys = backups.restore(settings, clock, cases=cases, keys=None, replace=True)
    with_older_keys = backups.restore(settings, clock, cases=cases, keys=store, replace=True)

    assert (with_present_keys.erased, with_older_keys.erased) == (1, 1)
    app = opened(settings, clock)
    with app.database.reading() as tx:
        assert tx.get(Case, case_id) is None
        with pytest.raises(keys.KeyDestroyed):
            keys.of(tx).get(case_id)
    require_whole(app)
    app.close()


def test_nobody_is_signed_in_by_a_restore(settings: Settings, clock: Fixed):
    app = opened(settings, clock)
    with app.database.transaction() as tx:
        account_id = tx.scalar(text("select min(id) from account"))
        begun = {"created": clock.now(), "last_seen": clock.now()}
        ends = clock.now() + timedelta(hours=1)
        tx.add(AccountSession(token_digest=b"x", account_id=account_id, ends=ends, **begun))
    cases, store = (one.path for one in backups.back_up(app))
    app.close()

    backups.restore(settings, clock, cases=cases, keys=store, replace=True)

    app = opened(settings, clock)
    with app.database.reading() as tx:
        assert tx.scalars(select(AccountSession)).all() == []
    app.close()


@pytest.fixture(scope="module")
def copy(shared_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of the cases of a furnished arena."""
    settings = with_key(shared_settings, tmp_path_factory.mktemp("copies"))
    return made(settings, Fixed(NOW))[0]


def test_no_word_of_a_case_is_readable_in_it(copy: Path):
    written = copy.read_bytes()

    assert written.startswith(b"samplan backup\n")
    assert b"Lindqvist" not in written
    assert copy.stat().st_mode & 0o777 == 0o600


def spoilt(copy: Path, folder: Path, how: str) -> Path:
    data = bytearray(copy.read_bytes())
    middle, end = len(data) // 2, len(data)
    match how:
        case "a byte":
            data[middle] ^= 1
        case "the head":
            data[40] ^= 1
        case "the end":
            del data[end - 100 :]
        case "a chunk":
            start = data.index(b"}") + 1
            del data[start + 65552 :]
        case "more":
            data += b"x"
        case "chunks":
            start, size = data.index(b"}") + 1, 65552
            first, second = data[start : start + size], data[start + size : start + 2 * size]
            data[start : start + 2 * size] = second + first
    path = folder / "spoilt.samplan"
    path.write_bytes(data)
    return path


@pytest.mark.sqlite("its file is compared")
@pytest.mark.parametrize(
    ("how", "refusal"),
    [
        ("a byte", files.Altered),
        ("the head", files.BackupRefused),
        ("the end", files.CutShort),
        ("a chunk", files.CutShort),
        ("more", files.BackupRefused),
        ("chunks", files.Altered),
    ],
)
def test_a_changed_copy_is_refused_and_nothing_touched(
    settings: Settings,
    clock: Fixed,
    copy: Path,
    tmp_path: Path,
    how: str,
    refusal: type[files.BackupRefused],
):
    before = Path(tmp_path / "samplan.db").read_bytes()
    path = spoilt(copy, tmp_path, how)

    with pytest.raises(refusal):
        backups.restore(settings, clock, cases=path, keys=None, replace=True)

    assert Path(tmp_path / "samplan.db").read_bytes() == before


def test_another_key_is_refused(settings: Settings, copy: Path, tmp_path: Path):
    other = with_key(settings, tmp_path, backup_key="b3RoZXItdGVzdHMtYmFja3VwLWtleS0zMi1ieXRlISE=")

    with pytest.raises(files.OtherKey):
        backups.examine(copy, other)


def test_what_is_there_is_not_overwritten_without_a_word(
    settings: Settings, clock: Fixed, tmp_path: Path
):
    cases, store = made(settings, clock)

    with pytest.raises(places.NotEmpty):
        backups.restore(settings, clock, cases=cases, keys=None, replace=False)
    with pytest.raises(backups.OtherStore):
        backups.restore(settings, clock, cases=store, keys=cases, replace=True)


def test_cases_do_not_come_back_without_any_keys(settings: Settings, clock: Fixed, tmp_path: Path):
    app = opened(settings, clock)
    case_as_in(app, clock, "ac_01_arena_straight", steps=1)
    cases, _ = backups.back_up(app)
    app.close()
    (tmp_path / "empty").mkdir()
    files_there = settings_in(tmp_path / "empty")
    empty = with_key(settings, tmp_path, keys_url=files_there.keys_url)

    with pytest.raises(backups.KeysNeeded):
        backups.restore(empty, clock, cases=cases.path, keys=None, replace=True)


def test_a_database_in_use_is_not_replaced(settings: Settings, clock: Fixed):
    cases, _ = made(settings, clock)
    app = opened(settings, clock)

    with app.database.reading() as tx:
        tx.execute(text("select count(*) from account"))
        with pytest.raises(places.InUse):
            backups.restore(settings, clock, cases=cases, keys=None, replace=True)

    app.close()


def test_a_broken_trace_is_found_in_the_copy(settings: Settings, clock: Fixed):
    app = opened(settings, clock)
    case_as_in(app, clock, "ac_01_arena_straight", steps=2)
    unguard(app.database)
    with app.database.transaction() as tx:
        tx.execute(text("update audit set actor = 'account:99' where seq = 2"))

    with pytest.raises(backups.TraceBroken):
        backups.back_up(app)

    assert list(settings.backups.glob("*.samplan")) == []
    app.close()


@pytest.mark.sqlite("its file is damaged")
def test_a_damaged_database_is_not_copied_over_a_good_backup(settings: Settings, clock: Fixed):
    app = opened(settings, clock)
    app.close()
    path = Path(settings.database_url.removeprefix("sqlite:///"))
    data = bytearray(path.read_bytes())
    for place in range(len(data) // 2, len(data) - 4096, 4096):
        data[place : place + 64] = bytes(64)
    path.write_bytes(data)
    app = opened(settings, clock)

    with pytest.raises(backup.Unsound):
        backups.back_up(app)

    app.close()


def test_copies_of_keys_go_after_thirty_days_but_never_the_newest(
    settings: Settings, clock: Fixed
):
    first = made(settings, clock)
    clock.move(timedelta(days=31))
    second = made(settings, clock)

    assert not first[1].exists()
    assert (first[0].exists(), second[0].exists(), second[1].exists()) == (True, True, True)
    assert backups.newest(rules.KEYS, settings.key_backups) == clock.now()
    clock.move(timedelta(days=400))
    assert rules.outdated("keys", [second[1].name], clock.now(), rules.KEYS_AT_MOST) == frozenset()
