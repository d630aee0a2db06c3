"""What addresses and forms name in the worlds of the matrix, and what names nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from base.db import Session
from casework.consent import store as consents
from casework.meetings import store as meeting_store
from casework.organisations import store as organisations
from casework.tasks import store as task_store

NEXT_MEETING = date(2027, 4, 7)
MESSAGE = "consent_withdrawn"


@dataclass(frozen=True, slots=True)
class Ids:
    """What addresses and forms of one world name, by the name of the field."""

    own: Mapping[str, str]
    #: The same kinds of things, but of another group's case.
    foreign: Mapping[str, str]


def ids_of(tx: Session, cases: Mapping[str, UUID], accounts: Mapping[str, int]) -> Ids:
    """Taken before the world goes its own way, so that later they may be of what is gone."""
    planned, placed = cases["planned"], cases["placed"]
    item = meeting_store.open_item_of(tx, placed)
    assert item is not None
    varnamo = organisations.group(tx, "varnamo")
    gislaved = organisations.group(tx, "gislaved")
    [next_own] = _meetings_ahead(tx, varnamo.id)
    [next_other] = _meetings_ahead(tx, gislaved.id)
    own = {
        "case_id": str(planned),
        "case_on_agenda": str(placed),
        "case_waiting": str(cases["waiting"]),
        "task_id": task_of(tx, planned, "varnamo"),
        "message": MESSAGE,
        "meeting_id": str(item.meeting_id),
        "next_meeting": str(next_own),
        "item_id": str(item.id),
        "group": str(varnamo.id),
        "process": "joint_planning_sip",
        "name": "report.form",
        "document": "leaflet",
        "pack": "arena",
        "language": "sv",
        "colleague": str(accounts["colleague"]),
        "account_id": str(accounts["representative"]),
        "number": "2",
        "group_id": str(varnamo.id),
        "convener": str(accounts["convener"]),
        "kind": "deviation",
        "what": "documented",
        "file_id": "1",
        "entry_id": "999999",
        "role_id": "1",
        "alarm_id": "999999",
        "role": "manager",
        "batch": "999999",
        "comment": "999999",
        "code": "a-code-that-nobody-has",
        "provider": "a-provider-that-nobody-named",
        "report_id": "1",
        "link": "a-link-that-nobody-has",
        "guest_id": "1",
        "hold_id": "1",
        "order_id": "999999",
        "token_id": "999999",
        "passkey_id": "999999",
        "hook_id": str(UUID(int=7, version=4)),
        "delivery_id": str(UUID(int=7, version=4)),
        "trial_id": "999999",
        "secret": "a-secret-that-nobody-has",
        "consent_id": str(consents.of_case(tx, planned)[-1].id),
        **seat_of(tx, varnamo.id, "varnamo"),
    }
    foreign = own | {
        "case_id": str(cases["foreign"]),
        "case_on_agenda": str(cases["foreign"]),
        "case_waiting": str(cases["foreign"]),
        "task_id": task_of(tx, cases["foreign"], "gislaved"),
        "meeting_id": str(next_other),
        "next_meeting": str(next_other),
        "group": str(gislaved.id),
        "group_id": str(gislaved.id),
        "account_id": str(accounts["member"]),
        **seat_of(tx, gislaved.id, "gislaved"),
    }
    return Ids(own, foreign)


NONSENSE: Mapping[str, tuple[str, ...]] = {
    "case_id": (str(UUID(int=7, version=4)), "1", "' or 1=1 --"),
    "consent_id": (str(UUID(int=7, version=4)), "1"),
    "task_id": (str(UUID(int=7, version=4)), "1", "%00"),
    "message": ("no_such_message", "item_begins"),
    "meeting_id": ("999999", "-1", "9" * 30, "x"),
    "item_id": ("999999", "x"),
    "process": ("no_such_process",),
    "name": ("no_such.form", "pack.toml"),
    "document": ("no_such_document",),
    "pack": ("no_such_pack",),
    "language": ("xx", "../sv"),
    "account_id": ("999999",),
    "number": ("99", "x"),
    "link": ("x",),
    "group_id": ("999999", "x"),
    "kind": ("no_such_kind",),
    "what": ("eaten",),
    "file_id": ("999999", "x"),
    "entry_id": ("999999", "x"),
    "role_id": ("999999", "x"),
    "alarm_id": ("999999", "x"),
    "role": ("no_such_role",),
    "batch": ("999999", "x"),
    "comment": ("999999", "x"),
    "code": ("x",),
    "provider": ("x",),
    "report_id": ("999999", "x"),
    "guest_id": ("999999",),
    "hold_id": ("999999", "x"),
    "order_id": ("999999",),
    "token_id": ("999999", "x"),
    "passkey_id": ("999999", "x"),
    "hook_id": (str(UUID(int=7, version=4)),),
    "delivery_id": (str(UUID(int=7, version=4)),),
    "trial_id": ("999999", "x"),
    "secret": ("x",),
    "organisation_id": ("999999", "x"),
    "seat_id": ("999999", "x"),
    "term_id": ("999999", "x"),
    "assignment_id": ("999999", "x"),
}


def seat_of(tx: Session, group_id: int, code: str) -> dict[str, str]:
    """The seat of an organisation, who sits there first, and who is asked to stand in."""
    organisation = organisations.organisation(tx, code)
    [seat] = [
        one
        for one in organisations.all_seats_of(tx, group_id)
        if one.organisation_id == organisation.id
    ]
    terms = organisations.representatives(tx, seat.id)
    return {
        "organisation_id": str(organisation.id),
        "seat_id": str(seat.id),
        "term_id": str(terms[0].id),
        "assignment_id": str(terms[-1].id),
    }


def _meetings_ahead(tx: Session, group_id: int) -> list[int]:
    return [one.id for one in meeting_store.of_groups(tx, {group_id}, NEXT_MEETING)]


def task_of(tx: Session, case_id: UUID, code: str) -> str:
    organisation = organisations.organisation(tx, code)
    [task_id] = [
        task.id
        for task in task_store.open_of_case(tx, case_id)
        if task.organisation_id == organisation.id
    ]
    return str(task_id)
