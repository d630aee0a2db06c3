"""Recording who a case is about, showing it to those who may know, and finding cases by it."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, replace
from datetime import date
from uuid import UUID

from base import clock, crypto, keys
from base.db import Session
from base.keys import CaseKey
from casework import access, sealing
from casework.access import Action, Actor, CaseFacts
from casework.audit import actions as audit
from casework.people import rules, store
from casework.people.rules import Person
from casework.people.tables import PersonRow

_PLACE = "person"


def record_person(
    tx: Session, actor: Actor, facts: CaseFacts, person: Person, *, on: date
) -> tuple[UUID, ...]:
    """Record who it is, or correct it; the other cases of somebody with this identity number.

    Those cases' ids are for the caller alone: the gate decides whether the actor may hear of
    them. The caller has locked the case. Raises BadIdentityNumber.
    """
    access.require(actor, Action.READ_IDENTITY, facts, on=on)
    number = rules.normal_number(person.id_kind, person.id_number, today=on)
    index = _index(tx, number) if number else None
    others = store.cases_with(tx, index) if index else []
    store.put(
        tx,
        PersonRow(
            case_id=facts.case_id,
            id_kind=person.id_kind,
            number_index=index,
            sealed=sealing.seal_value(
                keys.of(tx).get(facts.case_id), asdict(replace(person, id_number=number)), _PLACE
            ),
            recorded_by=actor.account_id,
            recorded_at=clock.now(tx),
        ),
    )
    audit.write_by(tx, actor, "person.record", case_id=facts.case_id)
    return tuple(case_id for case_id in others if case_id != facts.case_id)


def name_of(tx: Session, case_id: UUID) -> str | None:
    """The name alone, for a reader whom rules of their own have let know it; None before it is
    recorded.
    """
    row = store.of_case(tx, case_id)
    return None if row is None else _open(row, keys.of(tx).get(case_id)).name


def forget_whereabouts(tx: Session, case_id: UUID) -> None:
    """Identity is protected from now on: drop what the person could be found or reached by."""
    row = store.of_case(tx, case_id)
    if row is None:
        return
    key = keys.of(tx).get(case_id)
    left = rules.untraceable(_open(row, key))
    row.number_index = None
    row.sealed = sealing.seal_value(key, asdict(left), _PLACE)


def recorded(tx: Session, case_id: UUID) -> bool:
    return store.of_case(tx, case_id) is not None


def read_person(tx: Session, actor: Actor, facts: CaseFacts, *, on: date) -> Person | None:
    """Who it is; how to reach them only for readers who may know that too.

    None before that is recorded. Raises what `access.require` raises.
    """
    access.require(actor, Action.READ_IDENTITY, facts, on=on)
    row = store.of_case(tx, facts.case_id)
    if row is None:
        return None
    person = _open(row, keys.of(tx).get(facts.case_id))
    reachable = access.may(actor, Action.READ_CONTACT, facts, on=on).allowed
    return person if reachable else rules.unreachable(person)


def names(
    tx: Session, actor: Actor, facts: Mapping[UUID, CaseFacts], *, on: date
) -> Mapping[UUID, str]:
    """Names for a list, of those cases whose person the reader may know; two statements."""
    return {case_id: person.name for case_id, person in _readable(tx, actor, facts, on=on).items()}


def names_to_compare(tx: Session, case_ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Names of the persons of these cases, to compare them with others; never to be shown."""
    rows = store.of_cases(tx, case_ids)
    ring = keys.of(tx).get_many(list(rows))
    return {
        case_id: _open(rows[case_id], ring[case_id]).name for case_id in rows if case_id in ring
    }


def find_by_name(
    tx: Session, actor: Actor, facts: Mapping[UUID, CaseFacts], asked: str, *, on: date
) -> list[UUID]:
    """Among these cases those whose person's name begins like that, if the reader may know it."""
    readable = _readable(tx, actor, facts, on=on)
    return [case_id for case_id, person in readable.items() if rules.same_name(asked, person.name)]


def find_by_number(tx: Session, text: str, *, on: date) -> list[UUID]:
    """Every case of the person with this identity number; empty if it cannot be one.

    The caller keeps only those whose identity the reader may know.
    """
    for kind in (rules.PERSONNUMMER, rules.SAMORDNINGSNUMMER):
        try:
            number = rules.normal_number(kind, text, today=on)
        except rules.BadIdentityNumber:
            continue
        return store.cases_with(tx, _index(tx, number))
    return []


def _readable(
    tx: Session, actor: Actor, facts: Mapping[UUID, CaseFacts], *, on: date
) -> dict[UUID, Person]:
    allowed = [
        case_id
        for case_id, fact in facts.items()
        if access.may(actor, Action.READ_IDENTITY, fact, on=on).allowed
    ]
    rows = store.of_cases(tx, allowed)
    ring = keys.of(tx).get_many(list(rows))
    return {case_id: _open(rows[case_id], ring[case_id]) for case_id in rows if case_id in ring}


def _open(row: PersonRow, key: CaseKey) -> Person:
    return Person(**sealing.unseal_value(key, row.sealed, _PLACE))


def _index(tx: Session, number: str) -> bytes:
    return crypto.blind_index(keys.of(tx).index_key, f"identity number/{number}")
