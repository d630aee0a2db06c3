"""The pack that comes with the product, from the first need to a withdrawal in the planning."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from base.clock import Fixed
from base.db import Database
from engine import packs, releases, runtime, waits
from tests.engine.hosting import Office, SmallHost

_PACK = Path(__file__).parents[3] / "processes" / "arena"
_CODES = ("varnamo", "fk", "vc_vaster", "af")
_PARTIES = [{"organisation": code, "unit": None} for code in _CODES]


def consent_status(inputs: Mapping[str, Any]) -> dict[str, Any]:
    in_force = inputs["purpose"] == "consultation"
    return {"in_force": in_force, "parties": _PARTIES, "kinds": [], "until": None}


@pytest.fixture
def arena(database: Database) -> Office:
    answers: dict[str, Mapping[str, Any]] = {
        "consent.present": {
            "consent_id": "c1",
            "person_known": False,
            "requested_on": date(2027, 2, 1),
        },
        "consent.activate": {
            "consent_id": "c1",
            "parties": _PARTIES,
            "until": date(2027, 8, 1),
        },
        "consent.informed": {"parties": _PARTIES},
    }
    host = SmallHost(organisations={code: n for n, code in enumerate(_CODES, 1)})
    for name, answer in answers.items():
        host.services[name] = lambda tx, call, answer=answer: answer
    host.services["consent.status"] = lambda tx, call: consent_status(call.inputs)
    with database.transaction() as tx:
        releases.import_folder(tx, packs.read_folder(_PACK))
    return Office(database, host, UUID(int=7))


def do(office: Office, step: str, **answers: Any) -> None:
    """Complete ``element`` or ``element@organisation``."""
    element, _, code = step.partition("@")
    wanted = office.host.organisations.get(code)
    task = next(
        t for t in office.open() if t.element_id == element and wanted in (None, t.organisation_id)
    )
    with office.database.transaction() as tx:
        runtime.complete(tx, office.host, task.id, answers=answers, by="anna")


def test_a_case_goes_the_straight_way_until_the_consent_is_withdrawn(arena: Office, clock: Fixed):
    with arena.database.transaction() as tx:
        runtime.start(
            tx,
            arena.host,
            pack_id="arena",
            process="case_lifecycle",
            case_id=arena.case_id,
            variables={"local_group": "varnamo", "organisation": "varnamo", "unit": None},
            by="anna",
        )
    do(
        arena,
        "describe_need",
        procedure="arena",
        birth_year=1987,
        health_or_multiple_problem="yes",
        orgs_involved=["varnamo"],
        orgs_needed=["fk", "vc_vaster", "af"],
        zero_placed="yes",
        domains=[],
        coordination_reasons=[],
        protected_identity="no",
    )
    do(arena, "talk_with_person", wants_coordination="yes")
    do(
        arena,
        "prepare_consent",
        parties=list(_CODES),
        categories=["health_function"],
        excluded_categories=[],
        valid_from=date(2027, 2, 1),
        valid_until=date(2027, 8, 1),
        ends_when="date",
    )
    do(arena, "inform_person")
    arena.hear("signed_paper_received")
    do(arena, "register_signature", form="paper", matches_document="yes")
    do(arena, "record_person")
    assert arena.titles() == []
    assert arena.host.milestones[-1] == "consultation"

    arena.hear("placed_on_agenda", meeting_on=date(2027, 2, 18), meeting_ref="m1")
    assert arena.titles() == [
        *(f"prepare_party@{code}" for code in sorted(_CODES)),
        "write_brief@varnamo",
    ]
    assert {task.purpose for task in arena.open()} == {"consultation"}
    do(arena, "write_brief", categories_to_share=["health_function"])
    for code in _CODES:
        do(arena, f"prepare_party@{code}", prepared=True)

    clock.move(timedelta(days=17))
    assert waits.sweep(arena.database, arena.host, lambda tx, case_id: True).failed == 0
    arena.hear("item_begins")
    do(arena, "record_consultation", parts=[])
    do(
        arena,
        "decide_outcome",
        joint_planning_needed="yes",
        lead_organisation="varnamo",
        who_meets=[{"organisation": "fk"}],
    )
    arena.hear("item_concluded")
    do(arena, "meet_person")
    for code in _CODES:
        do(arena, f"document_own_system@{code}")
    assert arena.titles() == ["prepare_consent@varnamo"]
    assert arena.host.milestones[-1] == "planning"

    heard = arena.hear("consent_withdrawn", scope="all", path="consent_withdrawn")

    assert heard is not None
    assert arena.titles() == [
        "confirm_to_person@varnamo",
        *(f"stop_use@{code}" for code in sorted(_CODES)),
    ]
    assert {task.purpose for task in arena.open()} == {None}
    assert arena.incidents() == []
