"""What a case's person is called for one reader: a name, an alias in quotes, or nothing."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from base import lang
from base.db import Session
from casework import access, parts
from casework.access import Action, Actor, CaseFacts
from casework.cases import actions as cases
from casework.cases import store as case_store
from casework.cases.tables import Case
from casework.people import actions as people

_OPEN = ("open", "consent_lapsed")


def who_in(
    tx: Session, actor: Actor, found: Mapping[UUID, Case], *, on: date
) -> Mapping[UUID, str]:
    """Names, or aliases in quotes before consent, of cases whose person the reader may know."""
    facts = case_store.facts_many(tx, list(found))
    names = people.names(tx, actor, _free(facts), on=on)
    seen = [
        found[case_id]
        for case_id, fact in facts.items()
        if case_id not in names
        and access.working(actor, fact)
        and access.may(actor, Action.SEE_CASE, fact, on=on).allowed
    ]
    quoted = {
        case_id: lang.quote(alias, actor.language)
        for case_id, alias in cases.aliases(tx, seen).items()
    }
    return {**quoted, **names}


def cases_of_person(tx: Session, actor: Actor, number: str, *, on: date) -> set[UUID]:
    """Cases of the person with this identity number whose identity the reader may know."""
    facts = case_store.facts_many(tx, people.find_by_number(tx, number, on=on))
    return {
        case_id
        for case_id, fact in facts.items()
        if access.may(actor, Action.READ_IDENTITY, fact, on=on).allowed
    }


def cases_named(tx: Session, actor: Actor, query: str, *, on: date) -> set[UUID]:
    """Cases that a whole case number or an identity number means; found however many there are."""
    one = case_store.find_number(tx, query)
    return {one} if one is not None else cases_of_person(tx, actor, query, on=on)


def own_people(tx: Session, actor: Actor, *, on: date) -> frozenset[str]:
    """What the people in the actor's open cases are called: for texts that must name nobody.

    Never shown, kept or logged.
    """
    known = case_store.known(tx, actor, on, statuses=_OPEN, limit=parts.SEARCHED)
    facts = case_store.facts_many(tx, [case.id for case in known])
    names = people.names(tx, actor, facts, on=on)
    return frozenset(names.values()) | frozenset(cases.aliases(tx, known).values())


def local_day(moment: datetime | None, zone: str) -> date | None:
    return moment.astimezone(ZoneInfo(zone)).date() if moment else None


def account_id(pseudonym: str | None) -> int:
    """Of ``account:7``; 0 for the clock and other machinery."""
    kind, _, number = (pseudonym or "").partition(":")
    return int(number) if kind == "account" else 0


def _free(facts: Mapping[UUID, CaseFacts]) -> dict[UUID, CaseFacts]:
    """Restricted cases show an alias everywhere, also to those who may work on them."""
    return {case_id: fact for case_id, fact in facts.items() if not fact.restricted}


def first_name(who: str | None) -> str:
    """“Clara” of “Clara Nyström”; the alias as it is; empty where the reader may not know."""
    if not who:
        return ""
    return who if lang.is_quoted(who) else who.split()[0]
