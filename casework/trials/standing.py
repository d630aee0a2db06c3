"""What an owner sees where a course has come to, in the words of the draft."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from base import clock
from base.db import Session
from casework import access
from casework.access import Action, Actor, Party
from casework.cases import store as case_store
from casework.meetings import store as meeting_store
from casework.organisations import store as organisations
from casework.otherwise import Otherwise
from casework.releases.tables import TrialRow
from casework.scenarios import Failure, Play, step_name
from casework.tasks import store as task_store
from casework.trials import courses
from casework.trials.courses import Course
from casework.trials.model import Entry, OpenStep, Stopped, TrialPage
from casework.trials.playing import Happened, Spot, Standing
from casework.trials.reporting import reportable
from casework.trials.saying import Speaker, ending
from casework.words import Words
from engine import store as engine_store
from engine.diagram import Process
from engine.packs import Pack
from engine.tables import Task

_SERVES = frozenset({"service_task", "business_rule_task", "send_task", "script_task"})


def unplayed(
    row: TrialRow, failure: Failure | None, speaker: Speaker, *, readable: bool
) -> TrialPage:
    """A trial that does not begin."""
    return TrialPage(
        id=row.id,
        title=row.title,
        rev=row.rev,
        moves=len(courses.moves(courses.read(row.course))),
        ends=row.ends,
        readable=readable,
        failure=_stopped(failure, speaker),
    )


def _stopped(failure: Failure | None, speaker: Speaker) -> Stopped | None:
    return Stopped(failure.step, speaker.why(failure.why)) if failure is not None else None


def stands(
    standing: Standing,
    row: TrialRow,
    speaker: Speaker,
    diagram: str,
    *,
    readable: bool,
) -> TrialPage:
    """The page of a trial; ``diagram`` is which to draw, empty for where something waits."""
    words, pack = speaker.words, speaker.words.pack
    course = courses.read(row.course)
    play, rest = standing.play, standing.reached.rest
    log = rest.log if rest is not None else ()
    with standing.app.database.reading() as tx:
        case = case_store.by_id(tx, play.case())
        tasks = task_store.open_of_case(tx, case.id)
        titles, ended = _titles(tx), play.ended(tx)
        steps = tuple(sorted(_steps(tx, play, tasks, words, titles), key=_order))
        timers = tuple(_timers(tx, case.id, words))
        tokens = _tokens(tx, case.id)
        drawn = _drawn(pack, diagram, tasks, tokens)
        dues = [each.due for each in steps if each.due and each.due > play.moment.now()]
        return TrialPage(
            id=row.id,
            title=row.title,
            rev=row.rev,
            moves=len(courses.moves(course)),
            ends=row.ends,
            readable=readable,
            failure=_stopped(standing.reached.failure, speaker),
            at=clock.now(tx),
            today=clock.today(tx, play.app.zone),
            milestone=words.milestone(case.milestone) if case.milestone else "",
            ended=ending(speaker, course, ended) if ended else "",
            steps=steps,
            hearings=tuple((id, title) for id, (title, _) in reportable(tx, play, words).items()),
            meetings=tuple(_meetings(tx, play)),
            timers=timers,
            next_stop=min([*dues, *_stops(play)], default=None),
            log=tuple(_entry(at, each, course, speaker, titles) for at, each in enumerate(log)),
            diagrams=tuple((id, words.process(id)) for id in _diagrams(pack, log, tokens)),
            drawn=drawn,
            here=frozenset(id for process, id in tokens if process == drawn.id),
            done=frozenset(
                id for each in log for process, id in each.passed if process == drawn.id
            ),
            words=words,
        )


def next_stop(standing: Standing) -> datetime | None:
    """The next moment at which something falls due: the clock's own, or a step."""
    now = standing.play.moment.now()
    with standing.app.database.reading() as tx:
        open_ = task_store.open_of_case(tx, standing.play.case())
    dues = [task.due for task in open_ if task.due is not None and task.due > now]
    return min([*dues, *_stops(standing.play)], default=None)


def _stops(play: Play) -> list[datetime]:
    stop = play.next_stop()
    return [stop] if stop is not None else []


def _steps(
    tx: Session, play: Play, tasks: Sequence[Task], words: Words, titles: Mapping[str, str]
) -> Iterator[OpenStep]:
    """As many statements for one as for many."""
    cast, now = play.cast(tx), clock.now(tx)
    for task, doer, place in zip(tasks, cast.doers_of(tasks), cast.places_of(tasks), strict=True):
        yield _step(task, doer, place, now, words, titles)


def _step(
    task: Task,
    doer: Actor | None,
    place: str,
    now: datetime,
    words: Words,
    titles: Mapping[str, str],
) -> OpenStep:
    return OpenStep(
        name=step_name(task, place),
        title=" ".join(words.element(task.process, task.element_id).split()),
        process=words.process(task.process),
        role=words.role(task.role),
        organisation=titles.get(place, place),
        who=doer.name if doer is not None else None,
        due=task.due,
        late=task.due is not None and task.due < now,
        asks=task.form is not None,
    )


def _order(step: OpenStep) -> tuple[bool, float, str]:
    """The soonest due first."""
    return step.due is None, step.due.timestamp() if step.due else 0.0, step.name


def _titles(tx: Session) -> Mapping[str, str]:
    """Of organisations and groups, by code."""
    titles = {each.code: each.title for each in organisations.groups(tx)}
    return titles | {each.code: each.title for each in organisations.organisations(tx)}


def _timers(tx: Session, case_id: UUID, words: Words) -> Iterator[tuple[str, datetime]]:
    for wait in engine_store.timers_of(tx, case_id):
        if wait.due is not None:
            yield " ".join(words.element(wait.process, wait.element_id).split()), wait.due


def _tokens(tx: Session, case_id: UUID) -> list[tuple[str, str]]:
    """Process and element of each that something stands on."""
    ids = [each.id for each in engine_store.instances_of(tx, case_id)]
    return [(each.process, each.element_id) for each in engine_store.tokens_of(tx, ids)]


def _drawn(
    pack: Pack, wanted: str, tasks: Sequence[Task], tokens: list[tuple[str, str]]
) -> Process:
    """The one that is asked for, else where a step waits, else where anything does."""
    places = [wanted, *(task.process for task in tasks), *(process for process, _ in tokens)]
    found = next((id for id in places if id in pack.diagrams), None)
    return pack.diagrams[found or next(iter(pack.diagrams))]


def _diagrams(
    pack: Pack, log: tuple[Happened, ...], tokens: list[tuple[str, str]]
) -> dict[str, None]:
    """Those that the course has been in, in that order."""
    met = [process for each in log for process, _ in each.passed]
    return dict.fromkeys(id for id in (*met, *(p for p, _ in tokens)) if id in pack.diagrams)


def _meetings(tx: Session, play: Play) -> Iterator[str]:
    """What the group's meeting may do now."""
    case = case_store.by_id(tx, play.case())
    if case.status == "closed":
        return
    item = meeting_store.open_item_of(tx, case.id)
    if item is not None:
        yield "concluded" if item.state == "in_session" else "begins"
    elif case.subject == access.PERSON:
        facts = case_store.facts(tx, case.id)
        asking = (Party(facts.referrer.organisation_id, facts.referrer.unit_id),)
        today = clock.today(tx, play.app.zone)
        if access.may(play.lead(tx), Action.AGENDA, facts, on=today, parties=asking).allowed:
            yield "placed"
    elif case.subject == "group":
        yield "held"


def _entry(
    number: int, each: Happened, course: Course, speaker: Speaker, titles: Mapping[str, str]
) -> Entry:
    words = speaker.words
    do = each.move.get("do", {})
    kind = next((verb for verb in ("task", "hears", "meeting") if verb in do), "begin")
    kind = "advance" if "advance" in each.move else kind
    name, organisation = each.who
    return Entry(
        number=number,
        kind=kind,
        what=" ".join(_what(kind, each, words).split()),
        who=name,
        organisation=organisation,
        at=each.at,
        passed=tuple(_worth_telling(each, words)),
        opened=tuple(_told(spot, words, titles) for spot in each.opened),
        gone=tuple(_told(spot, words, titles) for spot in each.gone),
        failed=tuple(
            speaker.why(Otherwise("failed", element, (why,))) for element, why in each.failed
        ),
        milestone=words.milestone(each.milestone) if each.milestone else "",
        ended=ending(speaker, course, each.ended) if each.ended else "",
    )


def _what(kind: str, each: Happened, words: Words) -> str:
    do = each.move.get("do", {})
    match kind:
        case "task":
            return words.element(each.process, str(do["task"]).partition("@")[0])
        case "hears":
            return words.action(str(do["hears"]))
        case "meeting":
            return str(do["meeting"])
        case "advance":
            return str(each.move["advance"])
    return words.process(each.process)


def _told(spot: Spot, words: Words, titles: Mapping[str, str]) -> tuple[str, str]:
    title = " ".join(words.element(spot.process, spot.element).split())
    return title, titles.get(spot.place, spot.place)


def _worth_telling(each: Happened, words: Words) -> Iterator[str]:
    """Events that have a name, and what was done without anybody."""
    for process_id, id in each.passed:
        process = words.pack.diagrams.get(process_id)
        element = process.elements.get(id) if process else None
        if element is not None and element.name and (element.kind in _SERVES or element.events):
            yield " ".join(words.element(process_id, id).split())
