"""Where a case stands in its diagrams, from the engine's tables."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from base.db import Session
from engine.tables import History, Instance, Token

_LIVE = ("running", "suspended")


def standing(tx: Session, case_id: UUID) -> Sequence[tuple[int, str, str]]:
    """Release, process and element of every token of the case: outermost processes first."""
    rows = tx.execute(
        select(Instance.release_id, Token.process, Token.element_id)
        .join(Token, Token.instance_id == Instance.id)
        .where(Instance.case_id == case_id, Instance.status.in_(_LIVE))
        .order_by(Instance.started, Token.process != Instance.process, Token.since)
    )
    return [(release_id, process, element) for release_id, process, element in rows]


def passed(tx: Session, case_id: UUID) -> Mapping[str, set[str]]:
    """Elements that the case has been at, by process."""
    rows = tx.execute(
        select(History.process, History.element_id).where(History.case_id == case_id).distinct()
    )
    found: dict[str, set[str]] = {}
    for process, element_id in rows:
        found.setdefault(process, set()).add(element_id)
    return found
