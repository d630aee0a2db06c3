"""A group's term: how many meetings it holds, and the routine that reminds of them (GG-17)."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from base.db import Session
from base.errors import Conflict, NotAllowed
from casework import subjects
from casework.access import Actor, Holder
from casework.audit import actions as audit
from casework.cases import store as cases
from casework.meetings import rules, store
from casework.programmes import store as programmes
from engine.host import Host
from engine.packs.config import Term


class TermBegun(Conflict):
    """The routine of this term runs already."""


def counted(tx: Session, group_id: int, first: date, last: date, today: date) -> tuple[int, int]:
    """Meetings of a group in a term: held, and ahead."""
    rows = store.in_term(tx, [group_id], first, last)
    held = sum(rules.held(state, there) for _, state, _, there in rows)
    return held, sum(state == "planned" and on >= today for _, state, on, _ in rows)


def current(terms: Mapping[str, Term], today: date) -> tuple[Term, date, date] | None:
    """The term that the day lies in, with its days."""
    for term in terms.values():
        for year in (today.year - 1, today.year):
            first, last = term.in_year(year)
            if first <= today <= last:
                return term, first, last
    return None


def begin(
    tx: Session,
    host: Host,
    actor: Actor,
    group_id: int,
    term: Term,
    days: tuple[date, date],
    carrier_id: int,
) -> UUID:
    """Begin the term's routine for a group; its conveners alone, once.

    Raises NotAllowed, TermBegun.
    """
    if group_id not in rules.convened(actor) or term.process is None:
        raise NotAllowed(code="not_yours")
    first, last = days
    if begun(tx, group_id, term.process, first):
        raise TermBegun
    variables = {"begins": first, "half": first + (last - first) / 2, "ends": last}
    return begin_for_group(
        tx, host, group_id, term.process, variables, Holder(carrier_id), by=actor.pseudonym
    )


def begun(tx: Session, group_id: int, process: str, first: date) -> bool:
    """Whether the routine has begun for the group since that day."""
    since = datetime.combine(first, time(), ZoneInfo(programmes.zone(tx)))
    return cases.has_subject(tx, group_id, process, since)


def begin_for_group(
    tx: Session,
    host: Host,
    group_id: int,
    process: str,
    variables: Mapping[str, Any],
    holder: Holder,
    *,
    by: str,
) -> UUID:
    """Run a diagram that is about a group and no person."""
    subject = subjects.open_subject(tx, subjects.GROUP, holder, group_id=group_id)
    subject.procedure = process
    subjects.begin(tx, host, subject, process, variables, by=by)
    target = f"process:{process}"
    audit.write(tx, actor=by, action="group.begin", case_id=subject.id, target=target)
    return subject.id
