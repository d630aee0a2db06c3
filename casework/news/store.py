"""All SQL about what is new."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, exists, select, update

from base.db import Session
from casework.news.tables import NewsReader, NewsRow

_SHOWN = 200


def drafted(tx: Session, pack_id: str) -> list[NewsRow]:
    """The notes of the draft, in the order in which they were written."""
    wanted = select(NewsRow).where(NewsRow.pack_id == pack_id, NewsRow.at.is_(None))
    return list(tx.scalars(wanted.order_by(NewsRow.id)))


def put_drafted(tx: Session, pack_id: str, rows: Collection[NewsRow]) -> None:
    """The notes of the draft instead of those it had."""
    tx.execute(delete(NewsRow).where(NewsRow.pack_id == pack_id, NewsRow.at.is_(None)))
    tx.add_all(rows)
    tx.flush()


def publish(tx: Session, pack_id: str, number: int, at: datetime) -> None:
    tx.execute(
        update(NewsRow)
        .where(NewsRow.pack_id == pack_id, NewsRow.at.is_(None))
        .values(number=number, at=at)
    )


def published(tx: Session, pack_id: str) -> list[NewsRow]:
    """The newest first."""
    wanted = select(NewsRow).where(NewsRow.pack_id == pack_id, NewsRow.at.is_not(None))
    return list(tx.scalars(wanted.order_by(NewsRow.at.desc(), NewsRow.id).limit(_SHOWN)))


def unread(
    tx: Session, pack_id: str, roles: Collection[str], account_id: int, since: datetime
) -> list[NewsRow]:
    """Notes for these roles that the account has not read, the newest first."""
    read = exists().where(NewsReader.news_id == NewsRow.id, NewsReader.account_id == account_id)
    wanted = select(NewsRow).where(
        NewsRow.pack_id == pack_id, NewsRow.role.in_(roles), NewsRow.at >= since, ~read
    )
    return list(tx.scalars(wanted.order_by(NewsRow.at.desc(), NewsRow.id)))


def get(tx: Session, news_id: int) -> NewsRow | None:
    return tx.get(NewsRow, news_id)


def mark_read(tx: Session, news_id: int, account_id: int, at: datetime) -> None:
    """Once is enough."""
    if tx.get(NewsReader, (news_id, account_id)) is None:
        tx.add(NewsReader(news_id=news_id, account_id=account_id, at=at))
        tx.flush()
