"""All SQL of the trace."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from base.db import Session, core
from casework.audit.rules import Head, Link
from casework.audit.tables import AccessLog, Audit, AuditHead

_head = core(AuditHead)
_HEAD = select(_head.c.seq, _head.c.digest, _head.c.signature).where(
    _head.c.chain == bindparam("of")
)
_LOCK_HEAD = _HEAD.with_for_update()
_MOVE_HEAD = update(_head).where(_head.c.chain == bindparam("of"))
_APPEND = insert(core(Audit)).inline()


@cache
def _begin(dialect: str) -> Any:
    make = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return make(_head).on_conflict_do_nothing(index_elements=["chain"])


def locked_head(tx: Session, chain: str) -> Head:
    """The head of a chain, locked until the transaction ends; of a new one, where it begins.

    Two transactions that begin the same chain wait for each other.
    """
    found = tx.connection().execute(_LOCK_HEAD, {"of": chain}).first()
    if found is None:
        begun = _begin(tx.get_bind().dialect.name)
        tx.execute(begun, {"chain": chain, "seq": 0, "digest": b"", "signature": b""})
        found = tx.connection().execute(_LOCK_HEAD, {"of": chain}).one()
    return Head(*found)


def append(tx: Session, row: Mapping[str, Any], signature: bytes) -> None:
    """Add a row to its chain, whose head is locked."""
    tx.connection().execute(_APPEND, dict(row))
    head = {"of": row["chain"], "seq": row["seq"], "digest": row["digest"]}
    tx.connection().execute(_MOVE_HEAD, {**head, "signature": signature})


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
    row = tx.connection().execute(_HEAD, {"of": chain}).first()
    return Head(*row) if row else None


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
