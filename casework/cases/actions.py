"""What happens to a case and its file. The caller has locked the case, and commits."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from base import clock, keys
from base.db import Session
from base.errors import NotAllowed, NotFound
from casework import access, sealing
from casework.access import Action, Actor, CaseFacts, Holder, Party
from casework.audit import actions as audit
from casework.cases import rules, store
from casework.cases.store import StoredEntry
from casework.cases.tables import Case, DraftAnswers, MilestoneLog
from casework.consent import actions as consent
from casework.organisations import store as organisations
from casework.programmes import actions as programmes
from casework.programmes import store as programme_store
from casework.programmes.tables import Programme

_ALIAS = "case/alias"


@dataclass(frozen=True, slots=True)
class NewCase:
    """What is known of a case before anything has been written in it."""

    programme_id: int
    procedure: str
    organisation_id: int
    unit_id: int | None = None
    group_id: int | None = None
    written_only: bool = True
    restricted: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as one reader may see it.

    ``hidden`` says per kind of information that was left out why: a code of the gate.
    """

    id: int
    task_id: UUID | None
    form: str
    author: Holder
    purpose: str | None
    release_id: int | None
    created: datetime
    answers: Mapping[str, Any] = field(repr=False)
    hidden: Mapping[str, str]
    #: Kinds of information it holds; '' for what is of none.
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """Answers to go on with, and when they were put aside."""

    answers: Mapping[str, Any] = field(repr=False)
    saved: datetime


class NoSuchEntry(NotFound):
    """There is no such entry."""


def open_case(tx: Session, actor: Actor, new: NewCase) -> Case:
    """A new case, raised by the actor for an organisation in which they work.

    Its key is durable before this returns. Raises IntakeClosed, NotYourOrganisation,
    NotYourGroup.
    """
    programme = programme_store.by_id(tx, new.programme_id)
    today = clock.today(tx, programme.time_zone)
    programmes.require_open(programme, today)
    _require_own(actor, new)
    if new.group_id is not None:
        _require_seat(tx, new, today)
    case_id = uuid4()
    keys.of(tx).create(case_id)
    case = Case(
        id=case_id,
        number=_number(tx, programme, new.group_id),
        programme_id=programme.id,
        group_id=new.group_id,
        procedure=new.procedure,
        pack_id=programme.pack_id,
        referrer_organisation_id=new.organisation_id,
        referrer_unit_id=new.unit_id,
        referrer_account_id=actor.account_id,
        opened=clock.now(tx),
        written_only=new.written_only,
        restricted=new.restricted,
    )
    tx.add(case)
    tx.flush()
    if new.restricted:
        store.allow(tx, case_id, actor.account_id, by=actor.pseudonym)
    audit.write_by(
        tx,
        actor,
        "case.open",
        case_id=case_id,
        target=f"case:{case.number}",
        detail={"procedure": new.procedure, "organisation": new.organisation_id},
    )
    return case


def open_subject(
    tx: Session, subject: str, holder: Holder, *, programme_id: int, group_id: int | None = None
) -> Case:
    """Something that has steps and is about no person: a group's term, a report.

    It is numbered apart from cases (``GGVV-R-2027-001``). ``holder`` is whoever it comes from. Its
    key is durable before this returns.
    """
    programme = programme_store.by_id(tx, programme_id)
    subject_id = uuid4()
    keys.of(tx).create(subject_id)
    found = Case(
        id=subject_id,
        number=_number(tx, programme, group_id, f"-{subject[0].upper()}"),
        programme_id=programme_id,
        group_id=group_id,
        procedure=subject,
        pack_id=programme.pack_id,
        referrer_organisation_id=holder.organisation_id,
        referrer_unit_id=holder.unit_id,
        referrer_account_id=holder.account_id,
        opened=clock.now(tx),
        subject=subject,
    )
    tx.add(found)
    tx.flush()
    return found


def subject_of(tx: Session, case_id: UUID) -> str:
    """What it is about: a person, a group, a report."""
    return store.by_id(tx, case_id).subject


def set_procedure(tx: Session, case_id: UUID, procedure: str, *, written_only: bool) -> None:
    """``written_only``: the pack accepts nothing but written consent in this procedure."""
    case = store.lock_case(tx, case_id)
    case.procedure, case.written_only = procedure, written_only


def set_priority(tx: Session, case_id: UUID, priority: str) -> None:
    store.lock_case(tx, case_id).priority = priority


def set_lead(tx: Session, case_id: UUID, lead: Holder, *, by: str) -> None:
    """From now on this organisation (and person) leads the case, a restricted one too."""
    case = store.lock_case(tx, case_id)
    rules.require_open(case.status)
    case.lead_organisation_id = lead.organisation_id
    case.lead_unit_id = lead.unit_id
    case.lead_account_id = lead.account_id
    if case.restricted and lead.account_id is not None:
        store.allow(tx, case_id, lead.account_id, by=by)
    detail = {"organisation": lead.organisation_id, "account": lead.account_id}
    audit.write(tx, actor=by, action="case.set_lead", case_id=case_id, detail=detail)


def reach(tx: Session, case_id: UUID, milestone: str) -> bool:
    """The case stands at this milestone; False, and nothing changes, if it stood there before."""
    case = store.lock_case(tx, case_id)
    if case.milestone == milestone:
        return False
    case.milestone = milestone
    tx.add(MilestoneLog(case_id=case_id, milestone=milestone, at=clock.now(tx)))
    return True


def rest(tx: Session, case_id: UUID) -> None:
    """Consent has run out: the case rests until it is renewed or the case is closed."""
    case = store.lock_case(tx, case_id)
    rules.require_open(case.status)
    case.status = rules.LAPSED
    audit.write(tx, actor="clock", action="case.rest", case_id=case_id)


def wake(tx: Session, case_id: UUID, *, by: str) -> None:
    """Consent has been renewed: the case goes on."""
    case = store.lock_case(tx, case_id)
    rules.require_open(case.status)
    case.status = rules.OPEN
    audit.write(tx, actor=by, action="case.wake", case_id=case_id)


def close(tx: Session, case_id: UUID, path: str, *, by: str) -> None:
    """The case ends by this path; consents that end with it end, drafts are gone.

    Closing a closed case changes nothing.
    """
    case = store.lock_case(tx, case_id)
    if case.status == rules.CLOSED:
        return
    case.status, case.outcome, case.closed = rules.CLOSED, path, clock.now(tx)
    consent.end_with_case(tx, case_id)
    store.drop_drafts_of_case(tx, case_id)
    detail = {"path": path}
    audit.write(tx, actor=by, action="case.close", case_id=case_id, detail=detail)


def restrict(tx: Session, actor: Actor, case_id: UUID, account_ids: Collection[int]) -> None:
    """Protected identity: from now on only these accounts, and the actor, know of the case."""
    case = store.lock_case(tx, case_id)
    case.restricted = True
    named = sorted({actor.account_id, *account_ids})
    for account_id in named:
        store.allow(tx, case_id, account_id, by=actor.pseudonym)
    audit.write_by(tx, actor, "case.restrict", case_id=case_id, detail={"accounts": named})


def set_alias(tx: Session, case_id: UUID, alias: str) -> None:
    """What the person is called until (and unless) their name may be shown."""
    case = store.lock_case(tx, case_id)
    store.set_alias(tx, case, sealing.seal_value(keys.of(tx).get(case_id), alias, _ALIAS))


def aliases(tx: Session, cases: Collection[Case]) -> Mapping[UUID, str]:
    """Of cases the reader may see; one without alias is not in the answer."""
    named = {case.id: case.alias for case in cases if case.alias is not None}
    ring = keys.of(tx).get_many(list(named))
    return {
        case_id: sealing.unseal_value(key, named[case_id], _ALIAS) for case_id, key in ring.items()
    }


def add_entry(
    tx: Session,
    case_id: UUID,
    answers: Mapping[str, Mapping[str, Any]],
    *,
    form: str,
    author: Holder,
    task_id: UUID | None = None,
    purpose: str | None = None,
    release_id: int | None = None,
) -> int:
    """Add answers, by kinds of information ('' for none, joined by a comma), to the file.

    Returns the entry's id.

    ``author`` names the account (a guest has none) and the organisation (and unit) it wrote for.
    """
    entry_id = store.add_entry(
        tx,
        {
            "case_id": case_id,
            "task_id": task_id,
            "form": form,
            "author_account_id": author.account_id,
            "author_organisation_id": author.organisation_id,
            "author_unit_id": author.unit_id,
            "purpose": purpose,
            "release_id": release_id,
            "created": clock.now(tx),
        },
    )
    key = keys.of(tx).get(case_id)
    parts = {
        category: sealing.seal_value(key, values, _part(entry_id, category))
        for category, values in answers.items()
    }
    store.add_parts(tx, entry_id, parts)
    return entry_id


def read_entries(
    tx: Session, actor: Actor, facts: CaseFacts, *, on: date, form: str | None = None
) -> list[Entry]:
    """The file as this reader may see it, in the order it was written.

    Only what the gate allows is unsealed; an entry of which nothing may be seen still shows that
    it exists, with its reasons. Raises NotFound if the reader may not see the case.
    """
    access.require(actor, Action.SEE_CASE, facts, on=on)
    key = keys.of(tx).get(facts.case_id)
    found = []
    for stored in store.entries(tx, facts.case_id, form=form):
        hidden = _hidden(actor, facts, stored, on)
        shown = {
            name: value
            for category, sealed in stored.parts.items()
            if category not in hidden
            for name, value in sealing.unseal_value(
                key, sealed, _part(stored.entry.id, category)
            ).items()
        }
        found.append(_entry(stored, shown, hidden))
    return found


def entries_for(
    tx: Session,
    case_id: UUID,
    allowed: Callable[[Party, str | None, str | None], bool],
) -> list[Entry]:
    """The file as far as ``allowed`` says of author, kind of information and purpose.

    For readers whom the gate does not know: guests, who are asked by rules of their own.
    """
    key = keys.of(tx).get(case_id)
    found = []
    for stored in store.entries(tx, case_id):
        author = Party(stored.entry.author_organisation_id, stored.entry.author_unit_id)
        shown = {
            name: value
            for part, sealed in stored.parts.items()
            if all(
                allowed(author, category or None, stored.entry.purpose)
                for category in part.split(",")
            )
            for name, value in sealing.unseal_value(
                key, sealed, _part(stored.entry.id, part)
            ).items()
        }
        found.append(_entry(stored, shown, {}))
    return found


def strike_entry(tx: Session, actor: Actor, facts: CaseFacts, entry_id: int, *, on: date) -> None:
    """Close an entry about the wrong person to everybody; it stays, sealed.

    The organisation that wrote it does so. Raises NotFound, NoSuchEntry, NotAllowed.
    """
    access.require(actor, Action.ACT, facts, on=on)
    entry = store.entry(tx, facts.case_id, entry_id)
    if entry is None:
        raise NoSuchEntry
    author = Party(entry.author_organisation_id, entry.author_unit_id)
    if not any(access.overlap(place, author) for place in access.working(actor, facts)):
        raise NotAllowed(access.WHY["not_yours"], code="not_yours")
    if not store.strike(tx, facts.case_id, entry_id, clock.now(tx)):
        raise NoSuchEntry
    target = f"entry:{entry_id}"
    audit.write_by(tx, actor, "entry.strike", case_id=facts.case_id, target=target)


def save_draft(
    tx: Session, actor: Actor, case_id: UUID, task_id: UUID, answers: Mapping[str, Any]
) -> None:
    """Put answers aside; the account's earlier draft of this step is replaced."""
    place = _draft(task_id, actor.account_id)
    sealed = sealing.seal_value(keys.of(tx).get(case_id), answers, place)
    draft = store.draft(tx, task_id, actor.account_id)
    if draft is None:
        draft = DraftAnswers(
            task_id=task_id,
            account_id=actor.account_id,
            case_id=case_id,
            answers=sealed,
            saved=clock.now(tx),
        )
        tx.add(draft)
    draft.answers, draft.saved = sealed, clock.now(tx)


def read_draft(tx: Session, actor: Actor, task_id: UUID) -> Draft | None:
    """The account's own draft of a step it may write; the caller has asked the gate."""
    draft = store.draft(tx, task_id, actor.account_id)
    if draft is None:
        return None
    key = keys.of(tx).get(draft.case_id)
    place = _draft(task_id, actor.account_id)
    return Draft(sealing.unseal_value(key, draft.answers, place), draft.saved)


def _number(tx: Session, programme: Programme, group_id: int | None, series: str = "") -> str:
    """``series`` keeps numbers of what is no case apart."""
    prefix = (
        programme.code.upper()
        if group_id is None
        else organisations.group_by_id(tx, group_id).number_prefix
    ) + series
    year = clock.now(tx).astimezone(ZoneInfo(programme.time_zone)).year
    return rules.number(prefix, year, store.next_number(tx, prefix, year))


def _require_own(actor: Actor, new: NewCase) -> None:
    """A caseworker or representative of that organisation (of that group, for the latter)."""
    raised_for = Party(new.organisation_id, new.unit_id)
    for membership in actor.holding(access.WORKING_ROLES):
        in_group = membership.group_id in (None, new.group_id)
        if in_group and access.overlap(access.as_party(membership), raised_for):
            return
    raise rules.NotYourOrganisation


def _require_seat(tx: Session, new: NewCase, today: date) -> None:
    assert new.group_id is not None  # noqa: S101
    seats = organisations.seats(tx, new.group_id, today)
    if new.organisation_id not in {seat.organisation_id for seat in seats}:
        raise rules.NotYourGroup


def _hidden(actor: Actor, facts: CaseFacts, stored: StoredEntry, on: date) -> Mapping[str, str]:
    """Kinds of information in this entry that the reader may not see, each with its reason."""
    entry = stored.entry
    author = Party(entry.author_organisation_id, entry.author_unit_id)
    refused: dict[str, str] = {}
    for part in stored.parts:
        for category in part.split(","):
            decision = access.may(
                actor,
                Action.READ_ENTRY,
                facts,
                on=on,
                category=category or None,
                author=author,
                purpose=entry.purpose,
            )
            if not decision.allowed:
                refused[part] = decision.code
    return refused


def _entry(stored: StoredEntry, answers: Mapping[str, Any], hidden: Mapping[str, str]) -> Entry:
    entry = stored.entry
    return Entry(
        id=entry.id,
        task_id=entry.task_id,
        form=entry.form,
        author=Holder(entry.author_organisation_id, entry.author_unit_id, entry.author_account_id),
        purpose=entry.purpose,
        release_id=entry.release_id,
        created=entry.created,
        answers=answers,
        hidden=hidden,
        categories=tuple(sorted({c for part in stored.parts for c in part.split(",")})),
    )


def _part(entry_id: int, category: str) -> str:
    return f"case_entry/{entry_id}/{category}"


def _draft(task_id: UUID, account_id: int) -> str:
    return f"draft_answers/{task_id}/{account_id}"
