"""Play a pack's scenarios on the real thing: real commands, a moved clock; see `casework.stage`.

A scenario says who and what is given, then what people do, what the clock does and what must be
true after each step. Answers that a step does not name are made from the form.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import feel
from base import clock
from base.clock import Fixed
from base.db import Session
from base.errors import SamplanError
from casework import access, alone, hearings, otherwise, start, worker
from casework.access import Action, Actor, Holder, Party
from casework.agenda import actions as meetings
from casework.application import Application
from casework.cases import store as case_store
from casework.cast import Cast
from casework.consent import store as consents
from casework.host import CaseHost
from casework.meetings import protocol, terms
from casework.meetings import store as meeting_store
from casework.meetings.tables import AgendaItem
from casework.organisations import store as organisations
from casework.otherwise import GoesOtherwise, Otherwise
from casework.report_register import actions as reports
from casework.reports import store as report_store
from casework.reports.filing import Pin
from casework.tasks import actions as tasks
from casework.tasks import opening
from casework.tasks import store as task_store
from casework.tasks.model import Completed
from engine import store as engine_store
from engine.coverage import Met
from engine.tables import Task
from forms import posted, sample

#: Who reports where a scenario names nobody.
LEAD = "case_lead"
_MOST_STOPS = 500


@dataclass(frozen=True, slots=True)
class Failure:
    """What did not come out as the scenario says; ``step`` counts from 1, 0 is the start.

    ``message`` is for a terminal, ``why`` for whoever reads it on a page.
    """

    step: int
    message: str
    why: Otherwise

    @classmethod
    def of(cls, step: int, error: Exception) -> "Failure":
        return cls(step, f"{type(error).__name__}: {error}", otherwise.why(error))


@dataclass(frozen=True, slots=True)
class Played:
    """How a scenario went, and what it met of the diagrams."""

    name: str
    steps: int
    failure: Failure | None
    met: Met = field(default_factory=Met)

    @property
    def passed(self) -> bool:
        return self.failure is None


class Play:
    """One scenario while it is played."""

    def __init__(self, app: Application, moment: Fixed, scenario: Mapping[str, Any]) -> None:
        self.app = app
        self.moment = moment
        self.scenario = scenario
        self.case_id: UUID | None = None

    def run(self) -> Played:
        steps: Sequence[Mapping[str, Any]] = self.scenario.get("step", ())
        done = 0
        try:
            self.begin(self.scenario["given"])
            for step in steps:
                done += 1
                self.step(step)
        except (GoesOtherwise, SamplanError, KeyError) as error:
            return Played(self.scenario["name"], len(steps), Failure.of(done, error))
        return Played(self.scenario["name"], len(steps), None)

    def begin(self, given: Mapping[str, Any]) -> None:
        with self.app.database.transaction() as tx:
            group = organisations.group(tx, given["group"])
            actor = self.cast(tx).worker_of(given["referrer"], group.id)
            if "alone" in given:
                self.case_id = alone.begin(tx, self.app, actor, group.id, given)
                return
            if "about" in given:
                self.case_id = terms.begin_for_group(
                    tx,
                    CaseHost(self.app),
                    group.id,
                    given["process"],
                    dict(given["about"]),
                    Holder(actor.organisation_id or 0),
                    by=actor.pseudonym,
                )
                return
            if "report" in given:
                self.case_id = self.report(tx, actor, given["report"], group.id)
                return
            self.case_id, _ = start.start_case(
                tx, self.app, actor, group_id=group.id, key=uuid4().hex
            )

    def report(self, tx: Session, actor: Actor, given: Mapping[str, Any], group_id: int) -> UUID:
        """A report that somebody files: its kind, and answers to its form."""
        pin = Pin(given.get("process", ""), given.get("element", ""), group_id)
        named = _plain(given.get("answers", {}))
        sent = reports.sample_answers(tx, self.app, actor, given["kind"], pin, named)
        filed = reports.file_report(tx, self.app, actor, given["kind"], pin, sent, key=uuid4().hex)
        if not isinstance(filed, int):
            raise GoesOtherwise("answers", given["kind"], filed.errors)
        return report_store.by_id(tx, filed).case_id

    def step(self, step: Mapping[str, Any]) -> None:
        if "advance" in step:
            self.advance(step["advance"])
        do = step.get("do", {})
        verbs: Mapping[str, Callable[[Mapping[str, Any]], None]] = {
            "task": self.do_task,
            "hears": self.hear,
            "meeting": self.meet,
        }
        for verb, act in verbs.items():
            if verb in do:
                act(do)
        if "then" in step:
            self.check(step["then"])

    def do_task(self, do: Mapping[str, Any]) -> None:
        with self.app.database.transaction() as tx:
            task = self.find_task(tx, do["task"])
            actor = self.doer_of(tx, task)
            sent = self.answers(tx, actor, task, do.get("answers", {}))
            done = tasks.complete_task(tx, self.app, actor, task.id, sent, key=uuid4().hex)
            if not isinstance(done, Completed):
                raise GoesOtherwise("answers", do["task"], done.errors)

    def answers(
        self, tx: Session, actor: Actor, task: Task, named: Mapping[str, Any]
    ) -> list[tuple[str, str]]:
        """What is named, and a valid value for whatever else the form requires."""
        step = opening.step_for(tx, self.app, actor, task.id)
        if step.form is None:
            return []
        now = clock.now(tx).astimezone(ZoneInfo(self.app.zone))
        given = _plain(named)
        made = sample(step.form, step.choices, now, step.context, named=given)
        return [(name, v) for name, values in posted(step.form, made).items() for v in values]

    def hear(self, do: Mapping[str, Any]) -> None:
        with self.app.database.transaction() as tx:
            actor = self.reporter(tx, do.get("by", LEAD))
            sent = hearings.sample_answers(
                tx, self.app, actor, self.case(), do["hears"], _plain(do.get("answers", {}))
            )
            page = hearings.hear(
                tx, self.app, actor, self.case(), do["hears"], sent, key=uuid4().hex
            )
            if page is not None:
                raise GoesOtherwise("answers", do["hears"], page.errors)

    def meet(self, do: Mapping[str, Any]) -> None:
        with self.app.database.transaction() as tx:
            case = case_store.by_id(tx, self.case())
            convener = self.cast(tx).convener(case.group_id or 0)
            match do["meeting"]:
                case "placed":
                    meeting_id = meetings.plan_meeting(
                        tx,
                        self.app,
                        convener,
                        group_id=case.group_id or 0,
                        on=do["on"],
                        time="13:00",
                        place="Stadshuset",
                    )
                    meetings.place_case(tx, self.app, self.lead(tx), meeting_id, case.id)
                case "held":
                    self.hold(tx, convener, case.group_id or 0)
                case "begins":
                    item = self.item(tx, case.id)
                    meetings.begin_item(tx, self.app, convener, item.meeting_id, item.id)
                case "concluded":
                    item = self.item(tx, case.id)
                    meetings.conclude_item(tx, self.app, convener, item.meeting_id, item.id)

    def item(self, tx: Session, case_id: UUID) -> AgendaItem:
        found = meeting_store.open_item_of(tx, case_id)
        if found is None:
            raise GoesOtherwise(kind="agenda")
        return found

    def hold(self, tx: Session, convener: Actor, group_id: int) -> None:
        """A meeting today, with everybody there and nothing but general questions."""
        today = clock.today(tx, self.app.zone)
        meeting_id = meetings.plan_meeting(
            tx, self.app, convener, group_id=group_id, on=today, time="13:00", place="Stadshuset"
        )
        seats = [seat.id for seat in organisations.seats(tx, group_id, today)]
        protocol.call_roll(tx, self.app, convener, meeting_id, seats)
        meetings.conclude_meeting(tx, self.app, convener, meeting_id)

    def advance(self, by: str) -> None:
        """Move the clock, stopping wherever something falls due on the way."""
        target = _later(self.moment.now(), feel.duration(by))
        for _ in range(_MOST_STOPS):
            worker.run_round(self.app)
            stop = self.next_stop()
            if stop is None or stop > target:
                break
            self.moment.set(max(stop, self.moment.now()))
        self.moment.set(target)
        worker.run_round(self.app)

    def next_stop(self) -> datetime | None:
        """The next moment at which the clock itself does something."""
        with self.app.database.reading() as tx:
            now = clock.now(tx)
            due = engine_store.next_due(tx, now)
            last = consents.next_expiry(tx)
        stops = [due] if due else []
        if last is not None:
            after = datetime.combine(last + timedelta(days=1), time(0, 1), ZoneInfo(self.app.zone))
            stops += [after] if after > now else []
        return min(stops, default=None)

    def check(self, then: Mapping[str, Any]) -> None:
        with self.app.database.reading() as tx:
            case = case_store.by_id(tx, self.case())
            if "open" in then:
                _expect_all("open", self.open_steps(tx), sorted(then["open"]))
            if "milestone" in then:
                _expect("milestone", case.milestone, then["milestone"])
            if "ended" in then:
                ended = self.ended(tx)
                _expect("ended" if ended else "not_ended", ended, then["ended"])
            if "refused" in then:
                refused = then["refused"]
                _expect("refused", self.refusal(tx, refused["action"]), refused["why"])

    def ended(self, tx: Session) -> str | None:
        """How the case has ended, or the diagram that was begun by itself; None: it goes on."""
        outcome = case_store.by_id(tx, self.case()).outcome
        if outcome is None and "alone" in self.scenario.get("given", {}):
            begun = engine_store.first_instance(tx, self.case())
            return begun.end_event if begun is not None else None
        return outcome

    def open_steps(self, tx: Session) -> list[str]:
        """Steps that somebody could do now, as element@organisation."""
        open_ = task_store.open_of_case(tx, self.case())
        cast = self.cast(tx)
        waiting = zip(open_, cast.doers_of(open_), cast.places_of(open_), strict=True)
        return sorted(_named(task, place) for task, doer, place in waiting if doer is not None)

    def refusal(self, tx: Session, action: str) -> str:
        facts = case_store.facts(tx, self.case())
        today = clock.today(tx, self.app.zone)
        asking = (Party(facts.referrer.organisation_id, facts.referrer.unit_id),)
        decision = access.may(self.lead(tx), Action(action), facts, on=today, parties=asking)
        return decision.code

    def find_task(self, tx: Session, name: str) -> Task:
        """By element, and organisation (and unit) where several are open."""
        element, _, place = name.partition("@")
        found = [
            task
            for task in task_store.open_of_case(tx, self.case())
            if task.element_id == element
            and (not place or self.cast(tx).place_of(task) == place or _unit_code(task, place))
        ]
        if not found:
            raise GoesOtherwise("not_open", name, self.open_steps(tx))
        return found[0]

    def doer_of(self, tx: Session, task: Task) -> Actor:
        holder = self.cast(tx).holder_of(task)
        if holder is None:
            raise GoesOtherwise("nobody", task.element_id, [task.role])
        return holder

    def lead(self, tx: Session) -> Actor:
        return self.cast(tx).lead(self.case())

    def reporter(self, tx: Session, by: str) -> Actor:
        """As scenarios name them: ``case_lead``, ``referrer``, or a party: ``party@varnamo``.

        Raises NobodyThere.
        """
        role, _, place = by.partition("@")
        match role:
            case "referrer":
                return self.cast(tx).referrer(self.case())
            case "party":
                group_id = case_store.facts(tx, self.case()).group_id
                return self.cast(tx).worker_of(place, group_id or 0)
        return self.lead(tx)

    def cast(self, tx: Session) -> Cast:
        return Cast(tx, self.app)

    def case(self) -> UUID:
        assert self.case_id is not None  # noqa: S101
        return self.case_id


def _named(task: Task, code: str) -> str:
    return f"{task.element_id}@{code}"


def step_name(task: Task, code: str) -> str:
    """As `Play.find_task` finds it: with the unit where the step is one's."""
    unit = task.scope.get("unit") if task.scope.get("organisation") == code else None
    return _named(task, f"{code}/{unit}" if unit else code)


def _unit_code(task: Task, place: str) -> bool:
    """Whether ``varnamo/eko`` means the step's organisation and unit."""
    organisation, unit = task.scope.get("organisation"), task.scope.get("unit")
    return bool(unit) and place == f"{organisation}/{unit}"


def _expect(what: str, found: str | None, wanted: str) -> None:
    _expect_all(what, [found] if found else [], [wanted])


def _expect_all(what: str, found: list[str], wanted: list[str]) -> None:
    if found != wanted:
        raise GoesOtherwise(what, found=found, wanted=wanted)


def _plain(answers: Mapping[str, Any]) -> dict[str, Any]:
    """TOML values as answers: dates as text, truths as yes and no left to the form."""

    def plain(value: Any) -> Any:
        match value:
            case date() | time():
                return value.isoformat()
            case dict():
                return {key: plain(inner) for key, inner in value.items()}
            case list():
                return [plain(inner) for inner in value]
        return value

    return {key: plain(value) for key, value in answers.items()}


def _later(moment: datetime, by: Any) -> datetime:
    """Days and hours on the clock; years and months on the calendar."""
    if isinstance(by, timedelta):
        return moment + by
    months = moment.month - 1 + int(by.months)
    year, month = moment.year + months // 12, months % 12 + 1
    day = min(moment.day, 28)
    return moment.replace(year=year, month=month, day=day)
