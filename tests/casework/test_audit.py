"""The chain of what happened: nothing in it changes unseen."""

from collections.abc import Callable
from dataclasses import asdict
from uuid import uuid4

import pytest
from sqlalchemy import delete, text, update

from base.db import Database, Session
from casework.access import Actor
from casework.audit import actions as audit
from casework.audit import rules, store
from casework.audit.tables import Audit, AuditHead
from tests.casework.builders import a_world, an_actor

CASE = uuid4()
MONA = Actor(1, "Mona", "sv", ())


def write_five(database: Database) -> None:
    for number in range(5):
        with database.transaction() as tx:
            audit.write(
                tx,
                actor="account:1",
                action=f"step.{number}",
                case_id=CASE,
                detail={"task": uuid4(), "days": number},
            )


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
    with database.transaction() as tx:
        assert audit.verify(tx, CASE).whole

        tamper(tx)
        tx.expire_all()

        assert not audit.verify(tx, CASE).whole
        assert not all(found.whole for found in audit.verify_all(tx))


def test_each_row_flipped_in_turn_is_named(database: Database):
    write_five(database)
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
