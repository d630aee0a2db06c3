"""The worlds of the matrix: one history, made once, and what may have become of its consents.

Everything is done by the commands that people's buttons call. A world is a copy of the base with
a few commands more; after a request that changed something, it is brought back.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from base import clock
from base.clock import Fixed
from base.db import Session
from base.settings import Settings
from casework import hearings, worker
from casework.access import Party
from casework.accounts import actions as accounts
from casework.agenda import actions as meetings
from casework.application import Application
from casework.cases import actions as cases
from casework.cases import store as case_store
from casework.cast import Cast
from casework.consent import store as consents
from casework.consent.rules import Scope
from casework.meetings import store as meeting_store
from casework.organisations import store as organisations
from casework.programmes import store as programmes
from casework.roles import local_now
from casework.seats import actions as seats
from casework.tasks import opening
from casework.tasks import store as task_store
from casework.tokens import actions as tokens
from casework.tokens.rules import SCOPES
from forms import posted, sample
from tests.arena import opened
from tests.casework.builders import a_consent
from tests.rights import guests, people
from tests.rights.planting import Marks, Planting

_HERE = Path(__file__).parent
_BEGIN = datetime(2027, 3, 1, 8, tzinfo=UTC)
_TODAY = date(2027, 3, 10)
_LAST_DAY = date(2027, 9, 1)
_DAY_AFTER = datetime(2027, 9, 2, 8, tzinfo=UTC)
_NEXT_MEETING = date(2027, 4, 7)
KINDS = frozenset(
    {"identity", "health_function", "economy_benefits", "work_education", "social_situation"}
)
#: Steps of `agenda.toml` until the case waits for a meeting; until it is only described.
_WAITING, _DESCRIBED = 7, 1
MESSAGE = "consent_withdrawn"


@dataclass(frozen=True, slots=True)
class Ids:
    """What addresses and forms of one world name, by the name of the field."""

    own: Mapping[str, str]
    #: The same kinds of things, but of another group's case.
    foreign: Mapping[str, str]


@dataclass
class Base:
    """The history that all worlds share."""

    app: Application
    clock: Fixed
    accounts: Mapping[str, int]
    marks: Marks = field(default_factory=Marks)
    cases: dict[str, UUID] = field(default_factory=dict)
    #: Right answers to the party's step and to the message, as a browser sends them.
    answers: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    #: What the browsers of guests keep, who exist in one world alone.
    guests: dict[str, str] = field(default_factory=dict)

    def play(self, name: str, told_in: str, steps: int | None = None) -> None:
        told = _told(told_in)
        if name == "foreign":
            told["given"] |= {"referrer": "gislaved", "group": "gislaved"}
        play = Planting(self.app, self.clock, told)
        play.marks = self.marks
        play.begin(told["given"])
        for step in told["step"][:steps]:
            play.step(step)
        self.cases[name] = play.case()


def _told(name: str) -> dict[str, Any]:
    return tomllib.loads((_HERE / f"{name}.toml").read_text())


def make_base(settings: Settings) -> Base:
    """Four cases: one being planned, one on an agenda, one that waits, one of another group."""
    clock = Fixed(_BEGIN)
    app = opened(settings, clock)
    base = Base(app, clock, people.settle(app))
    base.play("planned", "plan")
    base.play("placed", "agenda")
    base.play("waiting", "agenda", _WAITING)
    base.play("foreign", "agenda", _DESCRIBED)
    with app.database.transaction() as tx:
        lead = case_store.facts(tx, base.cases["planned"]).acting_lead
        for name in ("placed", "waiting"):
            cases.set_lead(tx, base.cases[name], lead, by="system")
        for group in ("varnamo", "gislaved"):
            convener = Cast(tx, app).convener(organisations.group(tx, group).id)
            meetings.plan_meeting(
                tx,
                app,
                convener,
                group_id=organisations.group(tx, group).id,
                on=_NEXT_MEETING,
                time="13:00",
                place="Stadshuset",
            )
        seat_id = int(_seat(tx, base, organisations.group(tx, "varnamo").id, "varnamo")["seat_id"])
        seats.appoint(
            tx,
            app,
            Cast(tx, app).actor(base.accounts["manager"]),
            seat_id,
            base.accounts["colleague"],
            valid_from=_NEXT_MEETING,
            deputy=True,
        )
    with app.database.reading() as tx:
        base.answers |= _right_answers(tx, base)
    return base


def _right_answers(tx: Session, base: Base) -> dict[str, list[tuple[str, str]]]:
    app, case_id = base.app, base.cases["planned"]
    representative = Cast(tx, app).actor(base.accounts["representative"])
    task_id = UUID(_task_of(tx, case_id, "varnamo"))
    step = opening.step_for(tx, app, representative, task_id)
    assert step.form is not None
    now = local_now(tx, app.zone)
    made = sample(step.form, step.choices, now, step.context, named={"answer": "confirm"})
    lead = Cast(tx, app).lead(case_id)
    told = hearings.sample_answers(tx, app, lead, case_id, MESSAGE, {"scope": "all"})
    sent = [(name, one) for name, values in posted(step.form, made).items() for one in values]
    return {"the step's answers": sent, "the message's answers": told}


def withdraw(base: Base) -> None:
    """By word of mouth, for everything."""
    for name in ("planned", "placed", "waiting"):
        with base.app.database.transaction() as tx:
            case_id = base.cases[name]
            lead = Cast(tx, base.app).lead(case_id)
            sent = hearings.sample_answers(tx, base.app, lead, case_id, MESSAGE, {"scope": "all"})
            hearings.hear(tx, base.app, lead, case_id, MESSAGE, sent, key=uuid4().hex)


def lapse(base: Base) -> None:
    """The last day has passed, and the worker has seen to it."""
    base.clock.set(_DAY_AFTER)
    worker.run_round(base.app)


def other_purpose(base: Base) -> None:
    """Only a consent to hand over goes on; nothing has yet reacted to the end of the other."""
    _agree(base, purpose="handover", until=date(2027, 12, 1))
    base.clock.set(_DAY_AFTER)


def exclude(base: Base) -> None:
    """The person does not want their health to be spoken of."""
    health = frozenset({"health_function"})
    _agree(base, categories=KINDS - health, excluded=health)


def leave_out(base: Base) -> None:
    """The municipality is not named any more."""
    _agree(base, parties=("psykiatri", "vc_vaster"))


def name_unit(base: Base) -> None:
    """Of the municipality only one unit is named."""
    _agree(base, parties=("psykiatri", "vc_vaster", "varnamo/eko"))


def restrict(base: Base) -> None:
    """Only the lead and the party's representative are on the list."""
    for name in ("planned", "placed", "waiting"):
        with base.app.database.transaction() as tx:
            lead = Cast(tx, base.app).actor(base.accounts["lead"])
            cases.restrict(tx, lead, base.cases[name], [base.accounts["representative"]])


def close(base: Base) -> None:
    """The person has died; the consents were given until a date that lies ahead."""
    for name in ("planned", "placed", "waiting"):
        with base.app.database.transaction() as tx:
            lead = Cast(tx, base.app).lead(base.cases[name])
            hearings.hear(tx, base.app, lead, base.cases[name], "person_died", [], key=uuid4().hex)
        play = Planting(base.app, base.clock, {})
        play.marks, play.case_id = base.marks, base.cases[name]
        play.step({"do": {"task": "summarise"}, "then": {"open": []}})


def wind_down(base: Base) -> None:
    """The programme is only read from today on; consents go on."""
    with base.app.database.transaction() as tx:
        [programme] = programmes.programmes(tx)
        programme.read_only_from = clock.today(tx, base.app.zone)


def take_no_more(base: Base) -> None:
    """The programme takes no new cases from today on; those that there are go on."""
    with base.app.database.transaction() as tx:
        [programme] = programmes.programmes(tx)
        programme.closing_from = clock.today(tx, base.app.zone)


def take_up(base: Base) -> None:
    """Two items of one meeting are being taken up, each with a guest whom its consent names."""
    waiting = base.cases["waiting"]
    with base.app.database.transaction() as tx:
        item = meeting_store.open_item_of(tx, base.cases["placed"])
        assert item is not None
        lead = Cast(tx, base.app).lead(waiting)
        meetings.place_case(tx, base.app, lead, item.meeting_id, waiting)
    play = Planting(base.app, base.clock, {})
    play.marks, play.case_id = base.marks, waiting
    for step in _told("agenda")["step"][_WAITING + 1 :]:
        play.step(step)
    with base.app.database.transaction() as tx:
        guests.add_organisation(tx)
    _agree(base, parties=("psykiatri", "vc_vaster", "varnamo", guests.ORGANISATION))
    base.guests = guests.let_in(base.app, base.clock, base.cases)


def ask_from_elsewhere(base: Base) -> None:
    """Whoever asks holds the same roles, in an organisation and a group of another programme."""
    with base.app.database.transaction() as tx:
        base.accounts = people.twins(tx, base.app, base.accounts)


WORLDS: Mapping[str, Callable[[Base], None]] = {
    "agreed": lambda _base: None,
    "withdrawn": withdraw,
    "lapsed": lapse,
    "other purpose": other_purpose,
    "excluded": exclude,
    "left out": leave_out,
    "unit named": name_unit,
    "restricted": restrict,
    "closed": close,
    "closing only": take_no_more,
    "read only": wind_down,
    "taken up": take_up,
    "other programme": ask_from_elsewhere,
}


def _agree(
    base: Base,
    *,
    purpose: str | None = None,
    parties: tuple[str, ...] = ("psykiatri", "vc_vaster", "varnamo"),
    categories: frozenset[str] = KINDS,
    excluded: frozenset[str] = frozenset(),
    until: date = _LAST_DAY,
) -> None:
    """A new version of each case's consent."""
    for name in ("planned", "placed", "waiting"):
        usual = "planning" if name == "planned" else "consultation"
        with base.app.database.transaction() as tx:
            scope = Scope(
                purpose or usual,
                frozenset(_party(tx, code) for code in parties),
                categories,
                _TODAY,
                until,
                excluded,
                "date",
            )
            lead = Cast(tx, base.app).lead(base.cases[name])
            a_consent(tx, lead, base.cases[name], scope, on=_TODAY)


def _party(tx: Session, code: str) -> Party:
    first, _, unit = code.partition("/")
    organisation = organisations.organisation(tx, first)
    return Party(
        organisation.id, organisations.unit(tx, organisation.id, unit).id if unit else None
    )


def ids_of(tx: Session, base: Base) -> Ids:
    """Taken before the world goes its own way, so that later they may be of what is gone."""
    planned, placed = base.cases["planned"], base.cases["placed"]
    item = meeting_store.open_item_of(tx, placed)
    assert item is not None
    varnamo = organisations.group(tx, "varnamo")
    gislaved = organisations.group(tx, "gislaved")
    [next_own] = _meetings_ahead(tx, varnamo.id)
    [next_other] = _meetings_ahead(tx, gislaved.id)
    own = {
        "case_id": str(planned),
        "case_on_agenda": str(placed),
        "case_waiting": str(base.cases["waiting"]),
        "task_id": _task_of(tx, planned, "varnamo"),
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
        "colleague": str(base.accounts["colleague"]),
        "account_id": str(base.accounts["representative"]),
        "number": "2",
        "group_id": str(varnamo.id),
        "convener": str(base.accounts["convener"]),
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
        **_seat(tx, base, varnamo.id, "varnamo"),
    }
    foreign = own | {
        "case_id": str(base.cases["foreign"]),
        "case_on_agenda": str(base.cases["foreign"]),
        "case_waiting": str(base.cases["foreign"]),
        "task_id": _task_of(tx, base.cases["foreign"], "gislaved"),
        "meeting_id": str(next_other),
        "next_meeting": str(next_other),
        "group": str(gislaved.id),
        "group_id": str(gislaved.id),
        "account_id": str(base.accounts["member"]),
        **_seat(tx, base, gislaved.id, "gislaved"),
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


def _seat(tx: Session, base: Base, group_id: int, code: str) -> dict[str, str]:
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
    return [one.id for one in meeting_store.of_groups(tx, {group_id}, _NEXT_MEETING)]


def _task_of(tx: Session, case_id: UUID, code: str) -> str:
    organisation = organisations.organisation(tx, code)
    [task_id] = [
        task.id
        for task in task_store.open_of_case(tx, case_id)
        if task.organisation_id == organisation.id
    ]
    return str(task_id)


def sessions(base: Base) -> Mapping[str, str]:
    """A session for each role, begun now."""
    with base.app.database.transaction() as tx:
        return {
            role: accounts.begin_session(tx, account_id, role)
            for role, account_id in base.accounts.items()
        }


def programs(base: Base) -> Mapping[str, str]:
    """A token with every scope for each role."""
    with base.app.database.transaction() as tx:
        cast, last_day = Cast(tx, base.app), _TODAY + timedelta(days=300)
        made = {
            role: tokens.make_token(
                tx,
                base.app,
                cast.actor(account_id),
                name="rights",
                scopes=tuple(SCOPES),
                last_day=last_day,
            )
            for role, account_id in base.accounts.items()
        }
        for each in made.values():
            found = tokens.recognise(tx, each.secret)
            assert found is not None
            tokens.used(tx, base.app, found.token_id)
        return {role: each.secret for role, each in made.items()}
