"""The overview of a manager and of the federation. Who sees what of whom is decided here, once."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from base import clock
from base.db import Session
from base.errors import NotAllowed, NotFound
from casework.access import Actor, Membership
from casework.accounts import store as accounts
from casework.application import Application
from casework.naming import local_day
from casework.notifications.actions import refused_mails
from casework.organisations import store as organisations
from casework.reports import rules as report_rules
from casework.reports import store as reports
from casework.statistics import store
from casework.statistics.model import (
    Count,
    Giving,
    Heat,
    Of,
    OrganisationCount,
    Overview,
    OwnStep,
    ReportCount,
    StepCount,
    Tiles,
)
from casework.statistics.rules import HIDDEN, THRESHOLD, heat, show_all, show_total
from casework.statistics.store import Counted, OpenSteps
from casework.tasks import rules as task_rules
from casework.tasks.actions import colleagues
from casework.words import Words
from engine import releases
from engine.diagram import Process
from engine.packs import Pack
from engine.tables import Task

#: Who sees counts of everybody, and nothing but counts.
COUNTERS = frozenset({"federation", "preparation_group", "process_owner"})
READERS = COUNTERS | {"manager"}
#: Where a case stands only because something inside stands there.
_AROUND = frozenset({"sub_process", "event_sub_process", "boundary_event"})


class NoSuchStep(NotFound):
    """There is no such step in your organisation."""


class NoSuchDiagram(NotFound):
    """There is no such diagram."""


def overview(
    tx: Session,
    app: Application,
    actor: Actor,
    *,
    process: str | None = None,
    of: Of | None = None,
) -> Overview:
    """Own steps one by one, other organisations' as counts. Raises NotAllowed, NoSuchDiagram."""
    if not actor.roles & READERS:
        raise NotAllowed(code="role")
    places = actor.holding({"manager"})
    own_ids = {place.organisation_id for place in places}
    steps = _own_steps(tx, app, actor, places)
    late = tuple(step for step in steps if step.late)
    pack = app.pack(tx)
    words = Words(pack, actor.language)
    cases = _at_milestones(pack, store.cases_by_milestone(tx, own_ids))
    found = store.steps_by_organisation(tx, clock.now(tx))
    titles = _organisations(tx, own_ids | {each.organisation_id for each in found})
    chosen = _chosen(pack, process)
    return Overview(
        organisation=_listed(titles, own_ids) if places else None,
        late=late,
        waiting=tuple(step for step in steps if not step.late),
        tiles=_own_tiles(tx, own_ids, late, steps, cases) if places else _all_tiles(found, cases),
        by_milestone=_by_milestone(words, cases, own=bool(places)),
        by_organisation=_by_organisation(titles, found, own_ids, (len(late), len(steps))),
        processes=tuple(sorted(_titles(words, pack), key=lambda pair: pair[1].casefold())),
        heat=_heat(tx, words, chosen, own_ids, _allowed(actor, of)),
        reports=report_counts(tx, words) if actor.roles & COUNTERS else (),
        refused_mails=len(refused_mails(tx)) if actor.roles & {"federation", "admin"} else 0,
    )


def report_counts(tx: Session, words: Words) -> tuple[ReportCount, ...]:
    """Reports by kind, with the rule of small numbers (K-18, K-25); one statement."""
    kinds = list(words.pack.config.reports)
    counted = report_rules.count(reports.lived(tx), kinds, fewest=THRESHOLD)
    return tuple(_report_count(words.report(each.kind), each) for each in counted)


def _report_count(title: str, each: report_rules.KindCount) -> ReportCount:
    ends = {
        "open": each.open,
        "solved": each.ended["solved"],
        "answered": each.ended["answered"] + each.ended["noted"],
        "lifted": each.ended["lifted"],
    }
    days = HIDDEN if each.days is None else str(each.days)
    return ReportCount(title=title, all=show_total(ends), days=days, **show_all(ends))


def giving(tx: Session, app: Application, actor: Actor, task_id: UUID) -> Giving:
    """A step of the manager's organisation and who could have it; nothing of the case itself.

    Raises NoSuchStep.
    """
    places = actor.holding({"manager"})
    today = clock.today(tx, app.zone)
    found = store.own_steps(tx, actor, places, on=today, task_id=task_id)
    if not found:
        raise NoSuchStep
    others = [
        pair for pair in colleagues(tx, app, found[0][0]) if pair[0] != found[0][0].assignee_id
    ]
    return Giving(_described(tx, app, actor, found)[0], tuple(others))


def _own_steps(
    tx: Session, app: Application, actor: Actor, places: Sequence[Membership]
) -> list[OwnStep]:
    if not places:
        return []
    found = store.own_steps(tx, actor, places, on=clock.today(tx, app.zone))
    return _described(tx, app, actor, found)


def _described(
    tx: Session, app: Application, actor: Actor, found: Sequence[tuple[Task, str]]
) -> list[OwnStep]:
    now, today = clock.now(tx), clock.today(tx, app.zone)
    holders = {task.assignee_id for task, _ in found if task.assignee_id is not None}
    names = accounts.names(tx, holders)
    return [
        OwnStep(
            id=task.id,
            title=Words(releases.load(tx, task.release_id), actor.language).element(
                task.process, task.element_id
            ),
            case_number=number,
            holder=names.get(task.assignee_id or 0),
            since=task.created,
            due=task.due,
            late=task.due is not None and task.due < now,
            days_late=task_rules.days_late(local_day(task.due, app.zone), today),
        )
        for task, number in found
    ]


def _own_tiles(
    tx: Session,
    own_ids: set[int],
    late: Sequence[OwnStep],
    steps: Sequence[OwnStep],
    cases: Iterable[Counted],
) -> Tiles:
    elsewhere, oldest = store.elsewhere(tx, own_ids)
    return Tiles(
        late=str(len(late)),
        waiting=str(len(steps)),
        cases=str(sum(counted.own for counted in cases)),
        elsewhere=str(elsewhere),
        oldest=oldest,
    )


def _all_tiles(found: Sequence[OpenSteps], cases: Iterable[Counted]) -> Tiles:
    return Tiles(
        late=show_total({str(each.organisation_id): each.late for each in found}),
        waiting=show_total({str(each.organisation_id): each.open for each in found}),
        cases=show_total({str(counted.key): counted.others for counted in cases}),
    )


def _at_milestones(pack: Pack, counted: Iterable[Counted]) -> list[Counted]:
    """In the order of the pack, with 0 too; a case that has reached none is at the first."""
    codes = [each.code for each in sorted(pack.config.milestones, key=lambda each: each.order)]
    own, others = dict.fromkeys(codes, 0), dict.fromkeys(codes, 0)
    for each in counted:
        code = each.key if each.key in own else codes[0]
        own[code] += each.own
        others[code] += each.others
    return [Counted(code, own[code], others[code]) for code in codes]


def _by_milestone(words: Words, cases: Iterable[Counted], *, own: bool) -> tuple[Count, ...]:
    found = {counted.key or "": counted for counted in cases}
    shown = show_all({code: counted.others for code, counted in found.items()})
    largest = max([counted.others for counted in found.values()], default=0)
    return tuple(
        Count(
            label=words.milestone(code),
            own=str(counted.own) if own else None,
            shown=shown[code],
            share=_share(shown[code], largest),
        )
        for code, counted in found.items()
    )


def _share(shown: str, largest: int) -> float | None:
    return int(shown) / largest if shown.isdigit() and largest else None


def _organisations(tx: Session, ids: Iterable[int]) -> dict[int, str]:
    known = organisations.organisations_by_id(tx, set(ids))
    return {id_: organisation.title for id_, organisation in known.items()}


def _listed(titles: Mapping[int, str], ids: Iterable[int]) -> str:
    return ", ".join(sorted(titles[id_] for id_ in ids))


def _by_organisation(
    titles: Mapping[int, str],
    found: Iterable[OpenSteps],
    own_ids: set[int],
    own: tuple[int, int],
) -> tuple[OrganisationCount, ...]:
    """Late and open steps: ``own`` exactly and first, others by the rule for small counts."""
    others = {
        titles[each.organisation_id]: each for each in found if each.organisation_id not in own_ids
    }
    overdue = show_all({title: each.late for title, each in others.items()})
    waiting = show_all({title: each.open for title, each in others.items()})
    rows = [
        OrganisationCount(title, False, overdue[title], waiting[title])
        for title in sorted(others, key=str.casefold)
    ]
    if own_ids:
        late, open_ = own
        rows.insert(0, OrganisationCount(_listed(titles, own_ids), True, str(late), str(open_)))
    return tuple(rows)


def _titles(words: Words, pack: Pack) -> Iterable[tuple[str, str]]:
    return ((process, words.process(process)) for process in pack.diagrams)


def _chosen(pack: Pack, process: str | None) -> Process:
    """The diagram asked for, else the one that cases begin with. Raises NoSuchDiagram."""
    first = next(start.process for start in pack.config.start.values() if start.case == "new")
    try:
        return pack.diagrams[process or first]
    except KeyError as error:
        raise NoSuchDiagram from error


def _allowed(actor: Actor, of: Of | None) -> Of:
    """Whose cases a diagram counts.

    A manager never sees all together: the difference from the own ones would tell.
    """
    if "manager" not in actor.roles:
        return "all"
    if of in ("own", "others"):
        return of
    return "others" if actor.roles & COUNTERS else "own"


def _heat(tx: Session, words: Words, process: Process, own_ids: set[int], of: Of) -> Heat:
    """Own cases exactly; others, and all together, by the rule for small counts."""
    cases = _picked(store.cases_by_element(tx, process.id, own_ids), process, of)
    late = _picked(store.late_by_element(tx, process.id, own_ids, clock.now(tx)), process, of)
    return Heat(
        process=process.id,
        title=words.process(process.id),
        of=of,
        steps=_step_counts(cases, late, exact=of == "own"),
        drawn=process,
        words=words,
    )


def _picked(found: Iterable[Counted], process: Process, of: Of) -> dict[str, int]:
    """Counts by element of the diagram as it is drawn now."""
    counts = {}
    for counted in found:
        element = process.elements.get(counted.key or "")
        count = counted.own if of == "own" else counted.others
        if element is not None and element.kind not in _AROUND and count:
            counts[element.id] = count
    return counts


def _step_counts(
    cases: Mapping[str, int], late: Mapping[str, int], *, exact: bool
) -> tuple[StepCount, ...]:
    shown = {key: str(count) for key, count in cases.items()} if exact else show_all(cases)
    shown_late = {key: str(count) for key, count in late.items()} if exact else show_all(late)
    largest = max(cases.values(), default=0)
    return tuple(
        StepCount(
            element=element,
            shown=text,
            late=shown_late.get(element),
            heat=heat(cases[element], largest) if text.isdigit() else 0,
        )
        for element, text in shown.items()
    )
