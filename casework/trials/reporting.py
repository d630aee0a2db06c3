"""Who may report something in a trial, as the page of the case would decide."""

from collections.abc import Iterator
from dataclasses import dataclass

from base import clock
from base.db import Session
from casework import hearings
from casework.access import Actor
from casework.cases import store as case_store
from casework.cast import NobodyThere
from casework.organisations import store as organisations
from casework.scenarios import LEAD, Play
from casework.trials.playing import named
from casework.words import Words


@dataclass(frozen=True, slots=True)
class Reporter:
    """Somebody who may report; ``by`` as scenarios name them, the role in words."""

    by: str
    role: str
    who: str
    organisation: str


def reportable(tx: Session, play: Play, words: Words) -> dict[str, tuple[str, list[Reporter]]]:
    """Title of each message that the case waits for, and who may report it, the lead first."""
    case = case_store.by_id(tx, play.case())
    found: dict[str, tuple[str, list[Reporter]]] = {}
    if case.status == "closed":
        return found
    facts = case_store.facts(tx, case.id)
    for by, actor in _people(tx, play):
        who, organisation = named(tx, actor)
        reporter = Reporter(by, words.role(by.partition("@")[0]), who, organisation)
        for each in hearings.available(tx, play.app, actor, case, facts, words):
            found.setdefault(each.message, (each.title, []))[1].append(reporter)
    return found


def _people(tx: Session, play: Play) -> Iterator[tuple[str, Actor]]:
    """Those of the case and of its group, each once."""
    met: set[int] = set()
    for by in (LEAD, "referrer", *_parties(tx, play)):
        try:
            actor = play.reporter(tx, by)
        except NobodyThere:
            continue
        if actor.account_id not in met:
            met.add(actor.account_id)
            yield by, actor


def _parties(tx: Session, play: Play) -> Iterator[str]:
    """Those with a seat in the case's group, as scenarios name them."""
    facts = case_store.facts(tx, play.case())
    if facts.group_id is None:
        return
    seats = organisations.seats(tx, facts.group_id, clock.today(tx, play.app.zone))
    parents = organisations.organisations_by_id(tx, [seat.organisation_id for seat in seats])
    units = organisations.units_by_id(tx, [seat.unit_id for seat in seats if seat.unit_id])
    for seat in seats:
        code = parents[seat.organisation_id].code
        yield f"party@{code}/{units[seat.unit_id].code}" if seat.unit_id else f"party@{code}"
