"""Play a history: each day, people do what they do, by the commands that the pages use."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from base import clock
from base.db import Session
from casework import formbook, hearings, restriction, start, worker
from casework.access import Actor
from casework.agenda import actions as meetings
from casework.application import Application
from casework.audit import actions as audit
from casework.cast import Cast
from casework.consent.rules import SecondPersonNeeded
from casework.demonstration.answers import Teller
from casework.demonstration.meeting_days import Calendar
from casework.demonstration.moments import (
    Moments,
    working_day_from,
    working_day_until,
    works,
)
from casework.demonstration.stories import Days, History, Row, Said, Tale
from casework.organisations import store as organisations
from casework.tasks import actions as tasks
from casework.tasks import opening
from casework.tasks import store as task_store
from casework.tasks.model import Completed
from engine import store as engine_store
from engine.tables import Task
from forms import posted, sample, still_asked

_MORNING = time(7, 30)
_OPENS = 8 * 60
_CLOSES = 17 * 60
_MINUTES = (2, 12)
_MOST_ROUNDS = 30
_LATER = 7


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the history has been told."""

    day: date
    cases: int
    commands: int


@dataclass(slots=True)
class Played:
    """What came of it; ``made_up`` names fields for which the files have no answer."""

    cases: int = 0
    commands: int = 0
    made_up: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Life:
    """A tale while it is lived."""

    tale: Tale
    ends: date
    case_id: UUID
    group_id: int
    places: list[Row] = field(default_factory=list)
    #: On which day somebody gets round to a step.
    days: dict[UUID, date] = field(default_factory=dict)
    #: Since when a message has been waited for.
    awaited: dict[str, date] = field(default_factory=dict)
    said: int = 0
    times: dict[str, int] = field(default_factory=dict)

    @property
    def next_said(self) -> Said | None:
        return self.tale.says[self.said] if self.said < len(self.tale.says) else None

    def count(self, what: str) -> int:
        self.times[what] = self.times.get(what, 0) + 1
        return self.times[what]


class _Incomplete(Exception):
    """The answers of the files are not all that the form asks for; rolls back."""

    def __init__(self, fields: Collection[str]) -> None:
        self.fields = fields


class Player:
    """One history, played on one installation whose clock moves."""

    def __init__(self, app: Application, history: History, tales: Sequence[Tale]) -> None:
        self.app = app
        self.history = history
        self.tales = tales
        self.moments = Moments(app.database, app.zone)
        self.present = self.moments.today
        self.calendar = Calendar(app, history, self.moments, self.present)
        self.lives: dict[UUID, Life] = {}
        self.played = Played()
        self.minute = _OPENS
        #: The last day on which meetings were planned.
        self.planned = date.min

    def play(self, days: int, tell: Callable[[Progress], None]) -> Played:
        """From so many days ago until yesterday; then the clock stands at the present again."""
        self.moments.go_back(days)
        begun = self.present - timedelta(days=days)
        self.planned = begun - timedelta(days=self.history.ahead)
        for number in range(days):
            day = begun + timedelta(days=number)
            self.live(day)
            tell(Progress(day, len(self.lives), self.played.commands))
        self.take_what_is_open()
        self.moments.return_to_present()
        worker.run_round(self.app)
        self.played.cases = len(self.lives)
        return self.played

    def live(self, day: date) -> None:
        self.moments.go_to(day, _MORNING)
        worker.run_round(self.app)
        self.minute = _OPENS
        if not works(day):
            return
        self.played.commands += self.calendar.plan(day, self.planned)
        self.planned = day
        for tale in self.tales:
            if working_day_until(self.present - timedelta(days=tale.begins)) == day:
                self.begin(tale)
        self.work(day, [life.case_id for life in self.lives.values() if day <= life.ends])
        self.played.commands += self.calendar.hold(day, lambda one: self.work(day, [one]))

    def begin(self, tale: Tale) -> None:
        self.pass_time()
        with self.app.database.transaction() as tx:
            cast = Cast(tx, self.app)
            group = organisations.group(tx, tale.group)
            actor = cast.named(tale.raised_by)
            case_id, _ = start.start_case(tx, self.app, actor, group_id=group.id, key=uuid4().hex)
            life = Life(tale, self.present - timedelta(days=tale.until + 1), case_id, group.id)
            life.places = self.teller(tx, life).places(group.id)
        self.lives[case_id] = life
        self.played.commands += 1

    def work(self, day: date, case_ids: Collection[UUID]) -> None:
        """What people get round to on that day, until nothing is left to do."""
        touched = set(case_ids)
        for _ in range(_MOST_ROUNDS):
            if not touched:
                return
            for case_id in touched:
                self.let_know(self.lives[case_id])
            waiting = self.due_steps(day, touched)
            touched = {task.case_id for task in waiting if self.do(day, task)} | self.speak(
                day, touched
            )

    def let_know(self, life: Life) -> None:
        """Name on a restricted case those of whom its tale says so, once they may be named."""
        if not life.tale.knows:
            return
        with self.app.database.transaction() as tx:
            cast = Cast(tx, self.app)
            lead = cast.lead(life.case_id)
            page = restriction.page(tx, self.app, lead, life.case_id)
            offered = {account_id for account_id, _ in page.others} if page.restricted else set()
            for user_name in life.tale.knows:
                account_id = cast.named(user_name).account_id
                if account_id in offered:
                    restriction.name_person(tx, self.app, lead, life.case_id, account_id)
                    self.played.commands += 1

    def due_steps(self, day: date, case_ids: Collection[UUID]) -> list[Task]:
        with self.app.database.reading() as tx:
            found = list(task_store.open_of_cases(tx, sorted(case_ids)))
        return [task for task in found if self.day_of(self.lives[task.case_id], task) <= day]

    def day_of(self, life: Life, task: Task) -> date:
        """When somebody gets round to a step: after its pace, mostly not after it is due."""
        if task.id not in life.days:
            life.days[task.id] = self.planned_day(life, task)
        return life.days[task.id]

    def planned_day(self, life: Life, task: Task) -> date:
        if life.tale.leaves & _names(task):
            return date.max
        pace, punctual = self.history.pace_of(life.tale, task.element_id)
        begins = self.local(max(task.created, task.follow_up or task.created))
        day = working_day_from(begins, self.throw(life, str(task.element_id), pace))
        if not punctual or task.due is None:
            return day
        due = working_day_until(self.local(task.due))
        return max(min(day, due), working_day_from(begins))

    def throw(self, life: Life, what: str, pace: Days) -> int:
        count = life.count(f"pace/{what}")
        return self.history.dice(life.tale, f"{what}/{count}").randint(*pace)

    def do(self, day: date, task: Task) -> bool:
        """Do a step, or keep a draft of it; False if nobody may now."""
        life = self.lives[task.case_id]
        self.pass_time()
        try:
            done = self.complete(life, task)
        except _Incomplete as lacking:
            form = str(task.form)
            self.played.made_up |= {f"{form}.{name}" for name in lacking.fields}
            done = self.complete(life, task, fill=True)
        except SecondPersonNeeded:
            done = self.complete(life, task, second=True)
        if not done:
            life.days[task.id] = day + timedelta(days=_LATER)
        self.played.commands += done
        return done

    def complete(
        self, life: Life, task: Task, *, fill: bool = False, second: bool = False
    ) -> bool:
        """Do a step as whoever could; ``second``: not as the first of them."""
        with self.app.database.transaction() as tx:
            now = task_store.by_id(tx, task.id)
            if now is None or now.status != "open":
                return False
            holder = next(islice(Cast(tx, self.app).holders_of(now), int(second), None), None)
            if holder is None:
                return False
            sent = self.sent(tx, life, task, holder, fill=fill)
            audit.log_read(tx, holder, life.case_id, "task", purpose=task.purpose or "")
            if life.tale.drafts & _names(task):
                tasks.save_draft(tx, self.app, holder, task.id, sent)
                life.days[task.id] = date.max
                return True
            done = tasks.complete_task(tx, self.app, holder, task.id, sent, key=uuid4().hex)
            if not isinstance(done, Completed):
                raise _Incomplete(done.errors)
        return True

    def sent(
        self, tx: Session, life: Life, task: Task, actor: Actor, *, fill: bool
    ) -> list[tuple[str, str]]:
        """The answers as a browser sends them; ``fill``: the form's own samples for the rest.

        A form may ask less than its file says, where consent or protection leaves fields out.
        Raises UnknownField for an answer to what the file does not ask either.
        """
        step = opening.step_for(tx, self.app, actor, task.id)
        if step.form is None:
            return []
        teller = self.teller(tx, life)
        place = Cast(tx, self.app).place_of(task)
        context = teller.context(life.places, place)
        times = life.times.get(f"pace/{task.element_id}", 1)
        told = teller.answers(step.form.id, place, context, times)
        posted(formbook.form(step.pack, step.form.id), told)
        answers = still_asked(step.form, told)
        if fill:
            answers = sample(step.form, step.choices, teller.now, step.context, named=answers)
        return _pairs(posted(step.form, answers))

    def speak(self, day: date, case_ids: Collection[UUID]) -> set[UUID]:
        """What people tell their cases, and what is put on agendas; the cases that heard."""
        awaited = self.awaited(case_ids)
        heard = {one for one, names in awaited.items() if self.tell(day, one, names)}
        for case_id, names in awaited.items():
            if meetings.PLACED in names and self.is_time(day, case_id, meetings.PLACED):
                self.pass_time()
                if self.calendar.place(case_id):
                    self.lives[case_id].awaited.pop(meetings.PLACED)
                    self.played.commands += 1
                    heard.add(case_id)
        return heard

    def awaited(self, case_ids: Collection[UUID]) -> Mapping[UUID, set[str]]:
        """The messages that each case waits for, of those that somebody might send."""
        said = [self.lives[case_id].next_said for case_id in case_ids]
        names = {one.message for one in said if one is not None} | {meetings.PLACED}
        found: dict[UUID, set[str]] = {case_id: set() for case_id in case_ids}
        with self.app.database.reading() as tx:
            for name in sorted(names):
                for case_id in engine_store.cases_hearing(tx, name, list(case_ids)):
                    found[case_id].add(name)
        return found

    def tell(self, day: date, case_id: UUID, names: Collection[str]) -> bool:
        life = self.lives[case_id]
        said = life.next_said
        if said is None or said.message not in names:
            return False
        since = self.present - timedelta(days=life.tale.begins)
        if not self.is_time(day, case_id, said.message) or (day - since).days < said.day:
            return False
        self.pass_time()
        with self.app.database.transaction() as tx:
            actor = Cast(tx, self.app).lead(case_id)
            teller = self.teller(tx, life)
            named = teller.plain(said.answers, teller.context(life.places, ""))
            sent = hearings.sample_answers(tx, self.app, actor, case_id, said.message, named)
            page = hearings.hear(tx, self.app, actor, case_id, said.message, sent, key=uuid4().hex)
            if page is not None:
                raise _Incomplete(page.errors)
        life.said += 1
        life.awaited.pop(said.message, None)
        self.played.commands += 1
        return True

    def is_time(self, day: date, case_id: UUID, message: str) -> bool:
        """Whether a message has been waited for long enough."""
        life = self.lives[case_id]
        if message in life.tale.leaves:
            return False
        if message not in life.awaited:
            pace, _ = self.history.pace_of(life.tale, message)
            life.awaited[message] = working_day_from(day, self.throw(life, message, pace))
        return life.awaited[message] <= day

    def take_what_is_open(self) -> None:
        """Some of the open steps are in somebody's hands."""
        with self.app.database.reading() as tx:
            found = list(task_store.open_of_cases(tx, sorted(self.lives)))
        for number, task in enumerate(found):
            life = self.lives[task.case_id]
            with self.app.database.transaction() as tx:
                dice = self.history.dice(life.tale, f"take/{number}")
                holder = Cast(tx, self.app).holder_of(task)
                if holder is None or task.assignee_id or dice.random() > self.history.taken:
                    continue
                tasks.take_task(tx, self.app, holder, task.id)
            self.played.commands += 1

    def teller(self, tx: Session, life: Life) -> Teller:
        now = clock.now(tx).astimezone(ZoneInfo(self.app.zone))
        return Teller(tx, Cast(tx, self.app), self.history, life.tale, now)

    def pass_time(self) -> None:
        """A little later on the same day."""
        lowest, highest = _MINUTES
        steps = highest - lowest
        self.minute = min(self.minute + lowest + self.played.commands % steps, _CLOSES)
        hour, minute = divmod(self.minute, 60)
        self.moments.go_to(self.moments.today, time(hour, minute))

    def local(self, moment: datetime) -> date:
        return moment.astimezone(ZoneInfo(self.app.zone)).date()


def _names(task: Task) -> set[str]:
    """How a tale may name a step: element, element@organisation, element@organisation/unit."""
    organisation, unit = task.scope.get("organisation"), task.scope.get("unit")
    return {
        task.element_id,
        f"{task.element_id}@{organisation}",
        f"{task.element_id}@{organisation}/{unit}",
    }


def _pairs(sent: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(name, value) for name, values in sent.items() for value in values]
