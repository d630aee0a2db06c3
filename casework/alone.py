"""A diagram begun by itself, to be played: as whoever calls it would begin it.

For databases that are played on and thrown away: the person's consent is made up.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import feel
from base import clock
from base.db import Session
from casework import start
from casework.access import SHARING_PURPOSES, Actor, CaseFacts, Party
from casework.application import Application
from casework.cases import store as case_store
from casework.consent import actions as consent
from casework.consent.rules import CATEGORIES, Scope, Signature, Texts, shortcomings
from casework.host import CaseHost
from casework.organisations import store as organisations
from casework.otherwise import GoesOtherwise
from engine import runtime

_A_YEAR = timedelta(days=365)
_PAPER = "paper"


def begin(
    tx: Session, app: Application, actor: Actor, group_id: int, given: Mapping[str, Any]
) -> UUID:
    """Raise a case and begin nothing but this diagram in it; the case.

    ``given`` as in a scenario: ``process``, ``alone`` (what it is handed, text with a leading
    ``=`` being FEEL), ``start`` (its start event) and ``consented``. Raises as `start.raised`,
    GoesOtherwise, DiagramError, StepFailed.
    """
    case, told = start.raised(tx, app, actor, group_id)
    if given.get("consented"):
        _consent_to_all(tx, app, actor, case_store.facts(tx, case.id))
    handed = {name: _value(name, value) for name, value in given["alone"].items()}
    runtime.start(
        tx,
        CaseHost(app),
        pack_id=case.pack_id,
        process=given["process"],
        case_id=case.id,
        variables={**told, **handed},
        by=actor.pseudonym,
        element=given.get("start"),
        brought=handed,
    )
    return case.id


def _value(name: str, value: Any) -> Any:
    if not isinstance(value, str) or not value.startswith("="):
        return value
    try:
        return feel.compile(value.removeprefix("=")).evaluate({})
    except feel.FeelError as error:
        raise GoesOtherwise("value", name, [str(error)]) from error


def _consent_to_all(tx: Session, app: Application, actor: Actor, facts: CaseFacts) -> None:
    """Everything may be told for a year, for every purpose, between all who sit in the group."""
    today = clock.today(tx, app.zone)
    seats = organisations.seats(tx, facts.group_id or 0, today)
    there = {Party(seat.organisation_id, seat.unit_id) for seat in seats}
    for purpose in sorted(SHARING_PURPOSES):
        scope = Scope(
            purpose,
            frozenset({*there, facts.referrer.party}),
            frozenset(CATEGORIES),
            today,
            today + _A_YEAR,
        )
        if not shortcomings(scope):
            id = consent.prepare(tx, actor, facts, scope, Texts(), on=today)
            consent.present(tx, id, "", by=actor.pseudonym)
            signed = Signature(_PAPER, today, matches_document=True)
            consent.register_signature(tx, actor, facts, id, signature=signed, on=today)
            consent.activate(tx, id, by=actor.pseudonym)
