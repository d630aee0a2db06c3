"""Who appoints whom, until when a seat may stay empty, and who hears of a change. Pure.

Source: GG-05 (vacant seats), GG-07 (an organisation appoints its own), GG-32 (changes are told the
same day to the federation and to the other organisations of the group).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from base.errors import Invalid, NotAllowed
from casework.access import Actor

#: A seat may stay vacant so long before those who can fill it are told again.
VACANT_TOO_LONG = timedelta(days=30)


class NotYoursToAppoint(NotAllowed):
    """An organisation appoints its own representatives: its manager does it, and nobody else."""

    code = "appoints"


class NotOfTheOrganisation(NotAllowed):
    """Only somebody who works in the organisation can represent it."""

    code = "not_of_organisation"


class PeriodInThePast(Invalid):
    """Choose a first day that has not passed, and a last day that is not before it."""


@dataclass(frozen=True, slots=True)
class Duty:
    """A role that somebody holds today, as the question who hears of a change needs it."""

    account_id: int
    organisation_id: int
    role: str
    group_id: int | None


def may_appoint(actor: Actor, organisation_id: int) -> bool:
    """GG-07: the organisation's own manager."""
    return any(held.organisation_id == organisation_id for held in actor.holding({"manager"}))


def require_appoints(actor: Actor, organisation_id: int) -> None:
    """Raises NotYoursToAppoint."""
    if not may_appoint(actor, organisation_id):
        raise NotYoursToAppoint


def require_period(valid_from: date, valid_until: date | None, today: date) -> None:
    """Raises PeriodInThePast."""
    if valid_from < today or (valid_until is not None and valid_until < valid_from):
        raise PeriodInThePast


def hear_of_change(
    duties: Iterable[Duty], *, group_id: int, organisation_id: int, seated: Collection[int]
) -> set[int]:
    """GG-32: the federation, and of every other organisation with a seat whoever sits there.

    An organisation that nobody represents hears through its managers.
    """
    readers: set[int] = set()
    others = set(seated) - {organisation_id}
    told: set[int] = set()
    managers: dict[int, set[int]] = {}
    for duty in duties:
        if duty.role == "federation":
            readers.add(duty.account_id)
        elif duty.organisation_id not in others:
            continue
        elif duty.role in {"representative", "convener"} and duty.group_id == group_id:
            readers.add(duty.account_id)
            told.add(duty.organisation_id)
        elif duty.role == "manager":
            managers.setdefault(duty.organisation_id, set()).add(duty.account_id)
    for organisation, people in managers.items():
        if organisation not in told:
            readers |= people
    return readers


def hear_of_vacancy(duties: Iterable[Duty], organisation_id: int) -> set[int]:
    """GG-05: the manager who can fill the seat, and the federation."""
    return {
        duty.account_id
        for duty in duties
        if duty.role == "federation"
        or (duty.role == "manager" and duty.organisation_id == organisation_id)
    }


def too_long(vacant_since: date | None, today: date) -> bool:
    return vacant_since is not None and today - vacant_since > VACANT_TOO_LONG
