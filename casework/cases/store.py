"""All SQL of cases but the predicates for lists (`queries`)."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import set_committed_value

from base import clock, ready
from base.db import Session, core
from base.errors import NotFound
from casework import parts
from casework.access import Actor, CaseFacts, ConsentFacts, Holder, Phases
from casework.cases import queries
from casework.cases.tables import (
    Case,
    CaseAccess,
    CaseCounter,
    CaseEntry,
    CaseEntryPart,
    DraftAnswers,
    EntryNote,
    MilestoneLog,
    ProtectionLift,
)
from casework.consent import store as consent
from casework.programmes import store as programmes
from engine.tables import Task


class NoSuchCase(NotFound):
    """There is no such case, or you may not know of it."""


# Written once, as every completed step needs them.
_LOCK = (
    select(Case)
    .where(Case.id == bindparam("case_id"))
    .with_for_update()
    .execution_options(populate_existing=True)
)
_LOCK_OF_TASK = (
    select(Case)
    .where(
        Case.id == select(Task.case_id).where(Task.id == bindparam("task_id")).scalar_subquery()
    )
    .with_for_update(of=Case)
    .execution_options(populate_existing=True)
)
_SET_ALIAS = update(core(Case)).where(core(Case).c.id == bindparam("of"))
_entry = core(CaseEntry)
_ADD_ENTRY = insert(_entry).returning(_entry.c.id)
_ADD_PARTS = insert(core(CaseEntryPart)).inline()
_drafts, _steps = core(DraftAnswers), core(Task)
_DROP_CLOSED = delete(_drafts).where(
    _drafts.c.case_id == bindparam("of_case"),
    _drafts.c.task_id.not_in(
        select(_steps.c.id).where(
            _steps.c.case_id == bindparam("of_case"), _steps.c.status == "open"
        )
    ),
)


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """An entry and its sealed parts, by kind of information."""

    entry: CaseEntry
    parts: Mapping[str, bytes]


def lock_case(tx: Session, case_id: UUID) -> Case:
    """The case, locked until the transaction ends. Every command begins with this.

    Raises NoSuchCase.
    """
    locked = _locked(tx)
    if case_id not in locked:
        tx.flush()
        found = tx.scalars(_LOCK, {"case_id": case_id}).first()
        if found is None:
            raise NoSuchCase
        locked[case_id] = found
    return locked[case_id]


def lock_case_of(tx: Session, task_id: UUID) -> Case | None:
    """`lock_case` for the case of a step, in one statement; None if there is no such step."""
    tx.flush()
    found = tx.scalars(_LOCK_OF_TASK, {"task_id": task_id}).first()
    if found is not None:
        _locked(tx)[found.id] = found
    return found


def _locked(tx: Session) -> dict[UUID, Case]:
    """What this transaction has locked: nobody else can have changed it since."""
    begun: tuple[object, dict[UUID, Case]] | None = tx.info.get("cases_locked")
    if begun is None or begun[0] is not tx.get_transaction():
        begun = tx.info["cases_locked"] = (tx.get_transaction(), {})
    return begun[1]


def try_lock(tx: Session, case_id: UUID) -> bool:
    """Lock the case unless somebody else holds it; False then, without waiting."""
    found = select(Case.id).where(Case.id == case_id).with_for_update(skip_locked=True)
    return tx.scalar(found) is not None


def by_id(tx: Session, case_id: UUID) -> Case:
    """Raises NoSuchCase."""
    found = tx.get(Case, case_id)
    if found is None:
        raise NoSuchCase
    return found


def set_alias(tx: Session, case: Case, alias: bytes) -> None:
    """What the person is called, sealed."""
    tx.flush()
    ready.write(tx, _SET_ALIAS, [{"of": case.id, "alias": alias}])
    set_committed_value(case, "alias", alias)


def has_subject(tx: Session, group_id: int, process: str, since: datetime) -> bool:
    """Whether this diagram was begun for the group since then, about no person."""
    asked = select(Case.id).where(
        Case.subject == "group",
        Case.group_id == group_id,
        Case.procedure == process,
        Case.opened >= since,
    )
    return tx.scalar(asked.limit(1)) is not None


def by_ids(tx: Session, case_ids: Collection[UUID]) -> Mapping[UUID, Case]:
    return {case.id: case for case in tx.scalars(select(Case).where(Case.id.in_(case_ids)))}


def find_number(tx: Session, number: str) -> UUID | None:
    """The case that bears this number; reads nothing else of it."""
    return tx.scalar(select(Case.id).where(Case.number == number.strip().upper()))


def by_number(tx: Session, number: str) -> Case | None:
    return tx.scalars(select(Case).where(Case.number == number.strip().upper())).first()


def known(
    tx: Session,
    actor: Actor,
    on: date,
    *,
    mine: bool = False,
    statuses: Collection[str] | None = None,
    case_ids: Collection[UUID] | None = None,
    limit: int | None = None,
    start: int = 0,
) -> list[Case]:
    """Cases the actor may see, high priority first, then latest opened.

    ``mine``: only those the actor leads; ``case_ids``: only among these.
    """
    asked = select(Case).where(_known(actor, on, mine=mine, statuses=statuses))
    if case_ids is not None:
        asked = asked.where(Case.id.in_(case_ids))
    ordered = asked.order_by(Case.priority != "high", Case.opened.desc(), Case.number)
    return list(tx.scalars(ordered.limit(limit).offset(start)))


def count_known(
    tx: Session, actor: Actor, on: date, *, mine: bool, statuses: Collection[str]
) -> int:
    """How many `known` would find, up to `parts.COUNTED`; stops there."""
    wanted = _known(actor, on, mine=mine, statuses=statuses)
    some = select(Case.id).where(wanted).limit(parts.COUNTED).subquery()
    return tx.scalar(select(func.count()).select_from(some)) or 0


def _known(
    actor: Actor, on: date, *, mine: bool, statuses: Collection[str] | None
) -> ColumnElement[bool]:
    wanted = queries.known_to(actor, on)
    if mine:
        wanted &= queries.held_by(actor)
    if statuses is not None:
        wanted &= Case.status.in_(statuses)
    return wanted


def numbered(tx: Session, actor: Actor, on: date, *, group_id: int | None = None) -> list[Case]:
    """Open cases the actor may know of at least by number, high priority first, then by number."""
    asked = select(Case).where(queries.numbered_for(actor, on), Case.status != "closed")
    if group_id is not None:
        asked = asked.where(Case.group_id == group_id)
    return list(tx.scalars(asked.order_by(Case.priority != "high", Case.number)))


def facts(tx: Session, case_id: UUID) -> CaseFacts:
    """What the gate needs to know. Raises NoSuchCase."""
    case = by_id(tx, case_id)
    consents = consent.facts_many(tx, [case_id])
    allowed = _allowed(tx, [case_id])[case_id] if case.restricted else set()
    phases = programmes.phases(tx, [case.programme_id])
    return _facts(case, allowed, consents.get(case_id, ()), phases)


def facts_many(tx: Session, case_ids: Collection[UUID]) -> Mapping[UUID, CaseFacts]:
    """`facts` of those that exist; five statements however many."""
    cases = tx.scalars(select(Case).where(Case.id.in_(case_ids))).all()
    allowed = _allowed(tx, case_ids)
    consents = consent.facts_many(tx, case_ids)
    phases = programmes.phases(tx, {case.programme_id for case in cases})
    return {
        case.id: _facts(case, allowed[case.id], consents.get(case.id, ()), phases)
        for case in cases
    }


def _facts(
    case: Case,
    allowed: set[int],
    consents: tuple[ConsentFacts, ...],
    phases: Mapping[int, Phases],
) -> CaseFacts:
    return CaseFacts(
        case_id=case.id,
        procedure=case.procedure,
        status=case.status,
        referrer=Holder(
            case.referrer_organisation_id, case.referrer_unit_id, case.referrer_account_id
        ),
        lead=lead_of(case),
        group_id=case.group_id,
        written_only=case.written_only,
        restricted=case.restricted,
        allowed_accounts=frozenset(allowed),
        consents=consents,
        subject=case.subject,
        phases=phases[case.programme_id],
    )


def lead_of(case: Case) -> Holder | None:
    """Who leads; None until there is a lead."""
    if case.lead_organisation_id is None:
        return None
    return Holder(case.lead_organisation_id, case.lead_unit_id, case.lead_account_id)


def next_number(tx: Session, prefix: str, year: int) -> int:
    """The next number under this prefix; others wait until the transaction ends."""
    key = {"prefix": prefix, "year": year}
    counter = tx.get(CaseCounter, key, with_for_update=True, populate_existing=True)
    if counter is None:
        counter = _begin_counter(tx, prefix, year)
    counter.last += 1
    tx.flush()
    return counter.last


def allow(tx: Session, case_id: UUID, account_id: int, *, by: str) -> None:
    """Put somebody on the list of a restricted case; again does nothing."""
    if tx.get(CaseAccess, {"case_id": case_id, "account_id": account_id}) is None:
        tx.add(
            CaseAccess(case_id=case_id, account_id=account_id, added_by=by, added_at=clock.now(tx))
        )
        tx.flush()


def allowed(tx: Session, case_id: UUID) -> list[CaseAccess]:
    """Who is on the list of a restricted case, in the order they were put there."""
    asked = select(CaseAccess).where(CaseAccess.case_id == case_id)
    return list(tx.scalars(asked.order_by(CaseAccess.added_at, CaseAccess.account_id)))


def disallow(tx: Session, case_id: UUID, account_id: int) -> None:
    tx.execute(
        delete(CaseAccess).where(
            CaseAccess.case_id == case_id, CaseAccess.account_id == account_id
        )
    )


def add_entry(tx: Session, entry: Mapping[str, Any]) -> int:
    """Its id; parts are added after, since they are sealed for the entry's place."""
    [[entry_id]] = ready.rows(tx, _ADD_ENTRY, entry)
    return int(entry_id)


def add_parts(tx: Session, entry_id: int, parts: Mapping[str, bytes]) -> None:
    """Sealed answers by kind of information; one statement however many."""
    if parts:
        rows = [
            {"entry_id": entry_id, "category": category, "answers": answers}
            for category, answers in parts.items()
        ]
        ready.write(tx, _ADD_PARTS, rows)


def entries(
    tx: Session, case_id: UUID, *, form: str | None = None, struck: bool = False
) -> list[StoredEntry]:
    """The file of a case in the order it was written; two statements.

    ``struck`` ones are left out unless asked for.
    """
    asked = select(CaseEntry).where(CaseEntry.case_id == case_id)
    if not struck:
        asked = asked.where(CaseEntry.struck.is_(None))
    if form is not None:
        asked = asked.where(CaseEntry.form == form)
    found = tx.scalars(asked.order_by(CaseEntry.created, CaseEntry.id)).all()
    parts: defaultdict[int, dict[str, bytes]] = defaultdict(dict)
    for part in tx.scalars(
        select(CaseEntryPart)
        .where(CaseEntryPart.entry_id.in_([entry.id for entry in found]))
        .order_by(CaseEntryPart.id)
    ):
        parts[part.entry_id][part.category] = part.answers
    return [StoredEntry(entry, parts[entry.id]) for entry in found]


def notes(tx: Session, case_id: UUID) -> Sequence[EntryNote]:
    """Of all entries of a case, oldest first."""
    asked = select(EntryNote).where(EntryNote.case_id == case_id)
    return tx.scalars(asked.order_by(EntryNote.created, EntryNote.id)).all()


def entry(tx: Session, case_id: UUID, entry_id: int) -> CaseEntry | None:
    """Struck or not; None if there is no such entry in this case."""
    return tx.scalars(
        select(CaseEntry).where(CaseEntry.id == entry_id, CaseEntry.case_id == case_id)
    ).one_or_none()


def struck(tx: Session, case_id: UUID) -> Sequence[CaseEntry]:
    """Entries closed to everybody, newest first, but those of steps that were taken back."""
    back = select(Task.id).where(Task.case_id == case_id, Task.status == "taken_back")
    asked = select(CaseEntry).where(
        CaseEntry.case_id == case_id,
        CaseEntry.struck.is_not(None),
        CaseEntry.task_id.is_(None) | CaseEntry.task_id.not_in(back),
    )
    return tx.scalars(asked.order_by(CaseEntry.struck.desc(), CaseEntry.id)).all()


def strike(tx: Session, case_id: UUID, entry_id: int, now: datetime) -> bool:
    """False if there is no such entry in this case, or it is struck already."""
    done = tx.execute(
        update(CaseEntry)
        .where(CaseEntry.id == entry_id, CaseEntry.case_id == case_id, CaseEntry.struck.is_(None))
        .values(struck=now)
        .returning(CaseEntry.id)
    )
    return done.first() is not None


def strike_of_task(tx: Session, task_id: UUID, now: datetime) -> None:
    """What was written in a step that has been taken back."""
    tx.execute(
        update(CaseEntry)
        .where(CaseEntry.task_id == task_id, CaseEntry.struck.is_(None))
        .values(struck=now)
    )


def draft(tx: Session, task_id: UUID, account_id: int) -> DraftAnswers | None:
    return tx.get(DraftAnswers, {"task_id": task_id, "account_id": account_id})


def drafted(tx: Session, account_id: int, task_ids: Collection[UUID]) -> set[UUID]:
    """Which of these steps the account has begun to answer."""
    rows = select(DraftAnswers.task_id).where(
        DraftAnswers.account_id == account_id, DraftAnswers.task_id.in_(task_ids)
    )
    return set(tx.scalars(rows))


def drop_drafts(tx: Session, task_ids: Collection[UUID]) -> None:
    """Everybody's drafts for these steps."""
    tx.execute(delete(DraftAnswers).where(DraftAnswers.task_id.in_(task_ids)))


def drop_closed_drafts(tx: Session, case_id: UUID) -> None:
    """Everybody's drafts for steps of a case that are no longer open, however they closed."""
    ready.write(tx, _DROP_CLOSED, [{"of_case": case_id}])


def drop_drafts_but(tx: Session, case_id: UUID, account_ids: Collection[int]) -> None:
    """Drafts of a case by everybody but these accounts."""
    tx.execute(
        delete(DraftAnswers).where(
            DraftAnswers.case_id == case_id, DraftAnswers.account_id.not_in(account_ids)
        )
    )


def drop_drafts_of_case(tx: Session, case_id: UUID) -> None:
    tx.execute(delete(DraftAnswers).where(DraftAnswers.case_id == case_id))


def milestones(tx: Session, case_id: UUID) -> list[MilestoneLog]:
    """Reached, in order."""
    reached = select(MilestoneLog).where(MilestoneLog.case_id == case_id)
    return list(tx.scalars(reached.order_by(MilestoneLog.at, MilestoneLog.id)))


def _allowed(tx: Session, case_ids: Collection[UUID]) -> defaultdict[UUID, set[int]]:
    rows = tx.execute(
        select(CaseAccess.case_id, CaseAccess.account_id).where(CaseAccess.case_id.in_(case_ids))
    )
    found: defaultdict[UUID, set[int]] = defaultdict(set)
    for case_id, account_id in rows:
        found[case_id].add(account_id)
    return found


def _begin_counter(tx: Session, prefix: str, year: int) -> CaseCounter:
    """A new counter; if another transaction was faster, that one, locked."""
    counter = CaseCounter(prefix=prefix, year=year, last=0)
    try:
        with tx.begin_nested():
            tx.add(counter)
    except IntegrityError:
        key = {"prefix": prefix, "year": year}
        return tx.get_one(CaseCounter, key, with_for_update=True)
    return counter


def open_lift(tx: Session, case_id: UUID) -> ProtectionLift | None:
    """The question about protection that nobody has answered."""
    asked = select(ProtectionLift).where(
        ProtectionLift.case_id == case_id, ProtectionLift.answered_at.is_(None)
    )
    return tx.scalars(asked).first()


def drop_lift(tx: Session, case_id: UUID) -> None:
    """Whatever was asked before is asked anew."""
    waiting = update(ProtectionLift).where(
        ProtectionLift.case_id == case_id, ProtectionLift.answered_at.is_(None)
    )
    tx.execute(waiting.values(answered_at=clock.now(tx)))


def lift(tx: Session, case_id: UUID) -> None:
    """The case is like any other, and its list of people is gone."""
    lock_case(tx, case_id).restricted = False
    tx.execute(delete(CaseAccess).where(CaseAccess.case_id == case_id))
