"""Plan meetings, put cases on the agenda, take items up and conclude them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from base import clock
from base.db import Session
from base.errors import NotAllowed, NotFound
from casework import access, formbook, messages, naming, personal
from casework.access import Action, Actor, CaseFacts, Decision, Party
from casework.accounts import store as accounts
from casework.application import Application
from casework.audit import actions as audit
from casework.cases import store as case_store
from casework.cases.tables import Case
from casework.host import CaseHost
from casework.meetings import rules, seen, store
from casework.meetings import terms as term_routine
from casework.meetings.model import (
    Candidate,
    GeneralItem,
    Item,
    MeetingPage,
    MeetingRow,
    Participant,
    TermRow,
)
from casework.meetings.rules import MeetingOver
from casework.meetings.tables import AgendaItem, Attendance, Meeting
from casework.organisations import store as organisations
from casework.organisations.model import HeldSeat
from casework.programmes import store as programmes
from casework.reports import store as reports
from casework.reports.rules import ENDS
from casework.words import Words
from engine import store as engine_store

_BACK = timedelta(days=180)
#: How long after its end a term that went wrong is still shown.
_REMEMBERED = timedelta(days=31)
_LEARNED = 20
#: The message by which a case learns that it stands on an agenda.
PLACED = "placed_on_agenda"


def meetings(tx: Session, app: Application, actor: Actor) -> list[MeetingRow]:
    """Meetings of the actor's groups for half a year back and all ahead, soonest first."""
    mine = seen.groups(tx, app, actor)
    titles = {group.id: group.title for group in organisations.groups(tx)}
    today = clock.today(tx, app.zone)
    found = store.of_groups(tx, mine, today - _BACK)
    counts = store.counts(tx, [meeting.id for meeting in found])
    convened = rules.convened(actor)
    return [
        MeetingRow(
            id=meeting.id,
            group=titles[meeting.group_id],
            on=meeting.on,
            time=meeting.time,
            place=meeting.place,
            state=meeting.state,
            individual=counts.get(meeting.id, (0, 0))[0],
            general=counts.get(meeting.id, (0, 0))[1],
            mine=meeting.group_id in convened,
        )
        for meeting in found
    ]


def terms(tx: Session, app: Application, actor: Actor) -> list[TermRow]:
    """How this term, and the last in its first month, go for the actor's groups (GG-17)."""
    today = clock.today(tx, app.zone)
    words = Words(app.pack(tx), actor.language)
    mine = seen.groups(tx, app, actor)
    groups = [group for group in organisations.groups(tx) if group.id in mine]
    found = []
    for term in words.pack.config.terms.values():
        for year in (today.year - 1, today.year):
            first, last = term.in_year(year)
            if not first <= today <= last + _REMEMBERED:
                continue
            rows = store.in_term(tx, mine, first, last)
            for group in groups:
                theirs = [row[1:] for row in rows if row[0] == group.id]
                count = rules.standing(
                    first,
                    last,
                    term.meetings,
                    held=sum(rules.held(state, there) for state, _, there in theirs),
                    booked=sum(state == "planned" and on >= today for state, on, _ in theirs),
                    today=today,
                )
                if today <= last or count.code == "missed":
                    title = f"{words.term(term.code)} {year}"
                    found.append(
                        TermRow(
                            group.title, title, count.code, count.held, count.booked, count.wanted
                        )
                    )
    return found


def groups_to_begin(tx: Session, app: Application, actor: Actor) -> list[tuple[int, str]]:
    """Groups of the convener whose routine of this term has not begun."""
    now = term_routine.current(app.pack(tx).config.terms, clock.today(tx, app.zone))
    if now is None or now[0].process is None:
        return []
    term, first, _last = now
    return [
        (group_id, title)
        for group_id, title in convened_groups(tx, actor)
        if not term_routine.begun(tx, group_id, term.process or "", first)
    ]


def begin_term(tx: Session, app: Application, actor: Actor, group_id: int) -> None:
    """Begin the routine that reminds of this term's meetings. Raises NotAllowed, TermBegun."""
    now = term_routine.current(app.pack(tx).config.terms, clock.today(tx, app.zone))
    [programme, *_] = programmes.programmes(tx)
    if now is None or programme.carrier_organisation_id is None:
        raise NotFound
    term, first, last = now
    term_routine.begin(
        tx, CaseHost(app), actor, group_id, term, (first, last), programme.carrier_organisation_id
    )


def learned(tx: Session) -> list[tuple[str, datetime, str]]:
    """What the groups have learned lately: text, when, group (GG-11)."""
    titles = {group.id: group.title for group in organisations.groups(tx)}
    return [(text, at, titles[group]) for text, at, group in store.learned(tx, _LEARNED)]


def convened_groups(tx: Session, actor: Actor) -> list[tuple[int, str]]:
    """Groups for which the actor may plan meetings."""
    mine = rules.convened(actor)
    return [(group.id, group.title) for group in organisations.groups(tx) if group.id in mine]


def meeting_page(tx: Session, app: Application, actor: Actor, meeting_id: int) -> MeetingPage:
    """Raises NotFound for a meeting of another group."""
    meeting = seen.meeting(tx, app, actor, meeting_id)
    seats = organisations.seats(tx, meeting.group_id, meeting.on)
    items = store.items(tx, meeting.id)
    convener = meeting.group_id in rules.convened(actor)
    roll = store.roll(tx, [meeting.id])
    there = {row.seat_id for row in roll}
    group = organisations.group_by_id(tx, meeting.group_id)
    attending = [seat for seat in seats if seat.id in there] if there else seats
    return MeetingPage(
        id=meeting.id,
        group=group.title,
        on=meeting.on,
        time=meeting.time,
        place=meeting.place,
        state=meeting.state,
        convener=convener,
        items=_items(tx, app, actor, meeting, items, attending),
        general=_general(tx, items),
        candidates=_candidates(tx, app, actor, meeting, items),
        participants=_participants(tx, actor, seats, roll),
        called=bool(roll),
        held=rules.held(meeting.state, len({row.organisation_id for row in roll})),
        minutes=meeting.minutes,
        cancelled_because=meeting.cancelled_because,
        notes=tuple(note.text for note in store.notes(tx, meeting.id)),
        dilemmas=tuple(
            (one.id, one.number, one.happened, one.solved_locally or one.status in ENDS)
            for one in reports.dilemmas_of(tx, meeting.group_id)
        ),
        notice_days=group.notice_days,
        convening_method=group.convening_method,
        agenda_disclosure=group.agenda_disclosure,
        group_id=meeting.group_id,
    )


def plan_meeting(
    tx: Session, app: Application, actor: Actor, *, group_id: int, on: date, time: str, place: str
) -> int:
    """A date for the group; its id. Conveners of the group only."""
    _require_convener(actor, group_id)
    if on < clock.today(tx, app.zone):
        raise rules.MeetingOver("Choose a day that has not passed.")
    meeting = Meeting(
        group_id=group_id, on=on, time=time, place=place, planned_by=actor.account_id
    )
    tx.add(meeting)
    tx.flush()
    audit.write_by(tx, actor, "meeting.plan", target=f"meeting:{meeting.id}")
    return meeting.id


def place_case(
    tx: Session, app: Application, actor: Actor, meeting_id: int, case_id: UUID
) -> None:
    """Put a case on the agenda, never without written consent in force on the meeting day.

    Raises NotFound, NotAllowed with the gate's code, MeetingOver, NotWaiting.
    """
    case = case_store.lock_case(tx, case_id)
    store.locked(tx, meeting_id)
    meeting = seen.meeting(tx, app, actor, meeting_id)
    facts = case_store.facts(tx, case_id)
    access.require(actor, Action.AGENDA, facts, on=meeting.on, parties=(_asking(case),))
    if case.group_id != meeting.group_id:
        raise NotFound
    _require_ahead(tx, app, meeting)
    messages.tell(
        tx,
        app,
        case_id,
        PLACED,
        {"meeting_on": meeting.on, "meeting_ref": str(meeting.id)},
        by=actor.pseudonym,
    )
    tx.add(
        AgendaItem(
            meeting_id=meeting.id,
            number=store.next_number(tx, meeting.id),
            case_id=case_id,
            title=None,
            placed_by=actor.account_id,
            placed_at=clock.now(tx),
        )
    )
    audit.write_by(tx, actor, "agenda.place", case_id=case_id, target=f"meeting:{meeting.id}")


def add_general(tx: Session, app: Application, actor: Actor, meeting_id: int, title: str) -> None:
    """A question without a person (GG-09). Raises PointsAtSomebody, MeetingOver."""
    store.locked(tx, meeting_id)
    meeting = _open(tx, app, actor, meeting_id)
    today = clock.today(tx, app.zone)
    personal.require_nobody(title, names=naming.own_people(tx, actor, on=today))
    tx.add(
        AgendaItem(
            meeting_id=meeting.id,
            number=store.next_number(tx, meeting.id),
            case_id=None,
            title=title.strip(),
            placed_by=actor.account_id,
            placed_at=clock.now(tx),
        )
    )


def begin_item(tx: Session, app: Application, actor: Actor, meeting_id: int, item_id: int) -> None:
    """The meeting takes the item up. Raises NotAllowed without consent on this day, NotWaiting."""
    item, case, facts = _locked_item(tx, app, actor, meeting_id, item_id)
    today = clock.today(tx, app.zone)
    decision = access.covers(facts, on=today, purpose="consultation", parties=(_asking(case),))
    _require(decision)
    meeting = store.meeting(tx, meeting_id)
    if meeting.state in ("concluded", "cancelled") or item.state != "placed":
        raise MeetingOver
    messages.tell(tx, app, case.id, "item_begins", {}, by=actor.pseudonym)
    item.state, meeting.state = "in_session", "in_session"
    audit.write_by(tx, actor, "item.begin", case_id=case.id, target=f"item:{item_id}")


def conclude_item(
    tx: Session, app: Application, actor: Actor, meeting_id: int, item_id: int
) -> None:
    """The item is done; the case goes on. Raises NotReady naming what GG-24 still asks for."""
    item, case, _facts = _locked_item(tx, app, actor, meeting_id, item_id)
    if item.state != "in_session":
        raise MeetingOver("Begin the item before you conclude it.")
    rules.require_artefacts(_records(tx, app, case))
    messages.tell(tx, app, case.id, "item_concluded", {}, by=actor.pseudonym)
    item.state = "concluded"
    audit.write_by(tx, actor, "item.conclude", case_id=case.id, target=f"item:{item_id}")


def conclude_meeting(tx: Session, app: Application, actor: Actor, meeting_id: int) -> None:
    """The meeting is over; what was not taken up can be put on the next agenda."""
    store.locked(tx, meeting_id)
    meeting = seen.meeting(tx, app, actor, meeting_id)
    _require_convener(actor, meeting.group_id)
    if meeting.state in ("concluded", "cancelled"):
        raise MeetingOver
    for item in store.items(tx, meeting_id):
        if item.state == "placed":
            item.state = "postponed"
        elif item.state == "in_session" and item.case_id is not None:
            raise rules.NotReady(("outcome",))
    meeting.state = "concluded"
    audit.write_by(tx, actor, "meeting.conclude", target=f"meeting:{meeting_id}")


def _locked_item(
    tx: Session, app: Application, actor: Actor, meeting_id: int, item_id: int
) -> tuple[AgendaItem, Case, CaseFacts]:
    """Case first, then what hangs on it. Conveners and whoever leads the case."""
    meeting = seen.meeting(tx, app, actor, meeting_id)
    item = store.item(tx, meeting_id, item_id)
    if item.case_id is None:
        raise NotFound
    case = case_store.lock_case(tx, item.case_id)
    store.locked(tx, meeting_id)
    # Read before the lock, so perhaps old by now.
    tx.refresh(item)
    facts = case_store.facts(tx, case.id)
    if access.hidden(actor, facts):
        raise store.NoSuchMeeting
    today = clock.today(tx, app.zone)
    if meeting.group_id not in rules.convened(actor) and not access.concerned(actor, facts):
        raise NotAllowed(code="not_yours")
    access.require_open(actor, facts, on=today)
    return item, case, facts


def _items(
    tx: Session,
    app: Application,
    actor: Actor,
    meeting: Meeting,
    items: Sequence[AgendaItem],
    seats: Sequence[HeldSeat],
) -> tuple[Item, ...]:
    """Individual items; who it is only for those the person has said yes to."""
    ids = [item.case_id for item in items if item.case_id is not None]
    found = case_store.by_ids(tx, ids)
    facts = case_store.facts_many(tx, ids)
    who = naming.who_in(tx, actor, found, on=meeting.on)
    titles = _seat_titles(tx, seats)
    drawn = [
        _item(tx, app, item, found[item.case_id], facts[item.case_id], who, titles, actor, meeting)
        for item in items
        if item.case_id is not None and not access.hidden(actor, facts[item.case_id])
    ]
    # People without sickness benefit come first (GG-04).
    return tuple(sorted(drawn, key=lambda item: (item.priority != "high", item.number)))


def _item(
    tx: Session,
    app: Application,
    item: AgendaItem,
    case: Case,
    facts: CaseFacts,
    who: Mapping[UUID, str],
    seats: Mapping[Party, str],
    actor: Actor,
    meeting: Meeting,
) -> Item:
    decision = access.covers(
        facts, on=meeting.on, purpose="consultation", parties=(_asking(case),)
    )
    named = {party: _named(facts, party, meeting.on) for party in seats}
    knows = access.may(actor, Action.SEE_CASE, facts, on=meeting.on).allowed
    present = _records(tx, app, case)
    state = item.state if item.state != "placed" else "ready" if decision.allowed else "blocked"
    return Item(
        id=item.id,
        number=item.number,
        case_number=case.number,
        case_id=case.id if knows else None,
        who=who.get(case.id) if knows else None,
        organisations=tuple(seats[party] for party, yes in named.items() if yes),
        absent=tuple(seats[party] for party, yes in named.items() if not yes),
        priority=case.priority,
        state=state,
        code=decision.code or None,
        why=decision.why_key or None,
        missing=rules.missing_artefacts(present),
        mine=meeting.group_id in rules.convened(actor) or access.concerned(actor, facts),
    )


def _named(facts: CaseFacts, party: Party, on: date) -> bool:
    return access.covers(facts, on=on, purpose="consultation", parties=(party,)).allowed


def _candidates(
    tx: Session,
    app: Application,
    actor: Actor,
    meeting: Meeting,
    items: Sequence[AgendaItem],
) -> tuple[Candidate, ...]:
    """Cases of the group that wait for an agenda, as bare numbers, allowed or not and why."""
    if meeting.state == "concluded":
        return ()
    placed = {item.case_id for item in items}
    today = clock.today(tx, app.zone)
    cases = [
        case
        for case in case_store.numbered(tx, actor, today, group_id=meeting.group_id)
        if case.id not in placed and case.procedure == "arena"
    ]
    waiting = engine_store.cases_hearing(tx, PLACED, [case.id for case in cases])
    facts = case_store.facts_many(tx, [case.id for case in cases])
    found = []
    for case in cases:
        decision = access.may(
            actor, Action.AGENDA, facts[case.id], on=meeting.on, parties=(_asking(case),)
        )
        if case.id in waiting or (
            not decision.allowed and access.concerned(actor, facts[case.id])
        ):
            found.append(
                Candidate(
                    case_id=case.id,
                    number=case.number,
                    allowed=decision.allowed and case.id in waiting,
                    code=decision.code or None,
                    why=decision.why_key or None,
                )
            )
    return tuple(found)


def _general(tx: Session, items: Sequence[AgendaItem]) -> tuple[GeneralItem, ...]:
    names = accounts.names(tx, {item.placed_by for item in items})
    return tuple(
        GeneralItem(item.id, item.title, names.get(item.placed_by))
        for item in items
        if item.title is not None
    )


def _participants(
    tx: Session, actor: Actor, seats: Sequence[HeldSeat], roll: Sequence[Attendance]
) -> tuple[Participant, ...]:
    there = {row.seat_id: row for row in roll}
    people = {seat.account_id for seat in seats} | {seat.deputy_account_id for seat in seats}
    names = accounts.names(tx, {one for one in people if one is not None})
    titles = _seat_titles(tx, seats)
    return tuple(
        Participant(
            seat_id=seat.id,
            present=seat.id in there,
            mine=seat.organisation_id in actor.organisation_ids,
            documented=there[seat.id].documented if seat.id in there else None,
            passed_on=there[seat.id].passed_on if seat.id in there else None,
            organisation=titles[Party(seat.organisation_id, seat.unit_id)],
            name=names.get(seat.account_id or 0),
            deputy=names.get(seat.deputy_account_id or 0),
            vacant_since=seat.vacant_since,
        )
        for seat in seats
    )


def _seat_titles(tx: Session, seats: Sequence[HeldSeat]) -> dict[Party, str]:
    found = organisations.organisations_by_id(tx, {seat.organisation_id for seat in seats})
    units = organisations.units_by_id(
        tx, {seat.unit_id for seat in seats if seat.unit_id is not None}
    )
    return {
        Party(seat.organisation_id, seat.unit_id): found[seat.organisation_id].title
        + (f", {units[seat.unit_id].title}" if seat.unit_id is not None else "")
        for seat in seats
    }


def _records(tx: Session, app: Application, case: Case) -> set[str]:
    """Which records the case file holds; that they are there, not what they say."""
    pack = app.pack(tx)
    forms = {entry.entry.form for entry in case_store.entries(tx, case.id)}
    return {
        record
        for form_id in forms
        if form_id in pack.forms and (record := formbook.form(pack, form_id).record)
    }


def _asking(case: Case) -> Party:
    """Whoever raised the case must itself be named."""
    return Party(case.referrer_organisation_id, case.referrer_unit_id)


def _require(decision: Decision) -> None:
    if not decision.allowed:
        raise NotAllowed(decision.why_key, code=decision.code)


def _open(tx: Session, app: Application, actor: Actor, meeting_id: int) -> Meeting:
    meeting = seen.meeting(tx, app, actor, meeting_id)
    _require_ahead(tx, app, meeting)
    return meeting


def _require_ahead(tx: Session, app: Application, meeting: Meeting) -> None:
    if meeting.state in ("concluded", "cancelled") or meeting.on < clock.today(tx, app.zone):
        raise MeetingOver


def _require_convener(actor: Actor, group_id: int) -> None:
    if group_id not in rules.convened(actor):
        raise NotAllowed(code="not_yours")
