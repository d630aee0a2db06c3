"""Whose a step is, how its due date presses, what is meant by this week. Pure.

`casework.tasks.queries` says whose a step is in SQL for lists; a test holds the two equal.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from casework import access
from casework.access import WORKING_ROLES, Actor, CaseFacts, Decision, Membership, Party
from casework.tasks.model import Pressure

#: Per role of the pack, which of the actor's memberships (by place) hold it.
Held = Mapping[str, frozenset[int]]

_HELD_ONCE = frozenset({"active", "expired", "withdrawn", "superseded", "ended"})
_SOON = timedelta(days=1)
_WEEK = timedelta(days=7)


def pressure(due: datetime | None, now: datetime, *, day: date | None, today: date) -> Pressure:
    """``day`` is the due date in the programme's time zone."""
    if due is None or day is None:
        return Pressure.NONE
    if due < now:
        return Pressure.LATE
    return Pressure.SOON if day - today <= _SOON else Pressure.NONE


def days_late(day: date | None, today: date) -> int:
    """Whole days after the due day; 0 on the day itself."""
    return 0 if day is None else max(0, (today - day).days)


def this_week(day: date | None, today: date) -> bool:
    return day is not None and day - today <= _WEEK


@dataclass(frozen=True, slots=True)
class Addressed:
    """A step as the question whose it is needs it."""

    role: str
    organisation_id: int | None
    unit_id: int | None
    group_id: int | None
    assignee_id: int | None
    purpose: str | None
    #: Kinds of information that consent must cover for the step.
    categories: frozenset[str]
    #: The step is open and its diagram runs.
    live: bool


def places(actor: Actor, held: Held) -> list[tuple[Membership, frozenset[str]]]:
    """Where the actor holds which roles; what a wider membership holds as well is left out."""
    roles: dict[Membership, set[str]] = {}
    for role, numbers in held.items():
        for number in numbers:
            roles.setdefault(actor.memberships[number], set()).add(role)
    found = list(roles.items())
    return [
        (one, frozenset(its))
        for place, (one, its) in enumerate(found)
        if not any(
            _within(one, other) and its <= others and (place > at or not _within(other, one))
            for at, (other, others) in enumerate(found)
            if at != place
        )
    ]


def may_open(actor: Actor, held: Held, step: Addressed, facts: CaseFacts, *, on: date) -> bool:
    """Whether the step is the actor's, or their organisation's, and consent allows it today."""
    if not (step.live and facts.phases.goes_on(on) and consented(step, facts, on=on).allowed):
        return False
    return addressed(actor, held, step, facts) and _named(actor, step, facts, on)


def addressed(actor: Actor, held: Held, step: Addressed, facts: CaseFacts) -> bool:
    """Whether the step goes, or went, to the actor or their organisation.

    Having been given the step is not enough: whoever no longer holds a role there, or has not
    acknowledged it yet, has no part in it.
    """
    if access.hidden(actor, facts):
        return False
    if any(step.role in roles and _at(one, step, facts) for one, roles in places(actor, held)):
        return True
    return any(_at(membership, step, facts) for membership in actor.holding(WORKING_ROLES))


def consented(step: Addressed, facts: CaseFacts, *, on: date) -> Decision:
    """Whether consent covers the step's organisation, and each kind of information it names."""
    if step.purpose is None:
        return Decision(True)
    if step.organisation_id is None:
        return Decision(False, "party_not_named")
    party = Party(step.organisation_id, step.unit_id)
    asked = (
        access.covers(facts, on=on, purpose=step.purpose, parties=(party,), category=category)
        for category in (None, *sorted(step.categories))
    )
    return next((decision for decision in asked if not decision.allowed), Decision(True))


def _named(actor: Actor, step: Addressed, facts: CaseFacts, on: date) -> bool:
    """Whether consent names where the actor works: it may name one unit of an organisation."""
    return step.purpose is None or any(
        access.covers(
            facts, on=on, purpose=step.purpose, parties=(access.as_party(membership),)
        ).allowed
        for membership in actor.memberships
        if membership.organisation_id == step.organisation_id
    )


def once_covered(step: Addressed, facts: CaseFacts) -> bool:
    """Whether the person had let the step's organisation share for its purpose, once."""
    if step.organisation_id is None:
        return False
    party = Party(step.organisation_id, step.unit_id)
    return any(
        consent.purpose == step.purpose and consent.status in _HELD_ONCE and consent.names(party)
        for consent in facts.consents
    )


def _at(membership: Membership, step: Addressed, facts: CaseFacts) -> bool:
    there = step.organisation_id == membership.organisation_id or (
        step.organisation_id is None and step.group_id == membership.group_id
    )
    in_unit = membership.unit_id is None or step.unit_id in (None, membership.unit_id)
    in_group = membership.group_id is None or membership.group_id in (
        step.group_id,
        facts.group_id,
    )
    return there and in_unit and in_group


def _within(one: Membership, other: Membership) -> bool:
    """Whether everything that ``one`` reaches, ``other`` reaches too."""
    return (
        one.organisation_id == other.organisation_id
        and other.unit_id in (None, one.unit_id)
        and other.group_id in (None, one.group_id)
    )
