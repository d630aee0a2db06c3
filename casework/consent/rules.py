"""What a consent must be, how it may change, and how it reads. Pure.

Source: domain.md §3.3, GG-06 (organisations count, not units), GG-12.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from base.errors import Conflict, Invalid, NotAllowed
from casework.access import (
    DECIDING_PURPOSES,
    REGISTER_PURPOSES,
    WRITTEN_PURPOSES,
    Party,
    Withheld,
)

#: Kinds of information a consent may name, in the order they are shown.
CATEGORIES = (
    "identity",
    "contact",
    "social_situation",
    "economy_benefits",
    "work_education",
    "health_function",
    "treatment",
    "housing",
    "family",
    "addiction",
    "plan",
    "other",
)
#: Forms in which a person can consent.
WRITTEN_FORMS = frozenset({"paper", "e_sign"})
ORAL = "oral"
#: What packs call it: said, and written down by whoever heard it.
SPOKEN = "oral_documented"
MAX_VALIDITY = timedelta(days=366)


class Status(StrEnum):
    """Where a consent stands."""

    DRAFT = "draft"
    PRESENTED = "presented"
    ACTIVE = "active"
    REFUSED = "refused"
    LAPSED = "lapsed"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    ENDED = "ended"


_NEXT: Mapping[Status, frozenset[Status]] = {
    Status.DRAFT: frozenset({Status.PRESENTED, Status.SUPERSEDED, Status.LAPSED}),
    Status.PRESENTED: frozenset({Status.ACTIVE, Status.REFUSED, Status.LAPSED, Status.SUPERSEDED}),
    Status.ACTIVE: frozenset({Status.EXPIRED, Status.WITHDRAWN, Status.SUPERSEDED, Status.ENDED}),
}


class WrongState(Conflict):
    """The consent has changed meanwhile."""


class NotSpecific(Invalid):
    """The consent is not specific enough."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__()
        self.reasons = reasons


class NotSigned(Conflict):
    """The signature has not been registered, or not for this document."""


class NotWritten(NotAllowed):
    """Here only written consent counts."""

    code = "not_written"


class SecondPersonNeeded(NotAllowed):
    """Identity is protected here: somebody else than who prepared the consent must check it."""

    code = "second_person"


class SignedInFuture(Invalid):
    """The day of the signature has not come yet."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a consent is about; both days of its period are included."""

    purpose: str
    parties: frozenset[Party]
    categories: frozenset[str]
    valid_from: date
    valid_until: date
    excluded_categories: frozenset[str] = frozenset()
    ends_when: str = "date"
    exceptions: frozenset[Withheld] = frozenset()


@dataclass(frozen=True, slots=True)
class Texts:
    """The words that go with a consent; kept sealed."""

    exclusions: str = field(default="", repr=False)
    necessity: str = field(default="", repr=False)
    representative: str = field(default="", repr=False)
    guests: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Signature:
    """How the person said yes; the words are kept sealed."""

    form: str
    signed_on: date
    matches_document: bool
    signed_by: str = field(default="person", repr=False)
    proof: str = field(default="", repr=False)
    original_location: str = field(default="", repr=False)
    oral_note: str = field(default="", repr=False)
    information_given: tuple[str, ...] = ()
    #: File of the case that shows what was signed.
    scan_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class InWords:
    """A consent as the page “what the person has said yes to” needs it: ids and codes.

    ``shared`` are the kinds that may be told, in their usual order.
    """

    purpose: str
    parties: tuple[Party, ...]
    shared: tuple[str, ...]
    excluded: tuple[str, ...]
    until: date
    written: bool


def require_next(status: str, wanted: Status) -> None:
    """Raises WrongState if a consent cannot go from ``status`` to ``wanted``."""
    if wanted not in _NEXT.get(Status(status), frozenset()):
        raise WrongState


def organisations(parties: Collection[Party]) -> frozenset[int]:
    """Two units of one organisation are one organisation."""
    return frozenset(party.organisation_id for party in parties)


def enough(purpose: str, parties: Collection[Party]) -> bool:
    """Whether so many organisations can share for this purpose (GG-06), or keep a register."""
    return len(organisations(parties)) >= (1 if purpose in REGISTER_PURPOSES else 2)


def shortcomings(scope: Scope, *, longest: timedelta = MAX_VALIDITY) -> tuple[str, ...]:
    """Codes of what keeps the consent from being specific; empty when it is."""
    shared = scope.categories - scope.excluded_categories
    named = organisations(scope.parties)
    tells = {end for one in scope.exceptions for end in (one.teller_id, one.reader_id)}
    checks = {
        "fewer_than_two_parties": not enough(scope.purpose, scope.parties),
        "no_categories": not shared,
        "unknown_category": not (scope.categories | scope.excluded_categories) <= {*CATEGORIES},
        "exception_for_others": not tells <= named,
        "nothing_to_decide": scope.purpose in DECIDING_PURPOSES
        and "plan" in scope.excluded_categories,
        "ends_before_it_begins": scope.valid_until < scope.valid_from,
        "too_long": scope.valid_until - scope.valid_from > longest,
    }
    return tuple(code for code, wrong in checks.items() if wrong)


def require_specific(scope: Scope, *, longest: timedelta = MAX_VALIDITY) -> None:
    """Raises NotSpecific with the shortcomings."""
    reasons = shortcomings(scope, longest=longest)
    if reasons:
        raise NotSpecific(reasons)


def takes_oral(consent_forms: Collection[str]) -> bool:
    """Whether a procedure that accepts these forms of consent (pack data) accepts spoken ones."""
    return SPOKEN in consent_forms


def require_second_person(*, restricted: bool, prepared_by: int, registered_by: int) -> None:
    """Raises SecondPersonNeeded where who checks the signature also prepared the consent."""
    if restricted and prepared_by == registered_by:
        raise SecondPersonNeeded


def require_signature(signature: Signature, *, written_only: bool, purpose: str, on: date) -> None:
    """Raises NotWritten, SignedInFuture, or Invalid for an unknown form.

    ``written_only``: the case's procedure takes nothing but writing.
    """
    if signature.form not in WRITTEN_FORMS | {ORAL}:
        raise Invalid("Consent is given on paper, electronically or orally.")
    if signature.form == ORAL and (written_only or purpose in WRITTEN_PURPOSES):
        raise NotWritten
    if signature.signed_on > on:
        raise SignedInFuture


def without(parties: Collection[Party], leaving: Party) -> frozenset[Party]:
    """Who is left when a party leaves: all its units if it names none."""
    return frozenset(
        party
        for party in parties
        if party.organisation_id != leaving.organisation_id
        or (leaving.unit_id is not None and party.unit_id != leaving.unit_id)
    )


def in_words(scope: Scope, *, written: bool) -> InWords:
    return InWords(
        purpose=scope.purpose,
        parties=tuple(sorted(scope.parties)),
        shared=_in_order(scope.categories - scope.excluded_categories),
        excluded=_in_order(scope.excluded_categories),
        until=scope.valid_until,
        written=written,
    )


def _in_order(categories: Collection[str]) -> tuple[str, ...]:
    return tuple(category for category in CATEGORIES if category in categories)
