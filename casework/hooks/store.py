"""All SQL of webhooks."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_, delete, select

from base import ready
from base.db import Session, core
from casework.access import Actor, Membership, Party
from casework.cases.queries import numbered_for
from casework.cases.tables import Case
from casework.consent.queries import names
from casework.hooks.rules import KEPT
from casework.hooks.tables import Hook, HookDelivery

_SHOWN = 50
#: Asked in every step; most installations have none.
_WANTED = select(core(Hook).c.events)


def hooks(tx: Session, event: str) -> list[Hook]:
    """Everybody's that are told of this."""
    if not any(event in wanted for (wanted,) in ready.rows(tx, _WANTED, {})):
        return []
    return [
        hook for hook in tx.scalars(select(Hook).order_by(Hook.created)) if event in hook.events
    ]


def of_organisations(tx: Session, organisation_ids: Collection[int]) -> Sequence[Hook]:
    """Oldest first."""
    asked = select(Hook).where(Hook.organisation_id.in_(organisation_ids))
    return tx.scalars(asked.order_by(Hook.organisation_id, Hook.created, Hook.id)).all()


def hook(tx: Session, hook_id: UUID) -> Hook | None:
    """Locked."""
    return tx.get(Hook, hook_id, with_for_update=True)


def hearing(
    tx: Session, case_id: UUID, organisation_ids: Collection[int], on: date
) -> frozenset[int]:
    """Which of these organisations may hear of the case: one statement however many.

    Those whose manager finds it in the lists and that a consent in force names; of a case whose
    identity is protected, nobody.
    """
    wanted = sorted(organisation_ids)
    columns = [
        and_(
            numbered_for(_manager(each), on),
            names(Case.id, Case.written_only, Party(each), on),
        ).label(f"of_{each}")
        for each in wanted
    ]
    asked = select(*columns).where(Case.id == case_id, Case.restricted.is_(False))
    row = tx.execute(asked).first() if wanted else None
    if row is None:
        return frozenset()
    return frozenset(each for each, may in zip(wanted, row, strict=True) if may)


def is_open_to_all(tx: Session, case_id: UUID) -> bool:
    """Whether the case is there and its identity not protected."""
    asked = select(Case.id).where(Case.id == case_id, Case.restricted.is_(False))
    return tx.execute(asked).first() is not None


def is_closed(tx: Session, case_id: UUID) -> bool:
    return tx.scalar(select(Case.status).where(Case.id == case_id)) == "closed"


def delivery(tx: Session, delivery_id: UUID) -> tuple[HookDelivery, Hook] | None:
    """With its hook; locks the delivery."""
    asked = (
        select(HookDelivery, Hook)
        .join(Hook, Hook.id == HookDelivery.hook_id)
        .where(HookDelivery.id == delivery_id)
        .with_for_update(of=HookDelivery)
    )
    row = tx.execute(asked).first()
    return (row[0], row[1]) if row is not None else None


def given_up(tx: Session, hook_ids: Collection[UUID]) -> Sequence[HookDelivery]:
    """The latest that nobody tries any more, newest first."""
    asked = select(HookDelivery).where(
        HookDelivery.hook_id.in_(hook_ids), HookDelivery.state == "given_up"
    )
    return tx.scalars(asked.order_by(HookDelivery.at.desc()).limit(_SHOWN)).all()


def remove(tx: Session, hook_id: UUID) -> None:
    """With all that it was still to be told."""
    tx.execute(delete(HookDelivery).where(HookDelivery.hook_id == hook_id))
    tx.execute(delete(Hook).where(Hook.id == hook_id))


def purge(tx: Session, now: datetime) -> None:
    """Forget what is a month old, told or not."""
    tx.execute(delete(HookDelivery).where(HookDelivery.at < now - KEPT))


def _manager(organisation_id: int) -> Actor:
    """Somebody who manages the organisation and is nobody in particular."""
    return Actor(0, "", "en", (Membership(organisation_id, "", None, "manager"),))
