"""All SQL of remote services."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from base.db import Session
from engine import store
from engine.store import Resting, Row
from engine.tables import ServiceAnswer, Wait

_KIND = "service"


def wait_of(tx: Session, token_id: UUID) -> Wait | None:
    """What a token waits for whose service is to answer; takes no locks."""
    return tx.scalars(select(Wait).where(Wait.token_id == token_id, Wait.kind == _KIND)).first()


def read_wait(tx: Session, token_id: UUID) -> tuple[Wait, Resting] | None:
    """The wait with its instance; takes no locks."""
    wait = wait_of(tx, token_id)
    resting = store.read_instance(tx, wait.instance_id) if wait is not None else None
    return (wait, resting) if wait is not None and resting is not None else None


def waits_of(tx: Session, instance_ids: Collection[UUID]) -> Sequence[Wait]:
    """Everything that these instances wait for a service with, oldest first."""
    return tx.scalars(
        select(Wait)
        .where(Wait.instance_id.in_(instance_ids), Wait.kind == _KIND)
        .order_by(Wait.id)
    ).all()


def keep_answer(tx: Session, row: Row) -> None:
    """The first answer stays."""
    make = postgresql.insert if tx.get_bind().dialect.name == "postgresql" else sqlite.insert
    tx.execute(make(ServiceAnswer).values(**row).on_conflict_do_nothing())


def answer_of(tx: Session, token_id: UUID) -> ServiceAnswer | None:
    return tx.get(ServiceAnswer, token_id)


def purge_answers(tx: Session) -> int:
    """Forget the answers that no token waits for any more; how many there were."""
    wanted = select(Wait.token_id).where(Wait.kind == _KIND)
    gone = tx.execute(
        delete(ServiceAnswer)
        .where(ServiceAnswer.token_id.not_in(wanted))
        .execution_options(synchronize_session=False)
    )
    return int(gone.rowcount)  # type: ignore[attr-defined]


def drop_answer(tx: Session, token_id: UUID) -> None:
    tx.execute(delete(ServiceAnswer).where(ServiceAnswer.token_id == token_id))
