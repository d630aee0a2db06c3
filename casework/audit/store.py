"""All SQL of the trace."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Uuid,
    bindparam,
    column,
    delete,
    func,
    insert,
    select,
    table,
    tuple_,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from base import ready
from base.db import Session, core
from casework.audit.rules import Head, Link
from casework.audit.tables import AccessListed, AccessLog, Audit, AuditHead, LogHorizon

_head = core(AuditHead)
_HEAD = select(_head.c.seq, _head.c.digest, _head.c.signature).where(
    _head.c.chain == bindparam("of")
)
_LOCK_HEAD = _HEAD.with_for_update()
_MOVE_HEAD = update(_head).where(_head.c.chain == bindparam("of"))
_rows = core(Audit)
_APPEND = insert(_rows).inline()
_CHAINED = (
    _rows.c.chain,
    _rows.c.seq,
    _rows.c.at,
    _rows.c.actor,
    _rows.c.organisation_id,
    _rows.c.action,
    _rows.c.target,
    _rows.c.code,
    _rows.c.detail,
    _rows.c.previous,
    _rows.c.digest,
)
_LINK = len(_CHAINED)
#: Cases build on the audit, so that it knows no more of them than that they have ids.
_case_id = column("id", Uuid)
_CASES = select(_case_id).select_from(table("case", _case_id)).order_by(_case_id)
_BATCH = 1000


@cache
def _begin(dialect: str) -> Any:
    make = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return make(_head).on_conflict_do_nothing(index_elements=["chain"])


def locked_head(tx: Session, chain: str) -> Head:
    """The head of a chain, locked until the transaction ends; of a new one, where it begins.

    Two transactions that begin the same chain wait for each other.
    """
    found = ready.rows(tx, _LOCK_HEAD, {"of": chain})
    if not found:
        begun = _begin(tx.get_bind().dialect.name)
        tx.execute(begun, {"chain": chain, "seq": 0, "digest": b"", "signature": b""})
        found = ready.rows(tx, _LOCK_HEAD, {"of": chain})
    return Head(*found[0])


def append(tx: Session, row: Mapping[str, Any], signature: bytes) -> None:
    """Add a row to its chain, whose head is locked."""
    ready.write(tx, _APPEND, [row])
    head = {"of": row["chain"], "seq": row["seq"], "digest": row["digest"]}
    ready.write(tx, _MOVE_HEAD, [{**head, "signature": signature}])


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


def all_links(tx: Session) -> Iterator[tuple[Link, Head | None]]:
    """Every row in the order of its chain, with the head of that chain; a few at a time."""
    asked = (
        select(*_CHAINED, _head.c.seq, _head.c.digest, _head.c.signature)
        .outerjoin(_head, _head.c.chain == _rows.c.chain)
        .order_by(_rows.c.chain, _rows.c.seq, _rows.c.id)
    )
    found = tx.connection().execute(asked, execution_options={"yield_per": 1000})
    for row in found:
        yield Link(*row[:_LINK]), None if row[_LINK] is None else Head(*row[_LINK:])


def lone_heads(tx: Session) -> list[tuple[str, Head]]:
    """Heads of chains that have no rows."""
    asked = select(_head).where(~select(_rows.c.id).where(_rows.c.chain == _head.c.chain).exists())
    return [
        (row.chain, Head(row.seq, row.digest, row.signature))
        for row in tx.connection().execute(asked)
    ]


def cases_without_chain(tx: Session) -> Iterator[UUID]:
    """Cases of which no chain tells."""
    found = tx.connection().execute(_CASES, execution_options={"yield_per": _BATCH})
    for some in found.scalars().partitions():
        told = select(_head.c.chain).where(_head.c.chain.in_(map(str, some)))
        known = set(tx.connection().execute(told).scalars())
        yield from (case_id for case_id in some if str(case_id) not in known)


def some_heads(tx: Session, after: str, limit: int) -> list[tuple[str, Head]]:
    """So many heads in the order of their chains; takes no locks."""
    asked = select(_head).where(_head.c.chain > after).order_by(_head.c.chain).limit(limit)
    rows = tx.connection().execute(asked)
    return [(row.chain, Head(row.seq, row.digest, row.signature)) for row in rows]


def sign_anew(tx: Session, heads: Sequence[tuple[str, int, bytes]]) -> None:
    """Chain, row, signature; a head that has moved on meanwhile was signed then."""
    if heads:
        rows = [{"of": chain, "at": seq, "signature": by} for chain, seq, by in heads]
        tx.connection().execute(_MOVE_HEAD.where(_head.c.seq == bindparam("at")), rows)


def last_id(tx: Session) -> int:
    """The id of the newest row; 0 if there is none."""
    return tx.scalar(select(func.max(_rows.c.id))) or 0


def heads_since(tx: Session, row_id: int) -> list[tuple[str, int, bytes]]:
    """Chain, end and digest of the chains that have a row newer than this one."""
    grown = select(_rows.c.chain).where(_rows.c.id > row_id)
    asked = select(_head.c.chain, _head.c.seq, _head.c.digest).where(_head.c.chain.in_(grown))
    return [(chain, seq, digest) for chain, seq, digest in tx.connection().execute(asked)]


def ends(tx: Session, of: Sequence[str]) -> Mapping[str, int]:
    """The last row of those chains among these that have one."""
    last = func.max(_rows.c.seq).label("last")
    asked = select(_rows.c.chain, last).where(_rows.c.chain.in_(of)).group_by(_rows.c.chain)
    return {row.chain: row.last for row in tx.connection().execute(asked)}


def digests(tx: Session, places: Sequence[tuple[str, int]]) -> Mapping[tuple[str, int], bytes]:
    """The digests of the rows at these places (chain, row) that exist."""
    asked = select(_rows.c.chain, _rows.c.seq, _rows.c.digest).where(
        tuple_(_rows.c.chain, _rows.c.seq).in_(places)
    )
    return {(chain, seq): digest for chain, seq, digest in tx.connection().execute(asked)}


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


def purge_looks(tx: Session, until: date) -> int:
    """Forget who looked on that day or before; how many looks. No day is forgotten twice."""
    horizon = tx.get(LogHorizon, 1)
    if horizon is None:
        tx.add(LogHorizon(id=1, until=until))
    elif horizon.until >= until:
        return 0
    else:
        horizon.until = until
    tx.flush()
    return sum(
        tx.connection().execute(delete(log).where(log.c.day <= until)).rowcount
        for log in (core(AccessLog), core(AccessListed))
    )
