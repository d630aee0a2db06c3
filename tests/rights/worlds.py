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
from casework.consent.rules import Scope
from casework.meetings import store as meeting_store
from casework.organisations import store as organisations
from casework.programmes import store as programmes
from casework.roles import local_now
from casework.seats import actions as seats
from casework.tasks import opening
from casework.tokens import actions as tokens
from casework.tokens.rules import SCOPES
from forms import posted, sample
from tests.arena import opened
from tests.casework.builders import a_consent
from tests.rights import guests, people
from tests.rights.ids import MESSAGE, NEXT_MEETING, seat_of, task_of
from tests.rights.planting import Marks, Planting

_HERE = Path(__file__).parent
_BEGIN = datetime(2027, 3, 1, 8, tzinfo=UTC)
_TODAY = date(2027, 3, 10)
_LAST_DAY = date(2027, 9, 1)
_DAY_AFTER = datetime(2027, 9, 2, 8, tzinfo=UTC)
KINDS = frozenset(
    {"identity", "health_function", "economy_benefits", "work_education", "social_situation"}
)
#: Steps of `agenda.toml` until the case waits for a meeting; until it is only described.
_WAITING, _DESCRIBED = 7, 1


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
                on=NEXT_MEETING,
                time="13:00",
                place="Stadshuset",
            )
        seat_id = int(seat_of(tx, organisations.group(tx, "varnamo").id, "varnamo")["seat_id"])
        seats.appoint(
            tx,
            app,
            Cast(tx, app).actor(base.accounts["manager"]),
            seat_id,
            base.accounts["colleague"],
            valid_from=NEXT_MEETING,
            deputy=True,
        )
    with app.database.reading() as tx:
        base.answers |= _right_answers(tx, base)
    return base


def _right_answers(tx: Session, base: Base) -> dict[str, list[tuple[str, str]]]:
    app, case_id = base.app, base.cases["planned"]
    representative = Cast(tx, app).actor(base.accounts["representative"])
    task_id = UUID(task_of(tx, case_id, "varnamo"))
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
