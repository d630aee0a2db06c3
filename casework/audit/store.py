"""All SQL of the trace."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from base.db import Session
from casework.audit.rules import Head, Link
from casework.audit.tables import AccessLog, Audit, AuditHead


def locked_head(tx: Session, chain: str) -> AuditHead | None:
    """The head of a chain, locked until the transaction ends; None for a new chain."""
    return tx.get(AuditHead, chain, with_for_update=True, populate_existing=True)


def begin_chain(tx: Session, chain: str) -> AuditHead:
    """A head for a new chain; if another transaction was faster, that one, locked."""
    head = AuditHead(chain=chain, seq=0, digest=b"", signature=b"")
    try:
        with tx.begin_nested():
            tx.add(head)
    except IntegrityError:
        return tx.get_one(AuditHead, chain, with_for_update=True)
    return head


def links(tx: Session, chain: str) -> list[Link]:
    """All rows of a chain in order."""
    rows = tx.scalars(select(Audit).where(Audit.chain == chain).order_by(Audit.seq))
    return [
        Link(
            chain=row.chain,
            seq=row.seq,
            at=row.at,
            actor=row.actor,
            organisation_id=row.organisation_id,
            action=row.action,
            target=row.target,
            code=row.code,
            detail=row.detail,
            previous=row.previous,
            digest=row.digest,
        )
        for row in rows.yield_per(1000)
    ]


def head(tx: Session, chain: str) -> Head | None:
    row = tx.get(AuditHead, chain)
    return Head(row.seq, row.digest, row.signature) if row else None


def chains(tx: Session) -> list[str]:
    """Every chain that has rows or a head."""
    return list(tx.scalars(select(AuditHead.chain).union(select(Audit.chain)).order_by("chain")))


def trail(tx: Session, chain: str, *, actions: tuple[str, ...] = ()) -> list[Audit]:
    """What happened, oldest first; only these actions if any are named."""
    asked = select(Audit).where(Audit.chain == chain).order_by(Audit.seq)
    return list(tx.scalars(asked.where(Audit.action.in_(actions)) if actions else asked))


def looks(tx: Session, case_id: UUID, *, since: datetime | None = None) -> list[AccessLog]:
    """Who has looked at this case, latest first."""
    asked = select(AccessLog).where(AccessLog.case_id == case_id)
    if since is not None:
        asked = asked.where(AccessLog.at >= since)
    return list(tx.scalars(asked.order_by(AccessLog.at.desc(), AccessLog.id.desc())))
