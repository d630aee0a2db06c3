"""Look at cases: lists, the page of a case, its diagrams. The caller logs what is shown."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from base import clock
from base.db import Session
from casework import access, formbook, hearings, leaflets, naming, parts, roles, signing
from casework.access import Action, Actor, CaseFacts
from casework.accounts import store as accounts
from casework.alarms import actions as alarms
from casework.application import Application
from casework.casefile import agreed, files, planned, store, written
from casework.casefile.model import (
    CaseList,
    CasePage,
    CaseRow,
    Happening,
    PersonCard,
    Running,
)
from casework.cases import store as case_store
from casework.cases.tables import Case
from casework.consent import store as consents
from casework.consent import warning
from casework.notifications import store as notifications
from casework.orders import actions as orders
from casework.organisations import store as organisations
from casework.parts import Part, part_of
from casework.people import actions as people
from casework.tasks import beside, lists, taking_back
from casework.tasks import store as tasks
from casework.tasks.model import Pressure, TaskRow
from casework.voice import voice
from casework.words import Words
from engine import releases
from engine.diagram import Process


@dataclass(frozen=True, slots=True)
class DrawnDiagram:
    """A diagram of a running process with where the case stands in it."""

    title: str
    process: Process
    here: frozenset[str]
    done: frozenset[str]
    words: Words


def my_cases(
    tx: Session,
    app: Application,
    actor: Actor,
    *,
    view: str = "mine",
    query: str = "",
    part: int = 1,
) -> CaseList:
    """A part of the cases the reader may know of; statements do not grow with their number."""
    today = clock.today(tx, app.zone)
    rows, shown = _part(tx, app, actor, view, query, part)
    counts = {
        name: case_store.count_known(tx, actor, today, mine=mine, statuses=statuses)
        for name, (mine, statuses) in _VIEWS.items()
    }
    return CaseList(view=view, rows=tuple(rows), counts=counts, query=query, part=shown)


def _part(
    tx: Session, app: Application, actor: Actor, view: str, query: str, part: int
) -> tuple[list[CaseRow], Part]:
    if not query.strip():
        found = _in_view(tx, actor, view, app, parts.SHOWN + 1, Part(part).start)
        return _rows(tx, app, actor, found[: parts.SHOWN]), Part(part, len(found) > parts.SHOWN)
    named = naming.cases_named(tx, actor, query, on=clock.today(tx, app.zone))
    found = _in_view(tx, actor, view, app, parts.SEARCHED + 1, case_ids=named)
    rows = _rows(tx, app, actor, found[: parts.SEARCHED])
    matching = rows if named else _matching(rows, query)
    return part_of(matching, part, narrow=len(found) > parts.SEARCHED)


def case_page(tx: Session, app: Application, actor: Actor, case_id: UUID) -> CasePage:
    """Raises NotFound where the reader may not know of the case."""
    today = clock.today(tx, app.zone)
    facts = case_store.facts(tx, case_id)
    access.require(actor, Action.SEE_CASE, facts, on=today)
    case = case_store.by_id(tx, case_id)
    words = Words(app.pack(tx), actor.language)
    who = naming.who_in(tx, actor, {case_id: case}, on=today).get(case_id)
    lead, _ = beside.lead_of(tx, facts)
    group = organisations.group_by_id(tx, case.group_id).title if case.group_id else ""
    versions = consents.of_case(tx, case_id)
    return CasePage(
        id=case_id,
        number=case.number,
        pack_id=case.pack_id,
        who=who,
        first_name=naming.first_name(who),
        milestone=words.milestone(case.milestone),
        status=case.status,
        lead=lead,
        group=group,
        running=_running(tx, app, actor, case),
        consents=agreed.cards(tx, app, actor, facts, words, versions),
        signed_before=agreed.signed_before(tx, app, actor, facts, words, versions),
        plan=planned.plan_card(tx, app, actor, facts),
        files=files.file_rows(tx, app, actor, facts),
        timeline=_timeline(tx, app, actor, case, words),
        chapters=written.chapters(tx, app, actor, facts, words),
        struck=written.struck(tx, app, actor, facts, words),
        hearings=hearings.available(tx, app, actor, case, facts, words),
        path=beside.path(tx, app, actor, case, words),
        person=_person(tx, app, actor, facts),
        offer=taking_back.offered(tx, app, actor, case, facts),
        notice="resting" if case.status == "consent_lapsed" else None,
        restricted=case.restricted,
        alarms=alarms.of_case(tx, case_id, case.number),
        orders=orders.of_case(tx, facts, today),
        leads=access.leads(actor, facts),
        paper_languages=signing.languages(tx, app),
        leaflets=() if case.status == "closed" else leaflets.offered(tx, app, actor),
    )


def has_step(tx: Session, app: Application, actor: Actor, case_id: UUID) -> bool:
    """Whether a step of this case waits for the reader."""
    open_now = [task.id for task in tasks.open_of_case(tx, case_id)]
    today = clock.today(tx, app.zone)
    held = roles.held_by(app.pack(tx).config, actor)
    return bool(tasks.reachable_among(tx, actor, held, open_now, on=today))


def diagrams(
    tx: Session, app: Application, actor: Actor, case_id: UUID
) -> tuple[DrawnDiagram, ...]:
    """The processes that run for the case now, outermost first."""
    facts = case_store.facts(tx, case_id)
    access.require(actor, Action.SEE_CASE, facts, on=clock.today(tx, app.zone))
    found: dict[tuple[int, str], set[str]] = {}
    for release_id, process, element_id in store.standing(tx, case_id):
        found.setdefault((release_id, process), set()).add(element_id)
    passed = store.passed(tx, case_id)
    drawn = []
    for (release_id, process_id), here in found.items():
        pack = releases.load(tx, release_id)
        drawn_process = pack.diagrams.get(process_id)
        if drawn_process is None:
            continue
        words = Words(pack, actor.language)
        done = frozenset(passed.get(process_id, ())) - here
        drawn.append(
            DrawnDiagram(words.process(process_id), drawn_process, frozenset(here), done, words)
        )
    return tuple(drawn)


_VIEWS: Mapping[str, tuple[bool, tuple[str, ...]]] = {
    "mine": (True, ("open", "consent_lapsed")),
    "organisation": (False, ("open", "consent_lapsed")),
    "closed": (False, ("closed",)),
}


def _in_view(
    tx: Session,
    actor: Actor,
    view: str,
    app: Application,
    limit: int,
    start: int = 0,
    case_ids: Collection[UUID] = (),
) -> list[Case]:
    mine, statuses = _VIEWS[view]
    today = clock.today(tx, app.zone)
    return case_store.known(
        tx,
        actor,
        today,
        mine=mine,
        statuses=statuses,
        case_ids=case_ids or None,
        limit=limit,
        start=start,
    )


def _rows(tx: Session, app: Application, actor: Actor, found: Sequence[Case]) -> list[CaseRow]:
    today = clock.today(tx, app.zone)
    by_id = {case.id: case for case in found}
    who = naming.who_in(tx, actor, by_id, on=today)
    leads = [case.lead_account_id or case.referrer_account_id for case in found]
    names = accounts.names(tx, {lead for lead in leads if lead is not None})
    groups = {group.id: group.title for group in organisations.groups(tx)}
    waiting: dict[UUID, TaskRow] = {}
    for row in lists.describe(tx, app, actor, tasks.open_of_cases(tx, list(by_id))):
        waiting.setdefault(row.case_id, row)
    words = Words(app.pack(tx), actor.language)
    until = warning.warned_until(tx, app, today)
    ends = consents.running_out(tx, list(by_id), today, until) if until else {}
    rows = (
        _row(case, who.get(case.id), names, groups, waiting.get(case.id), words) for case in found
    )
    return [replace(row, consent_ends=ends.get(row.id)) for row in rows]


def _row(
    case: Case,
    who: str | None,
    names: Mapping[int, str],
    groups: Mapping[int, str],
    first: TaskRow | None,
    words: Words,
) -> CaseRow:
    return CaseRow(
        id=case.id,
        number=case.number,
        who=who,
        milestone=words.milestone(case.milestone),
        lead=names.get(case.lead_account_id or case.referrer_account_id or 0),
        group=groups.get(case.group_id or 0, ""),
        opened=case.opened,
        waits_for=first.title if first else None,
        due=first.due if first else None,
        pressure=first.pressure if first else Pressure.NONE,
        status=case.status,
    )


def _matching(rows: list[CaseRow], query: str) -> list[CaseRow]:
    """By name, alias or part of a case number."""
    wanted = query.casefold().split()
    return [
        row
        for row in rows
        if all(part in f"{row.number} {row.who or ''}".casefold() for part in wanted)
    ]


def _running(tx: Session, app: Application, actor: Actor, case: Case) -> tuple[Running, ...]:
    open_now = tasks.open_of_case(tx, case.id)
    today = clock.today(tx, app.zone)
    held = roles.held_by(app.pack(tx).config, actor)
    reach = tasks.reachable_among(tx, actor, held, [task.id for task in open_now], on=today)
    return tuple(
        Running(
            title=row.title,
            process=row.process,
            organisation=row.organisation,
            holder="" if row.mine else row.holder,
            due=row.due,
            pressure=row.pressure,
            task_id=row.id if row.id in reach else None,
        )
        for row in lists.describe(tx, app, actor, open_now)
    )


def _timeline(
    tx: Session, app: Application, actor: Actor, case: Case, words: Words
) -> tuple[Happening, ...]:
    """Steps that were done, milestones reached; newest first. Names of staff, no content."""
    done = tasks.closed_of_case(tx, case.id)
    ids = {naming.account_id(task.done_by) for task in done}
    names = accounts.names(tx, ids)
    places = organisations.organisations_by_id(
        tx, {t.organisation_id for t in done if t.organisation_id is not None}
    )
    numbers = releases.numbers(tx, {task.release_id for task in done})
    lines = []
    for task in done:
        own = Words(releases.load(tx, task.release_id), actor.language)
        by = names.get(naming.account_id(task.done_by))
        place = places.get(task.organisation_id or 0)
        said = ", ".join(part for part in (by, place.title if place else None) if part)
        title = own.element(task.process, task.element_id)
        number = numbers.get(task.release_id)
        lines.append(Happening(task.done_at or task.created, title, said or None, number))
    lines += _reminded(tx, app, actor, case)
    return tuple(sorted(lines, key=lambda line: line.at, reverse=True))


def _reminded(tx: Session, app: Application, actor: Actor, case: Case) -> list[Happening]:
    """Reminders that the clock sent in this case."""
    sent = notifications.reminders(tx, case.id)
    titles = organisations.organisations_by_id(tx, {one.organisation_id for one in sent})
    say = voice(tx, app, actor.language, case.pack_id)
    return [Happening(one.at, say("Reminder"), titles[one.organisation_id].title) for one in sent]


def _person(tx: Session, app: Application, actor: Actor, facts: CaseFacts) -> PersonCard | None:
    today = clock.today(tx, app.zone)
    if not access.may(actor, Action.READ_IDENTITY, facts, on=today).allowed or facts.restricted:
        return None
    person = people.read_person(tx, actor, facts, on=today)
    if person is None:
        return None
    words = Words(app.pack(tx), actor.language)
    ways = formbook.options(words, "person", "preferred_contact")
    return PersonCard(
        given_name=person.given_name,
        family_name=person.family_name,
        id_number=person.id_number,
        phone=person.phone,
        address=person.address,
        preferred_contact=ways.get(person.preferred_contact, person.preferred_contact),
        interpreter="",
        representative="",
    )
