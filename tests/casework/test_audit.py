"""The chain of what happened: nothing in it changes unseen."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from base import keys
from base.clock import Fixed
from base.db import Database, Session
from casework.access import Actor
from casework.audit import actions as audit
from casework.audit import anchoring, rules, store
from casework.audit.rules import Finding
from casework.audit.tables import Audit, AuditHead
from casework.audit.verifying import Broken, Count, verify_all
from tests.casework.builders import a_case, a_world, an_actor, unguard

CASE = uuid4()
MONA = Actor(1, "Mona", "sv", ())


def write_five(database: Database, case_id: UUID = CASE) -> None:
    for number in range(5):
        with database.transaction() as tx:
            audit.write(
                tx,
                actor="account:1",
                action=f"step.{number}",
                case_id=case_id,
                detail={"task": uuid4(), "days": number},
            )


def broken(tx: Session) -> list[Broken]:
    tx.expire_all()
    return list(verify_all(tx, Count()))


def flip(tx: Session) -> None:
    tx.execute(update(Audit).where(Audit.seq == 3).values(actor="account:2"))


def flip_detail(tx: Session) -> None:
    tx.execute(update(Audit).where(Audit.seq == 3).values(detail={"task": "other", "days": 2}))


def take_out(tx: Session) -> None:
    tx.execute(delete(Audit).where(Audit.seq == 3))


def take_out_first(tx: Session) -> None:
    tx.execute(delete(Audit).where(Audit.seq == 1))


def cut_tail(tx: Session) -> None:
    tx.execute(delete(Audit).where(Audit.seq >= 4))


def cut_tail_and_set_head_back(tx: Session) -> None:
    last = store.links(tx, str(CASE))[2]
    cut_tail(tx)
    tx.execute(update(AuditHead).values(seq=3, digest=last.digest))


def reorder(tx: Session) -> None:
    for old, new in ((2, 90), (3, 2), (90, 3)):
        tx.execute(update(Audit).where(Audit.seq == old).values(seq=new))


def move_up(tx: Session) -> None:
    """Delete one and number the rest so that no gap shows."""
    take_out(tx)
    for seq in (4, 5):
        tx.execute(update(Audit).where(Audit.seq == seq).values(seq=seq - 1))


def to_another_case(tx: Session) -> None:
    tx.execute(update(Audit).where(Audit.seq == 5).values(chain=str(uuid4())))


def forge(tx: Session, seq: int) -> None:
    """Rewrite a row and give it the digest that fits what it says now."""
    link = store.links(tx, str(CASE))[seq - 1]
    said = asdict(link) | {"actor": "account:2"}
    del said["digest"]
    forged = {"actor": "account:2", "digest": rules.digest(**said)}
    tx.execute(update(Audit).where(Audit.seq == seq).values(forged))


def forge_middle(tx: Session) -> None:
    forge(tx, 3)


def forge_last(tx: Session) -> None:
    forge(tx, 5)


def drop_head(tx: Session) -> None:
    tx.execute(delete(AuditHead))


def drop_all(tx: Session) -> None:
    tx.execute(text("DELETE FROM audit"))


@pytest.mark.parametrize(
    "tamper",
    [
        flip,
        flip_detail,
        take_out,
        take_out_first,
        cut_tail,
        cut_tail_and_set_head_back,
        reorder,
        move_up,
        to_another_case,
        forge_middle,
        forge_last,
        drop_head,
        drop_all,
    ],
)
def test_tampering_is_found(database: Database, tamper: Callable[[Session], None]):
    write_five(database)
    unguard(database)
    with database.transaction() as tx:
        assert audit.verify(tx, CASE).whole
        assert broken(tx) == []

        tamper(tx)

        assert [str(CASE)] == [found.chain for found in broken(tx) if found.chain == str(CASE)]
        assert not audit.verify(tx, CASE).whole


@pytest.mark.both
@pytest.mark.parametrize(
    "change",
    [
        "update audit set code = 'x'",
        "delete from audit",
        "update audit_head set digest = digest",
        "update audit_head set seq = 3",
        "delete from audit_head",
        "update access_log set purpose = 'x'",
        "delete from access_log",
    ],
)
def test_the_database_itself_refuses_to_change_the_trace(database: Database, change: str):
    write_five(database)
    with database.transaction() as tx:
        audit.log_read(tx, MONA, CASE, "case")

    with pytest.raises(DBAPIError, match="never changed"), database.transaction() as tx:
        tx.execute(text(change))


FIELDS = ("at", "actor", "organisation_id", "action", "target", "code", "detail", "digest")
OTHER = uuid4()
AMONG = st.integers(1, 5)


def change_field(tx: Session, chain: str, seq: int, field: str) -> None:
    row = tx.execute(select(Audit).where(Audit.chain == chain, Audit.seq == seq)).scalar_one()
    before = getattr(row, field)
    match before:
        case datetime():
            after: object = before + timedelta(microseconds=1)
        case bytes():
            after = bytes([before[0] ^ 1]) + before[1:]
        case dict():
            after = {**before, "days": -1}
        case None:
            after = 7
        case _:
            after = f"{before}x"
    setattr(row, field, after)
    tx.flush()


def take_out_any(tx: Session, chain: str, seq: int, _field: str) -> None:
    tx.execute(delete(Audit).where(Audit.chain == chain, Audit.seq == seq))


def cut_after(tx: Session, chain: str, seq: int, _field: str) -> None:
    tx.execute(delete(Audit).where(Audit.chain == chain, Audit.seq >= seq))


def change_places(tx: Session, chain: str, seq: int, _field: str) -> None:
    other = seq % 5 + 1
    for old, new in ((seq, 90), (other, seq), (90, other)):
        moved = update(Audit).where(Audit.chain == chain, Audit.seq == old)
        tx.execute(moved.values(seq=new))


def change_chains(tx: Session, _chain: str, _seq: int, _field: str) -> None:
    """The two cases' chains trade names, heads and all."""
    for table in (Audit, AuditHead):
        for old, new in ((str(CASE), "x"), (str(OTHER), str(CASE)), ("x", str(OTHER))):
            tx.execute(update(table).where(table.chain == old).values(chain=new))


def cut_with_old_head(tx: Session, chain: str, seq: int, _field: str) -> None:
    """As a copy of an older day would be: a shorter chain with the head it had then, signed."""
    tx.execute(delete(Audit).where(Audit.chain == chain, Audit.seq > seq % 5))
    last = store.links(tx, chain)[-1:]
    if not last:
        tx.execute(delete(AuditHead).where(AuditHead.chain == chain))
        return
    key = keys.of(tx).chain_key
    signature = rules.sign(key, chain, last[0].seq, last[0].digest)
    head = {"seq": last[0].seq, "digest": last[0].digest, "signature": signature}
    tx.execute(update(AuditHead).where(AuditHead.chain == chain).values(head))


WAYS = [
    change_field,
    take_out_any,
    cut_after,
    change_places,
    change_chains,
    cut_with_old_head,
]


@pytest.mark.both
def test_whatever_is_done_to_the_chains_is_found(database: Database):
    for case_id in (CASE, OTHER):
        write_five(database, case_id)
    assert anchoring.anchor(database) == 2
    unguard(database)

    @settings(max_examples=50, deadline=None, database=None)
    @given(st.sampled_from(WAYS), AMONG, st.sampled_from(FIELDS), st.sampled_from([CASE, OTHER]))
    def found(
        tamper: Callable[[Session, str, int, str], None], seq: int, field: str, case_id: UUID
    ) -> None:
        with database.transaction() as tx:
            savepoint = tx.begin_nested()
            assert broken(tx) == []
            tamper(tx, str(case_id), seq, field)
            assert str(case_id) in {each.chain for each in broken(tx)}
            savepoint.rollback()

    found()


def test_an_older_copy_is_told_from_a_whole_chain(database: Database, clock: Fixed):
    write_five(database)
    assert anchoring.anchor(database) == 1
    write_five(database)
    assert anchoring.anchor(database) == 0, "not twice within five minutes"
    clock.move(timedelta(minutes=6))
    assert anchoring.anchor(database) == 1
    clock.move(timedelta(minutes=6))
    assert anchoring.anchor(database) == 0, "nothing has come"
    unguard(database)

    with database.transaction() as tx:
        cut_with_old_head(tx, str(CASE), 4, "")

        assert audit.verify(tx, CASE).whole
        assert broken(tx) == [Broken(str(CASE), (Finding(10, "rolled_back"),))]

        tx.execute(text("delete from audit"))
        tx.execute(text("delete from audit_head"))
        assert broken(tx) == [Broken(str(CASE), (Finding(0, "vanished"),))]


def test_a_case_without_a_chain_is_found(database: Database):
    with database.transaction() as tx:
        world = a_world(tx)
        case = a_case(tx, world, an_actor(tx, world.municipality))
    unguard(database)

    with database.transaction() as tx:
        tx.execute(text("delete from audit"))
        tx.execute(text("delete from audit_head"))

        assert broken(tx) == [Broken(str(case.id), (Finding(0, "unchained"),))]


def test_each_row_flipped_in_turn_is_named(database: Database):
    write_five(database)
    unguard(database)
    for seq in range(1, 6):
        with database.transaction() as tx:
            savepoint = tx.begin_nested()
            tx.execute(update(Audit).where(Audit.seq == seq).values(code="no_consent"))
            tx.expire_all()
            found = audit.verify(tx, CASE).findings
            savepoint.rollback()

        assert [(finding.seq, finding.code) for finding in found] == [(seq, "changed")]


def test_what_a_rolled_back_command_wrote_is_not_in_the_chain(database: Database):
    write_five(database)

    def fail() -> None:
        with database.transaction() as tx:
            audit.write(tx, actor="account:1", action="never", case_id=CASE)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with database.reading() as tx:
        found = audit.verify(tx, CASE)

    assert (found.rows, found.whole) == (5, True)


def test_a_refusal_stands_in_the_chain_with_its_code(database: Database):
    audit.refusal(database, MONA, "agenda", "no_consent", case_id=CASE, target="meeting:4")

    with database.reading() as tx:
        [row] = store.trail(tx, str(CASE))

        assert audit.verify(tx, CASE).whole
        assert (row.action, row.code, row.actor, row.target) == (
            "refused.agenda",
            "no_consent",
            "account:1",
            "meeting:4",
        )


def test_who_looked_is_told_latest_first(database: Database):
    with database.transaction() as tx:
        world = a_world(tx)
        sara = an_actor(tx, world.municipality, "representative")
        audit.log_read(tx, sara, CASE, "case")
        audit.log_read(tx, sara, CASE, "identity", purpose="planning")
        audit.log_read(tx, sara, uuid4(), "case")

    with database.reading() as tx:
        looks = store.looks(tx, CASE)

        assert [(look.kind, look.purpose, look.role) for look in looks] == [
            ("identity", "planning", "representative"),
            ("case", "", "representative"),
        ]
        assert {look.organisation_id for look in looks} == {world.municipality}
