"""Play a draft before anybody is affected: begin, do steps, push the clock, take back, keep."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from base import clock
from base.db import Session
from base.errors import Conflict, Invalid, NotFound
from casework import hearings
from casework.access import Actor
from casework.application import Application
from casework.hearings import HearingPage
from casework.otherwise import GoesOtherwise
from casework.releases.actions import EDITORS, require_role
from casework.releases.tables import TrialRow
from casework.scenarios import LEAD
from casework.sending import grouped, type_sent
from casework.tasks import actions as tasks
from casework.tasks import opening
from casework.tasks.model import TaskPage
from casework.trials import courses, store
from casework.trials.courses import Course, Move
from casework.trials.ground import drafted, ground_of, readable_draft
from casework.trials.model import TrialLine, TrialPage
from casework.trials.playing import Standing, named
from casework.trials.reporting import Reporter, reportable
from casework.trials.saying import speaker_for
from casework.trials.standing import next_stop, stands, unplayed
from casework.words import Words
from engine.errors import NotWaiting
from engine.packs import Pack
from engine.tables import Task
from forms import Form
from forms import read as read_answers

MOST_MOVES = 120
#: Without a move, after which a trial is gone.
KEPT = timedelta(days=60)
NEXT = "next"
#: How far the clock is pushed by a button.
SPANS = ("P1D", "P7D", "P30D", NEXT)
MEETINGS = ("placed", "begins", "concluded", "held")


class NoSuchTrial(NotFound):
    """There is no such trial."""


class NoSuchStep(Conflict):
    """This step does not wait any more."""


class TrialOvertaken(Conflict):
    """You have made another move in this trial meanwhile; look at it again."""


class TrialFull(Invalid):
    """A trial takes at most 120 moves."""


class NothingFallsDue(Invalid):
    """Nothing falls due by itself; choose a length of time."""


class NoSuchMove(Invalid):
    """Choose one of the moves that the page offers."""


class DoesNotGo(Invalid):
    """The draft does not go on with this move."""


@dataclass(frozen=True, slots=True)
class StepOfTrial:
    """A step as the one who does it sees it, whose name is ``who``."""

    trial: TrialLine
    rev: int
    who: str
    page: TaskPage


@dataclass(frozen=True, slots=True)
class HearingOfTrial:
    """What may be reported now, as the one who reports it sees it, one of ``reporters``."""

    trial: TrialLine
    rev: int
    page: HearingPage
    reporter: Reporter
    reporters: Sequence[Reporter]


def trial_page(
    tx: Session, app: Application, actor: Actor, trial_id: int, *, diagram: str = ""
) -> TrialPage:
    """How far the trial goes with the draft as it is. Raises NoSuchTrial."""
    row = own_trial(tx, app, actor, trial_id)
    readable = readable_draft(tx, app)
    pack = readable or app.pack(tx)
    ground = ground_of(app, pack)
    course = courses.read(row.course)
    reached = ground.player.reach(course)
    speaker = speaker_for(app, pack, actor)
    with ground.player.standing(course) as standing:
        if standing is None:
            return unplayed(row, reached.failure, speaker, readable=readable is not None)
        return stands(standing, row, speaker, diagram, readable=readable is not None)


def step_page(
    tx: Session,
    app: Application,
    actor: Actor,
    trial_id: int,
    name: str,
    *,
    sent: type_sent | None = None,
    filled: bool = False,
) -> StepOfTrial:
    """The page of a step as the one who does it sees it; ``filled`` with test data.

    Raises NoSuchTrial, NoSuchStep.
    """
    row = own_trial(tx, app, actor, trial_id)
    with _standing(app, drafted(tx, app), row) as standing, standing.app.database.reading() as own:
        task, holder = _doer(own, standing, name, actor)
        if filled:
            sent = standing.play.answers(own, holder, task, {})
        page = tasks.open_task(own, standing.app, holder, task.id, sent=sent)
        return StepOfTrial(line_of(row), row.rev, named(own, holder)[0], page)


def do_step(
    app: Application, actor: Actor, trial_id: int, name: str, sent: type_sent, *, rev: int
) -> StepOfTrial | None:
    """Do a step with these answers; its page with errors if they are not right.

    Raises NoSuchTrial, NoSuchStep, TrialOvertaken, TrialFull, DoesNotGo.
    """
    row, pack = _taken(app, actor, trial_id, rev)
    with _standing(app, pack, row) as standing, _lost(standing) as own:
        task, holder = _doer(own, standing, name, actor)
        form = opening.step_for(own, standing.app, holder, task.id).form
        done = tasks.complete_task(own, standing.app, holder, task.id, sent, key=uuid4().hex)
        if isinstance(done, TaskPage):
            return StepOfTrial(line_of(row), row.rev, named(own, holder)[0], done)
    _add(app, actor, row, pack, {"do": _do("task", name, form, sent)}, rev=rev)
    return None


def do_with_test_data(
    app: Application, actor: Actor, trial_id: int, name: str, *, rev: int
) -> None:
    """Do a step with what the form itself suggests. Raises as `do_step`."""
    row, pack = _taken(app, actor, trial_id, rev)
    _add(app, actor, row, pack, {"do": {"task": name}}, rev=rev)


def hearing_page(
    tx: Session,
    app: Application,
    actor: Actor,
    trial_id: int,
    message: str,
    *,
    by: str = "",
    sent: type_sent | None = None,
    filled: bool = False,
) -> HearingOfTrial:
    """As it is for whoever reports ``by`` this role; empty: the first who may.

    Raises NoSuchTrial, NotWaiting.
    """
    row = own_trial(tx, app, actor, trial_id)
    pack = drafted(tx, app)
    with _standing(app, pack, row) as standing, standing.app.database.reading() as own:
        play = standing.play
        able = _reporters(own, standing, pack, actor, message)
        one = _chosen(able, by)
        person = _speaking(play.reporter(own, one.by), actor)
        if filled:
            sent = hearings.sample_answers(own, play.app, person, play.case(), message, {})
        page = hearings.hearing(own, play.app, person, play.case(), message, sent=sent)
        return HearingOfTrial(line_of(row), row.rev, page, one, able)


def hear(
    app: Application,
    actor: Actor,
    trial_id: int,
    message: str,
    sent: type_sent,
    *,
    rev: int,
    by: str = "",
) -> HearingOfTrial | None:
    """Report something, by one who may; the page with errors if the answers are not right.

    Raises NoSuchTrial, NotWaiting, TrialOvertaken, TrialFull, DoesNotGo.
    """
    row, pack = _taken(app, actor, trial_id, rev)
    with _standing(app, pack, row) as standing, _lost(standing) as own:
        play = standing.play
        able = _reporters(own, standing, pack, actor, message)
        one = _chosen(able, by)
        person = _speaking(play.reporter(own, one.by), actor)
        form = hearings.form_of(own, play.app, person, play.case(), message)
        page = hearings.hear(own, play.app, person, play.case(), message, sent, key=uuid4().hex)
        if page is not None:
            return HearingOfTrial(line_of(row), row.rev, page, one, able)
    do = _do("hears", message, form, sent)
    _add(app, actor, row, pack, {"do": do if one.by == LEAD else {**do, "by": one.by}}, rev=rev)
    return None


def _reporters(
    tx: Session, standing: Standing, pack: Pack, reader: Actor, message: str
) -> Sequence[Reporter]:
    """Raises NotWaiting."""
    found = reportable(tx, standing.play, Words(pack, reader.language))
    if message not in found:
        raise NotWaiting
    return found[message][1]


def _chosen(able: Sequence[Reporter], by: str) -> Reporter:
    """The one who is meant, as far as they may; else the first who may."""
    return next((each for each in able if each.by == by), able[0])


def push_clock(app: Application, actor: Actor, trial_id: int, span: str, *, rev: int) -> None:
    """By one of `SPANS`; what falls due on the way happens.

    Raises NoSuchMove, NothingFallsDue, and as `do_step`.
    """
    if span not in SPANS:
        raise NoSuchMove
    row, pack = _taken(app, actor, trial_id, rev)
    if span == NEXT:
        with _standing(app, pack, row) as standing:
            stop = next_stop(standing)
            if stop is None:
                raise NothingFallsDue
            span = _span(stop - standing.play.moment.now())
    _add(app, actor, row, pack, {"advance": span}, rev=rev)


def meet(
    app: Application, actor: Actor, trial_id: int, what: str, on: date | None, *, rev: int
) -> None:
    """The group's meeting: planned with the case on its agenda, begun, concluded, or held.

    Raises NoSuchMove, and as `do_step`.
    """
    if what not in MEETINGS or (what == "placed") != (on is not None):
        raise NoSuchMove
    row, pack = _taken(app, actor, trial_id, rev)
    do = {"meeting": what, "on": on}
    move = {"do": {key: value for key, value in do.items() if value is not None}}
    _add(app, actor, row, pack, move, rev=rev)


def take_back(tx: Session, app: Application, actor: Actor, trial_id: int, to: int) -> None:
    """As if it had gone no further than its first ``to`` moves. Raises NoSuchTrial."""
    row = _locked(tx, actor, trial_id)
    course = courses.read(row.course)
    if to < len(courses.moves(course)):
        _change(tx, app, row, courses.cut(course, to))


def end(tx: Session, actor: Actor, trial_id: int) -> None:
    """Forget a trial. Raises NoSuchTrial."""
    store.remove(tx, _locked(tx, actor, trial_id).id)


def own_trial(
    tx: Session, app: Application, actor: Actor, trial_id: int, rev: int | None = None
) -> TrialRow:
    """Of the pack that the actor works on; ``rev``: as they have seen it.

    Raises NoSuchTrial, TrialOvertaken.
    """
    require_role(actor, EDITORS)
    row = store.trial(tx, actor.account_id, trial_id)
    if row is None or row.pack_id != app.pack_id:
        raise NoSuchTrial
    if rev is not None and row.rev != rev:
        raise TrialOvertaken
    return row


def _locked(tx: Session, actor: Actor, trial_id: int) -> TrialRow:
    require_role(actor, EDITORS)
    row = store.lock_trial(tx, actor.account_id, trial_id)
    if row is None:
        raise NoSuchTrial
    return row


@contextmanager
def _standing(app: Application, pack: Pack, row: TrialRow) -> Iterator[Standing]:
    """Where the trial stands, if it goes that far. Raises DoesNotGo."""
    ground = ground_of(app, pack)
    with ground.player.standing(courses.read(row.course)) as standing:
        if standing is None or standing.reached.failure is not None:
            raise DoesNotGo
        yield standing


class _Lost(Exception):
    """Nothing that was written is to be kept."""


@contextmanager
def _lost(standing: Standing) -> Iterator[Session]:
    """To do a step as it would be done, and to keep nothing of it."""
    with suppress(_Lost), standing.app.database.transaction() as own:
        yield own
        # What was read stays usable afterwards; a rollback would expire it.
        own.expunge_all()
        raise _Lost


def _doer(tx: Session, standing: Standing, name: str, reader: Actor) -> tuple[Task, Actor]:
    """A step that waits and whoever does it, spoken to as the reader is. Raises NoSuchStep."""
    try:
        task = standing.play.find_task(tx, name)
        return task, _speaking(standing.play.doer_of(tx, task), reader)
    except GoesOtherwise as error:
        raise NoSuchStep from error


def _speaking(actor: Actor, reader: Actor) -> Actor:
    return replace(actor, language=reader.language)


def _taken(app: Application, actor: Actor, trial_id: int, rev: int) -> tuple[TrialRow, Pack]:
    """The trial as somebody has seen it, and what it is played on.

    No transaction stays open while it is played. Raises NoSuchTrial, TrialOvertaken.
    """
    with app.database.reading() as tx:
        return own_trial(tx, app, actor, trial_id, rev), drafted(tx, app)


def _add(
    app: Application, actor: Actor, row: TrialRow, pack: Pack, move: Move, *, rev: int
) -> None:
    """Make a move, if the draft goes on with it and nobody made another meanwhile."""
    course = courses.with_move(courses.read(row.course), move)
    if len(courses.moves(course)) > MOST_MOVES:
        raise TrialFull
    require_goes(app, pack, actor, course)
    with app.database.transaction() as tx:
        now = _locked(tx, actor, row.id)
        if now.rev != rev:
            raise TrialOvertaken
        _change(tx, app, now, course)


def _change(tx: Session, app: Application, row: TrialRow, course: Course) -> None:
    ends = clock.today(tx, app.zone) + KEPT
    store.change(row, courses.write(course), clock.now(tx), ends)


def require_goes(app: Application, pack: Pack, actor: Actor, course: Course) -> None:
    """What is written is what is played: as text, and read again. Raises DoesNotGo."""
    ground = ground_of(app, pack)
    reached = ground.player.reach(courses.read(courses.write(course)))
    if reached.failure is not None:
        raise DoesNotGo(speaker_for(app, pack, actor).why(reached.failure.why))


def line_of(row: TrialRow) -> TrialLine:
    count = len(courses.moves(courses.read(row.course)))
    return TrialLine(row.id, row.title, count, row.changed, row.ends)


def _do(verb: str, name: str, form: Form | None, sent: type_sent) -> Move:
    """The move in a scenario's words: what was answered, by the form's own names."""
    if form is None:
        return {verb: name} if verb == "task" else {verb: name, "answers": {}}
    answers = read_answers(form, grouped(sent))
    return {verb: name, "answers": _answered(answers)}


def _answered(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Without what was left empty; boxes that were not ticked are answers."""

    def kept(value: Any) -> Any:
        match value:
            case Mapping():
                return _answered(value)
            case list() | tuple():
                return [kept(each) for each in value]
        return value

    return {key: kept(value) for key, value in answers.items() if value not in (None, "")}


def _span(length: timedelta) -> str:
    """In whole minutes, never too short."""
    minutes = max(-(-length // timedelta(minutes=1)), 1)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    clock_part = "".join(f"{n}{unit}" for n, unit in ((hours, "H"), (minutes, "M")) if n)
    return f"P{days}D" + (f"T{clock_part}" if clock_part else "")
