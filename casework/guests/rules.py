"""When a guest may look, and at what. Pure; denies by default.

Source: AC-04, GG-22 (the consent names the guest), GG-23 (that one item and nothing else, from its
beginning until it is concluded or the day ends). A guest is nobody's member: `access.may` does not
know them, and no list does.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from base.errors import Conflict
from casework.access import CaseFacts, ConsentFacts, Party, State

PURPOSE = "consultation"
#: Wrong codes after which a link is dead.
MOST_FAILURES = 5
CODE_DIGITS = 6
MOST_WRITTEN = 20
#: What the form with which a guest writes is bound to, and what it must ask; no step asks it.
RECORD, FIELDS = "guest_contribution", ("category", "contribution")


class EnoughWritten(Conflict):
    """You have written as much as a guest can. Say the rest at the meeting."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation as the rules need it.

    ``organisation_id`` for whom the guest comes; None for a person whom the consents
    ``named_in`` name in words.
    """

    organisation_id: int | None
    named_in: frozenset[UUID]
    item_state: str
    meeting_on: date
    ended: bool


def admits(invitation: Invitation, facts: CaseFacts, today: date) -> bool:
    """Whether the guest may look now."""
    return (
        not invitation.ended
        and invitation.item_state == "in_session"
        and invitation.meeting_on == today
        and not facts.restricted
        and facts.status == "open"
        and facts.phases.on(today) is not State.ARCHIVED
        and any(admitting(invitation, facts, today))
    )


def may_read(
    invitation: Invitation, facts: CaseFacts, today: date, category: str | None, author: Party
) -> bool:
    """Whether the guest may know something of this kind that this party wrote."""
    return any(
        consent.names(author)
        and _tells(consent, category)
        and not _excepted(invitation, consent, author, category)
        for consent in admitting(invitation, facts, today)
    )


def may_write(
    invitation: Invitation, facts: CaseFacts, today: date, category: str | None = None
) -> bool:
    """Whether the guest may write something of this kind for the organisation they come for.

    A person whom consent names in words comes for no organisation, whose entry it would be.
    """
    if invitation.organisation_id is None or not facts.phases.goes_on(today):
        return False
    return may_read(invitation, facts, today, category, Party(invitation.organisation_id))


def admitting(invitation: Invitation, facts: CaseFacts, on: date) -> Iterator[ConsentFacts]:
    """Written consents to the consultation in force that name the guest and who raised it."""
    for consent in facts.consents:
        if (
            consent.in_force(on)
            and consent.written
            and consent.purpose == PURPOSE
            and consent.names(facts.referrer.party)
            and _names(invitation, consent)
        ):
            yield consent


def same_guest(one: str, other: str) -> bool:
    """Whether two ways of writing mean the same guest: case and spaces aside."""
    return one.casefold().split() == other.casefold().split()


def _names(invitation: Invitation, consent: ConsentFacts) -> bool:
    if invitation.organisation_id is not None:
        return consent.names(Party(invitation.organisation_id))
    return consent.consent_id in invitation.named_in


def _tells(consent: ConsentFacts, category: str | None) -> bool:
    if category is None:
        return True
    implied = category == "plan"
    named = implied or category in consent.categories
    return named and category not in consent.excluded_categories


def _excepted(
    invitation: Invitation, consent: ConsentFacts, author: Party, category: str | None
) -> bool:
    if invitation.organisation_id is None:
        return False
    return consent.excepts(author, Party(invitation.organisation_id), category)
