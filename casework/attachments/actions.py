"""Attach files to a case, list them, hand them over, strike them. The gate is asked each time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from base import clock, keys
from base.db import Session
from base.errors import Invalid, NotAllowed, NotFound
from casework import access
from casework.access import OWN, Action, Actor, CaseFacts, Holder, Party
from casework.attachments import rules, store
from casework.attachments.tables import Attachment
from casework.audit import actions as audit
from casework.consent.rules import CATEGORIES


class NoSuchFile(NotFound):
    """There is no such file."""


class NoSuchKind(Invalid):
    """Choose which kind of information the file holds."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as somebody sent it, and what they say it is for."""

    name: str = field(repr=False)
    content: bytes = field(repr=False)
    category: str
    purpose: str | None
    task_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class File:
    """A file as one reader may see it; without a name where only its existence may be known."""

    id: UUID
    name: str | None = field(repr=False)
    media_type: str
    size: int
    category: str
    purpose: str | None
    author: Holder
    created: datetime
    #: A code of the gate where the reader may not open it.
    hidden: str


@dataclass(frozen=True, slots=True)
class Opened:
    """What a reader takes away."""

    name: str = field(repr=False)
    media_type: str
    content: bytes = field(repr=False)


def attach(
    tx: Session, actor: Actor, facts: CaseFacts, sent: Sent, *, on: date, largest: int
) -> UUID:
    """Keep a file for the organisation the actor works for in this case; its id.

    The caller has locked the case. Raises NotFound, NotAllowed, NoSuchKind, TooManyFiles,
    EmptyFile, FileTooLarge, NotAttachable.
    """
    access.require(actor, Action.SEE_CASE, facts, on=on)
    access.require(actor, Action.ACT, facts, on=on)
    author = author_of(actor, facts, on=on)
    _require_askable(facts, sent, author, on)
    if store.count(tx, facts.case_id) >= rules.MOST_PER_CASE:
        raise rules.TooManyFiles
    kind = rules.recognise(sent.content, largest)
    attachment_id, key = uuid4(), keys.of(tx).get(facts.case_id)
    name = rules.cleaned_name(sent.name, kind)
    row = Attachment(
        id=attachment_id,
        case_id=facts.case_id,
        task_id=sent.task_id,
        name=key.seal(name.encode(), _place(attachment_id, "name")),
        media_type=kind.media_type,
        size=len(sent.content),
        category=sent.category,
        purpose=sent.purpose if sent.category != OWN else None,
        author_account_id=actor.account_id,
        author_organisation_id=author.organisation_id,
        author_unit_id=author.unit_id,
        created=clock.now(tx),
    )
    store.add(tx, row, key.seal(sent.content, _place(attachment_id, "content")))
    detail = {"category": sent.category, "type": kind.suffix, "size": row.size}
    _write(tx, actor, facts, "file.attach", attachment_id, detail)
    return attachment_id


def listed(tx: Session, actor: Actor, facts: CaseFacts, *, on: date) -> list[File]:
    """Every file that is not struck, oldest first; names only of those the reader may open.

    Raises NotFound.
    """
    access.require(actor, Action.SEE_CASE, facts, on=on)
    found = store.of_case(tx, facts.case_id)
    return [_file(tx, actor, facts, row, on) for row in found]


def of_step(
    tx: Session, actor: Actor, facts: CaseFacts, task_id: UUID, *, on: date
) -> tuple[tuple[UUID, str], ...]:
    """Id and name of what was attached to a step, as far as the reader may open it."""
    found = (_file(tx, actor, facts, row, on) for row in store.of_step(tx, facts.case_id, task_id))
    return tuple((file.id, file.name) for file in found if file.name is not None)


def hand_over(
    tx: Session,
    actor: Actor,
    facts: CaseFacts,
    attachment_id: UUID,
    *,
    on: date,
    evidence: bool = False,
) -> Opened:
    """``evidence``: of a consent, for whoever may read the person's words about it.

    Raises NotFound, NotAllowed; base.crypto.Unsealable if the stored bytes were changed.
    """
    row = _row(tx, actor, facts, attachment_id, on)
    decision = access.may(
        actor,
        Action.READ_ENTRY,
        facts,
        on=on,
        category=row.category,
        author=_author(row).party,
        purpose=row.purpose,
    )
    shown = evidence and access.may(actor, Action.READ_WORDS, facts, on=on).allowed
    if not (decision.allowed or shown):
        raise NotAllowed(decision.why_key, code=decision.code)
    key = keys.of(tx).get(facts.case_id)
    content = key.unseal(store.content(tx, row.id), _place(row.id, "content"))
    return Opened(_name(tx, row), row.media_type, content)


def strike(tx: Session, actor: Actor, facts: CaseFacts, attachment_id: UUID, *, on: date) -> None:
    """Close a file that belongs to another person to everybody; it stays, sealed.

    The organisation that attached it does so. Raises NotFound, NotAllowed.
    """
    row = _row(tx, actor, facts, attachment_id, on)
    access.require(actor, Action.ACT, facts, on=on)
    if not works_for(actor, facts, _author(row).party):
        raise NotAllowed(access.WHY["not_yours"], code="not_yours")
    store.strike(tx, row.id, clock.now(tx))
    _write(tx, actor, facts, "file.strike", row.id, {})


def author_of(actor: Actor, facts: CaseFacts, *, on: date) -> Party:
    """For whom the actor writes in this case: its lead or referrer, else a named party.

    Raises NotAllowed.
    """
    places = access.working(actor, facts)
    held = [p for p in places if any(access.overlap(p, h.party) for h in facts.holders)]
    named = [p for p in places if access.covers(facts, on=on, parties=(p,)).allowed]
    if not held and not named:
        raise NotAllowed(access.WHY["not_yours"], code="not_yours")
    return (held or named)[0]


def works_for(actor: Actor, facts: CaseFacts, author: Party) -> bool:
    """Whether the actor does casework in this case for whoever wrote something."""
    return any(access.overlap(place, author) for place in access.working(actor, facts))


def _require_askable(facts: CaseFacts, sent: Sent, author: Party, on: date) -> None:
    """What is to be shared needs a consent for it; what stays at home needs none."""
    if sent.category == OWN:
        return
    if sent.category not in CATEGORIES:
        raise NoSuchKind
    asked = access.may_ask(facts, sent.category, on=on, purpose=sent.purpose, party=author)
    shared = access.covers(
        facts, on=on, purpose=sent.purpose, parties=(author,), category=sent.category
    )
    for decision in (asked, shared):
        if not decision.allowed:
            raise NotAllowed(decision.why_key, code=decision.code)


def _row(tx: Session, actor: Actor, facts: CaseFacts, attachment_id: UUID, on: date) -> Attachment:
    access.require(actor, Action.SEE_CASE, facts, on=on)
    row = store.of_case_by_id(tx, facts.case_id, attachment_id)
    if row is None:
        raise NoSuchFile
    return row


def _file(tx: Session, actor: Actor, facts: CaseFacts, row: Attachment, on: date) -> File:
    author = _author(row)
    decision = access.may(
        actor,
        Action.READ_ENTRY,
        facts,
        on=on,
        category=row.category,
        author=author.party,
        purpose=row.purpose,
    )
    return File(
        id=row.id,
        name=_name(tx, row) if decision.allowed else None,
        media_type=row.media_type,
        size=row.size,
        category=row.category,
        purpose=row.purpose,
        author=author,
        created=row.created,
        hidden=decision.code,
    )


def _author(row: Attachment) -> Holder:
    return Holder(row.author_organisation_id, row.author_unit_id, row.author_account_id)


def _name(tx: Session, row: Attachment) -> str:
    key = keys.of(tx).get(row.case_id)
    return key.unseal(row.name, _place(row.id, "name")).decode()


def _write(
    tx: Session,
    actor: Actor,
    facts: CaseFacts,
    action: str,
    attachment_id: UUID,
    detail: Mapping[str, Any],
) -> None:
    audit.write_by(
        tx,
        actor,
        action,
        case_id=facts.case_id,
        target=f"file:{attachment_id}",
        detail=dict(detail),
    )


def _place(attachment_id: UUID, part: str) -> str:
    return f"attachment/{attachment_id}/{part}"
