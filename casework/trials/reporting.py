"""Who may report something in a trial, as the page of the case would decide."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from base import clock
from base.db import Session
from casework import hearings
from casework.access import Actor
from casework.cases import store as case_store
from casework.cast import NobodyThere
from casework.organisations import store as organisations
from casework.scenarios import LEAD, Play
from casework.words import Words


@dataclass(frozen=True, slots=True)
class Reporter:
    """Somebody who may report; ``by`` as scenarios name them, the role in words."""

    by: str
    role: str
    who: str
    organisation: str


def reportable(tx: Session, play: Play, words: Words) -> dict[str, tuple[str, list[Reporter]]]:
    """Title of each message that the case waits for, and who may report it, the lead first.

    As many statements for a group with many seats as for one with few.
    """
    case = case_store.by_id(tx, play.case())
    found: dict[str, tuple[str, list[Reporter]]] = {}
    if case.status == "closed":
        return found
    facts = case_store.facts(tx, case.id)
    people = _people(tx, play, facts.group_id)
    there = organisations.organisations_by_id(
        tx, {actor.organisation_id or 0 for actor in people.values()}
    )
    actors = list(people.values())
    heard = hearings.available_to(tx, play.app, actors, case, facts, words)
    for (by, actor), available in zip(people.items(), heard, strict=True):
        role = words.role(by.partition("@")[0])
        place = there.get(actor.organisation_id or 0)
        reporter = Reporter(by, role, actor.name, place.title if place is not None else "")
        for each in available:
            found.setdefault(each.message, (each.title, []))[1].append(reporter)
    return found


def _people(tx: Session, play: Play, group_id: int | None) -> dict[str, Actor]:
    """Those of the case and of its group, each once, by how scenarios name them."""
    named: list[tuple[str, Actor]] = []
    for by in (LEAD, "referrer"):
        with suppress(NobodyThere):
            named.append((by, play.reporter(tx, by)))
    if group_id is not None:
        named += _parties(tx, play, group_id)
    first: dict[int, tuple[str, Actor]] = {}
    for by, actor in named:
        first.setdefault(actor.account_id, (by, actor))
    return dict(first.values())


def _parties(tx: Session, play: Play, group_id: int) -> Iterator[tuple[str, Actor]]:
    """Those with a seat in the case's group where somebody works."""
    seats = organisations.seats(tx, group_id, clock.today(tx, play.app.zone))
    parents = organisations.organisations_by_id(tx, {seat.organisation_id for seat in seats})
    units = organisations.units_by_id(tx, {seat.unit_id for seat in seats if seat.unit_id})
    places = [(seat.organisation_id, seat.unit_id) for seat in seats]
    workers = play.cast(tx).workers(places, group_id)
    for (organisation_id, unit_id), actor in zip(places, workers, strict=True):
        if actor is not None:
            code = parents[organisation_id].code
            yield f"party@{code}/{units[unit_id].code}" if unit_id else f"party@{code}", actor
