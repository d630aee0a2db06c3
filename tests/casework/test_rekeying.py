"""A new master key, while people work and whatever is interrupted; and keys without a case."""

import base64
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from base import keys
from base.clock import Fixed
from base.crypto import Unsealable
from base.keys import KeyDestroyed, KeyRing
from base.settings import BadSettings, Settings
from casework.accounts import codes
from casework.accounts import store as account_store
from casework.application import Application
from casework.audit.tables import AuditHead
from casework.audit.verifying import Count, verify_all
from casework.backups import actions as backups
from casework.cases.tables import Case
from casework.checkup import actions as checkup
from casework.rekeying import actions as rekeying
from tests.arena import MASTER_TEXT
from tests.stories import case_as_in

NEXT_TEXT = base64.b64encode(b"the-master-key-that-comes-next!!").decode()
BACKUP_TEXT = base64.b64encode(b"what-seals-the-backups-at-first!").decode()
LATER_BACKUP_TEXT = base64.b64encode(b"what-seals-the-backups-lateron!!").decode()


def settings_with(settings: Settings, first: str, other: str | None, **more: object) -> Settings:
    given = {**settings.model_dump(), **more, "master_key": first, "other_master_key": other}
    return Settings(**given)


def reopened(app: Application, first: str, other: str | None, clock: Fixed) -> Application:
    return Application.open(settings_with(app.settings, first, other), clock)


@pytest.fixture
def before(app: Application, clock: Fixed) -> Iterator[Application]:
    """As a program of this version leaves it: three cases, each with a person."""
    for _ in range(3):
        case_as_in(app, clock, "ac_01_arena_straight", steps=1)
    opened = Application.open(app.settings, clock)
    yield opened
    opened.close()


def require_whole(app: Application) -> None:
    """Every case can be read, every person found by the digest, every chain is believed."""
    with app.database.reading() as tx:
        case_ids = list(tx.scalars(select(Case.id)))
        assert len(keys.of(tx).get_many(case_ids)) == len(case_ids) >= 3
        assert list(verify_all(tx, Count())) == []


@pytest.mark.both
def test_the_next_master_key_takes_over_and_the_former_opens_nothing(
    before: Application, clock: Fixed
):
    with before.database.transaction() as tx:
        sara = account_store.by_user_name(tx, "sara.lindqvist")
        assert sara is not None
        code = codes.issue(tx, sara.id, codes.RESET)
        letters, index = codes.in_letters(tx, code), keys.of(tx).index_key

    both = reopened(before, NEXT_TEXT, MASTER_TEXT, clock)
    done = list(rekeying.rotate(both))
    after = reopened(before, NEXT_TEXT, None, clock)

    assert {progress.what for progress in done} == {"keys", "chains"}
    require_whole(after)
    with pytest.raises(Unsealable):
        KeyRing(before.keys_database, before.settings.master).try_one()
    with after.database.reading() as tx:
        # What cannot be made anew outlives the master key.
        assert codes.for_mail(tx, code.digest.hex()) == letters
        assert keys.of(tx).index_key == index
    with pytest.raises(rekeying.OneMasterKey):
        list(rekeying.rotate(after))
    for each in (both, after):
        each.close()


def test_what_is_stopped_half_way_is_harmless_and_gone_on_with(
    before: Application, clock: Fixed, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(keys, "_BATCH", 1)
    both = reopened(before, NEXT_TEXT, MASTER_TEXT, clock)
    told = [rotation(both, clock)]
    list(islice(rekeying.rotate(both), 1))
    told.append(rotation(both, clock))
    require_whole(both)

    list(rekeying.rotate(both))

    assert [*told, rotation(both, clock)] == [
        "3 keys need the second one",
        "2 keys need the second one",
        "nothing needs the second one",
    ]
    require_whole(both)
    both.close()


def rotation(app: Application, clock: Fixed) -> str:
    """What the doctor says of it."""
    return {line.name: line.said for line in checkup.look(app.settings, clock)}[
        "change of master key"
    ]


def test_programs_with_either_order_of_the_two_work_side_by_side(
    before: Application, clock: Fixed
):
    early = reopened(before, MASTER_TEXT, NEXT_TEXT, clock)
    late = reopened(before, NEXT_TEXT, MASTER_TEXT, clock)
    case_as_in(early, clock, "ac_01_arena_straight", steps=2)
    case_as_in(late, clock, "ac_01_arena_straight", steps=2)

    require_whole(early)
    require_whole(late)
    for _ in rekeying.rotate(late):
        require_whole(early)
    for each in (early, late):
        each.close()


def test_a_head_that_neither_key_has_signed_is_not_signed_for_its_forger(
    before: Application, clock: Fixed
):
    both = reopened(before, NEXT_TEXT, MASTER_TEXT, clock)
    with both.database.transaction() as tx:
        tx.execute(update(AuditHead).where(AuditHead.seq > 1).values(signature=bytes(1)))

    erased = an_erased_case(both)
    with pytest.raises(rekeying.Forged):
        list(rekeying.rotate(both))
    # Its key was gone before, and does not come back.
    with pytest.raises(KeyDestroyed):
        both.database.info["keys"].get(erased)
    both.close()


def an_erased_case(app: Application) -> UUID:
    with app.database.reading() as tx:
        case_id = tx.scalars(select(Case.id).limit(1)).one()
    app.database.info["keys"].destroy(case_id)
    return case_id


def test_older_backups_are_read_with_the_former_keys(
    before: Application, clock: Fixed, tmp_path: Path
):
    folders = {"backups": tmp_path / "b", "key_backups": tmp_path / "k"}
    before.settings = settings_with(
        before.settings, MASTER_TEXT, None, backup_key=BACKUP_TEXT, **folders
    )
    made, _ = backups.back_up(before)

    later = {"backup_key": LATER_BACKUP_TEXT, "other_backup_key": BACKUP_TEXT}
    now = settings_with(before.settings, NEXT_TEXT, MASTER_TEXT, **later)
    one = settings_with(before.settings, MASTER_TEXT, MASTER_TEXT)

    assert backups.examine(made.path, now).counts == made.counts
    with pytest.raises(BadSettings):
        _ = one.other_master


@pytest.mark.both
def test_a_key_whose_case_never_came_is_forgotten_once_no_backup_can_bring_it(
    app: Application, clock: Fixed
):
    ring: KeyRing = app.database.info["keys"]
    lone = uuid4()
    ring.create(lone)

    swept = []
    for days in (0, 2, 90, 2):
        clock.move(timedelta(days=days))
        swept.append(rekeying.sweep(app))

    assert swept == [0, 0, 0, 1]
    with pytest.raises(KeyDestroyed):
        ring.get(lone)


def test_keys_of_cases_that_come_back_from_a_backup_are_kept(app: Application, clock: Fixed):
    ring: KeyRing = app.database.info["keys"]
    lost = uuid4()
    ring.create(lost)
    clock.move(timedelta(days=2))
    rekeying.sweep(app)
    clock.move(timedelta(days=95))

    # The case is there again when the next round looks: it counts from the beginning.
    assert ring.sweep([], [lost], lone_since=clock.now()) == 0
    assert rekeying.sweep(app) == 0
    assert ring.get(lost).case_id == lost
