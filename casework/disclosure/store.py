"""All SQL of what is asked for and given out."""

from uuid import UUID

from sqlalchemy import select

from base.db import Session
from base.errors import NotFound
from casework.disclosure.tables import Disclosure, PersonsRequest


class NoSuchRequest(NotFound):
    """There is no such request."""


def requests(tx: Session, case_id: UUID) -> list[PersonsRequest]:
    """Latest first."""
    asked = select(PersonsRequest).where(PersonsRequest.case_id == case_id)
    return list(tx.scalars(asked.order_by(PersonsRequest.id.desc())))


def request(tx: Session, case_id: UUID, request_id: int) -> PersonsRequest:
    """Raises NoSuchRequest."""
    found = tx.get(PersonsRequest, request_id)
    if found is None or found.case_id != case_id:
        raise NoSuchRequest
    return found


def disclosures(tx: Session, case_id: UUID) -> list[Disclosure]:
    """Latest first."""
    asked = select(Disclosure).where(Disclosure.case_id == case_id)
    return list(tx.scalars(asked.order_by(Disclosure.on.desc(), Disclosure.id.desc())))


def add(tx: Session, row: PersonsRequest | Disclosure) -> int:
    """Its id."""
    tx.add(row)
    tx.flush()
    return row.id
