"""Every command that can reach a case, ready to be raced: name → prepare → act.

One case holds two instances of a diagram in which each command finds something to do.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from base import clock as clocks
from base.db import Session
from casework import hearings, messages
from casework.access import Actor, Holder, Party
from casework.application import Application
from casework.cases import actions as cases
from casework.cases import store as case_store
from casework.cases.actions import NewCase
from casework.consent import store as consents
from casework.consent.rules import Scope, Status
from casework.consent.tables import Consent
from casework.host import CaseHost
from casework.organisations import store as organisations
from casework.programmes import store as programmes
from casework.sending import type_sent
from casework.tasks import actions as tasks
from casework.tasks.model import Completed
from engine import releases, runtime
from engine import store as engine_store
from engine.tables import Incident, Task, Wait
from tests.engine.drawing import (
    a_file,
    a_process,
    both,
    boundary,
    call,
    catch,
    each,
    end,
    event,
    message,
    path,
    signal,
    start,
    throw,
    timer,
    user,
)
from tests.robustness.arena import Arena

PACK = "arena"
PURPOSE = "planning"
_BACK = "consent_withdrawn"
PARTIES = ("varnamo", "fk", "vc_vaster")
_OURS = ("one", "two", "joined", "tell", "noted", "heard", "rung", "woken", "asked", "stop")


def a_diagram(*after_joined: str) -> bytes:
    """``after_joined``: steps that only this version has."""
    return a_file(_raced(after_joined), _ANSWER, declared=_DECLARED)


def _raced(after_joined: Sequence[str]) -> str:
    return a_process(
        "raced",
        start(),
        *(user(name) for name in after_joined),
        both("fork"),
        user("one", outputs={"one": "=1"}),
        user("two", outputs={"two": "=2"}),
        both("join"),
        user("joined"),
        user("tell"),
        throw("say", event("message", "note")),
        catch("listen", event("message", "note")),
        user("noted"),
        catch("await_word", event("message", "word")),
        user("heard"),
        catch("await_bell", event("signal", "bell")),
        user("rung"),
        catch("nap", timer("Duration", "PT1H")),
        user("woken"),
        call(
            "ask",
            "raced_answer",
            inside=each("=parties", "party"),
            inputs={"organisation": "=party.organisation"},
        ),
        boundary("back", "ask", event("message", _BACK)),
        user("asked"),
        user("stop"),
        *(end(f"end_{n}") for n in range(8)),
        path("start", "fork"),
        path("fork", "one", "join", "joined", *after_joined, "end_0"),
        path("fork", "two", "join"),
        path("fork", "tell", "say", "end_1"),
        path("fork", "listen", "noted", "end_2"),
        path("fork", "await_word", "heard", "end_3"),
        path("fork", "await_bell", "rung", "end_4"),
        path("fork", "nap", "woken", "end_5"),
        path("fork", "ask", "asked", "end_6"),
        path("back", "stop", "end_7"),
        lanes={"party": [*_OURS, *after_joined]},
    )


_ANSWER = a_process(
    "raced_answer",
    start("begin"),
    user("answer", properties={"consent.purpose": PURPOSE}),
    end("over"),
    path("begin", "answer", "over"),
    lanes={"party": ["answer"]},
)
_DECLARED = message("note") + message("word") + message(_BACK) + signal("bell")
Act = Callable[[Session], Any]


class Busy(Exception):
    """Somebody else works on the case; the clock comes again."""


class AskedAgain(Exception):
    """What was sent cannot be right any more: the page comes again and says why."""


@dataclass(frozen=True, slots=True)
class Town:
    """The arena with the diagram published, and who acts."""

    arena: Arena
    ours: tuple[Actor, Actor]
    theirs: tuple[Actor, Actor]

    @property
    def app(self) -> Application:
        return self.arena.app


@dataclass(frozen=True, slots=True)
class World:
    """One case with two instances; ``sent`` is what a browser sends to take consent back.

    ``newer`` is a release that came after they had begun.
    """

    town: Town
    case_id: UUID
    instances: tuple[UUID, UUID]
    sent: Mapping[str, type_sent]
    newer: int

    @property
    def host(self) -> CaseHost:
        return CaseHost(self.town.app)


@dataclass(frozen=True, slots=True)
class Side:
    """One of two who race: for which instance, and who."""

    tx: Session
    world: World
    instance_id: UUID
    number: int

    @property
    def app(self) -> Application:
        return self.world.town.app

    @property
    def actor(self) -> Actor:
        """Of the organisation that leads the case."""
        return self.world.town.ours[self.number]

    @property
    def stranger(self) -> Actor:
        """Of another organisation that the consent names."""
        return self.world.town.theirs[self.number]

    def task(self, element: str, organisation: str = "varnamo") -> UUID:
        at = organisations.organisation(self.tx, organisation).id
        wanted = select(Task.id).where(
            Task.instance_id == self.instance_id,
            Task.element_id == element,
            Task.organisation_id == at,
        )
        return self.tx.scalars(wanted).one()

    def wait(self, element: str) -> Wait:
        wanted = select(Wait).where(
            Wait.instance_id == self.instance_id, Wait.element_id == element
        )
        return self.tx.scalars(wanted).one()


def a_town(arena: Arena) -> Town:
    """Publishes the diagram beside those of the pack."""
    with arena.transaction() as tx:
        _publish(tx, a_diagram())
    people = [
        arena.actor(name) for name in ("sara.lindqvist", "maria.sandell", "ida.rask", "moa.wall")
    ]
    return Town(arena, (people[0], people[1]), (people[2], people[3]))


def a_world(tx: Session, town: Town) -> World:
    """A case with a consent in force and two instances, begun an hour before anything is due."""
    lead = town.ours[0]
    case = cases.open_case(
        tx,
        lead,
        NewCase(
            programme_id=programmes.programmes(tx)[0].id,
            procedure="arena",
            organisation_id=lead.memberships[0].organisation_id,
            group_id=organisations.group(tx, "varnamo").id,
        ),
    )
    holder = Holder(lead.memberships[0].organisation_id, None, lead.account_id)
    cases.set_lead(tx, case.id, holder, by=lead.pseudonym)
    _consent(tx, case.id)
    begun = [_begin(tx, town, case.id, "raced", "varnamo") for _ in range(2)]
    answers = {"leave": {"scope": "party", "party": "fk"}, "withdraw": {"scope": "all"}}
    sent = {
        way: hearings.sample_answers(tx, town.app, lead, case.id, _BACK, named)
        for way, named in answers.items()
    }
    newer = _publish(tx, a_diagram("checked"))
    return World(town, case.id, (begun[0], begun[1]), sent, newer)


def _publish(tx: Session, diagram: bytes) -> int:
    files = releases.export(tx, PACK)
    return releases.publish(tx, {**files, "raced.bpmn": diagram}, by="owner").id


def _consent(tx: Session, case_id: UUID) -> None:
    today = clocks.today(tx, "Europe/Stockholm")
    scope = Scope(
        purpose=PURPOSE,
        parties=frozenset(Party(organisations.organisation(tx, code).id) for code in PARTIES),
        categories=frozenset({"plan"}),
        excluded_categories=frozenset(),
        valid_from=today,
        valid_until=today + timedelta(days=90),
        ends_when="date",
    )
    consent = Consent(
        id=uuid4(),
        case_id=case_id,
        purpose=PURPOSE,
        version=1,
        status=Status.ACTIVE,
        valid_from=scope.valid_from,
        valid_until=scope.valid_until,
        ends_when=scope.ends_when,
        prepared_at=clocks.now(tx),
        prepared_by=1,
        texts=b"",
        form="paper",
        activated_at=clocks.now(tx),
    )
    consents.add(tx, consent, scope)


def _begin(tx: Session, town: Town, case_id: UUID, process: str, organisation: str) -> UUID:
    return runtime.start(
        tx,
        CaseHost(town.app),
        pack_id=PACK,
        process=process,
        case_id=case_id,
        variables={
            "organisation": organisation,
            "unit": None,
            "parties": [{"organisation": code} for code in PARTIES],
        },
        by="engine",
    ).instance_id


# --- the commands. What is looked up here is old when the command runs, as on a page.


def start_another(side: Side) -> Act:
    world = side.world

    def act(tx: Session) -> None:
        case_store.lock_case(tx, world.case_id)
        _begin(tx, world.town, world.case_id, "raced_answer", "vc_vaster")

    return act


def claim(side: Side) -> Act:
    task_id = side.task("one")
    return lambda tx: tasks.take_task(tx, side.app, side.actor, task_id)


def release(side: Side) -> Act:
    task_id = side.task("one")
    engine_store.set_task(side.tx, task_id, assignee_id=side.actor.account_id)
    return lambda tx: tasks.put_back_task(tx, side.app, side.actor, task_id)


def assign(side: Side) -> Act:
    task_id, colleague = side.task("one"), side.world.town.ours[1 - side.number].account_id
    return lambda tx: tasks.give_task(tx, side.app, side.actor, task_id, colleague)


def _completing(side: Side, actor: Actor, task_id: UUID) -> Act:
    key = uuid4().hex

    def act(tx: Session) -> None:
        done = tasks.complete_task(tx, side.app, actor, task_id, [], key=key)
        assert isinstance(done, Completed)

    return act


def complete(side: Side) -> Act:
    return _completing(side, side.actor, side.task("one"))


def complete_sibling(side: Side) -> Act:
    return _completing(side, side.actor, side.task("two"))


def complete_item(side: Side) -> Act:
    return _completing(side, side.stranger, side.task("answer", "fk"))


def complete_and_tell(side: Side) -> Act:
    return _completing(side, side.actor, side.task("tell"))


def hear_message(side: Side) -> Act:
    world, by = side.world, side.actor.pseudonym

    def act(tx: Session) -> None:
        case_store.lock_case(tx, world.case_id)
        messages.tell(tx, side.app, world.case_id, "word", {"said": 1}, by=by)

    return act


def hear_signal(side: Side) -> Act:
    world, instance_id = side.world, side.instance_id

    def act(tx: Session) -> bool:
        case_store.lock_case(tx, world.case_id)
        heard = runtime.signal(tx, world.host, "bell", instance_id=instance_id, by="engine")
        return heard is not None

    return act


def fire_timer(side: Side) -> Act:
    world, wait_id = side.world, side.wait("nap").id

    def act(tx: Session) -> bool:
        if not case_store.try_lock(tx, world.case_id):
            raise Busy
        return runtime.fire_due(tx, world.host, wait_id) is not None

    return act


def suspend(side: Side) -> Act:
    world = side.world

    def act(tx: Session) -> int:
        case_store.lock_case(tx, world.case_id)
        return runtime.suspend(tx, world.case_id)

    return act


def resume(side: Side) -> Act:
    world = side.world
    runtime.suspend(side.tx, world.case_id)

    def act(tx: Session) -> int:
        case_store.lock_case(tx, world.case_id)
        return runtime.resume(tx, world.host, world.case_id)

    return act


def cancel(side: Side) -> Act:
    world, instance_id = side.world, side.instance_id

    def act(tx: Session) -> bool:
        case_store.lock_case(tx, world.case_id)
        return runtime.cancel(tx, world.host, instance_id, "not_needed", by="engine").ended

    return act


def retry(side: Side) -> Act:
    world, wait = side.world, side.wait("nap")
    engine_store.set_held(side.tx, wait.id, held=True)
    row = Incident(
        instance_id=side.instance_id,
        case_id=world.case_id,
        process=wait.process,
        element_id=wait.element_id,
        kind="timer",
        why="a passing fault",
        at=clocks.now(side.tx),
        token_id=wait.token_id,
        wait_id=wait.id,
    )
    incident_id = engine_store.add_incident(side.tx, row)

    def act(tx: Session) -> bool:
        case_store.lock_case(tx, world.case_id)
        return runtime.retry(tx, world.host, incident_id, by="engine") is not None

    return act


def migrate(side: Side) -> Act:
    world, instance_id = side.world, side.instance_id

    def act(tx: Session) -> None:
        case_store.lock_case(tx, world.case_id)
        runtime.migrate(tx, world.host, instance_id, release_id=world.newer, by="engine")

    return act


def move_token(side: Side) -> Act:
    world, instance_id = side.world, side.instance_id
    token_id = side.wait("await_word").token_id

    def act(tx: Session) -> None:
        case_store.lock_case(tx, world.case_id)
        runtime.move_token(tx, world.host, instance_id, token_id, "heard", by="engine")

    return act


def set_variable(side: Side) -> Act:
    """Steps that open from then on are another organisation's."""
    world, instance_id = side.world, side.instance_id

    def act(tx: Session) -> None:
        case_store.lock_case(tx, world.case_id)
        to = {"organisation": "fk"}
        runtime.set_variables(tx, world.host, instance_id, to, by="engine")

    return act


def _hearing(side: Side, way: str) -> Act:
    world, actor, key = side.world, side.actor, uuid4().hex

    def act(tx: Session) -> None:
        sent = world.sent[way]
        page = hearings.hear(tx, side.app, actor, world.case_id, _BACK, sent, key=key)
        if page is not None:
            raise AskedAgain

    return act


def leave(side: Side) -> Act:
    return _hearing(side, "leave")


def withdraw(side: Side) -> Act:
    return _hearing(side, "withdraw")


WAYS: Mapping[str, Callable[[Side], Act]] = {
    "start": start_another,
    "claim": claim,
    "release": release,
    "assign": assign,
    "complete": complete,
    "complete sibling": complete_sibling,
    "complete item": complete_item,
    "complete and tell": complete_and_tell,
    "message": hear_message,
    "signal": hear_signal,
    "timer": fire_timer,
    "suspend": suspend,
    "cancel": cancel,
    "retry": retry,
    "leave": leave,
    "withdraw": withdraw,
    "migrate": migrate,
    "move token": move_token,
    "set variable": set_variable,
    # Last: the others are prepared while the case still runs.
    "resume": resume,
}
