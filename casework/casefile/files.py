"""The files of a case as a reader sees them, and what may be said when one is attached."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from base import clock
from base.db import Session
from casework import access, formbook, naming
from casework.access import SHARING_PURPOSES, Action, Actor, CaseFacts
from casework.accounts import store as accounts
from casework.application import Application
from casework.attachments import actions as attachments
from casework.attachments.actions import Opened, Sent
from casework.cases import store as case_store
from casework.consent import store as consents
from casework.consent.rules import CATEGORIES
from casework.organisations import store as organisations
from casework.words import Words


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file in the list; ``name`` is None where consent does not let the reader open it."""

    id: UUID
    name: str | None
    organisation: str
    author: str
    at: datetime
    kilobytes: int
    category: str
    purpose: str
    may_strike: bool


@dataclass(frozen=True, slots=True)
class FilesPage:
    """The files of a case; without kinds and purposes nothing may be shared."""

    case_id: UUID
    number: str
    who: str | None
    files: tuple[FileRow, ...]
    may_add: bool
    categories: tuple[tuple[str, str], ...]
    purposes: tuple[tuple[str, str], ...]
    largest_megabytes: int


def files_page(tx: Session, app: Application, actor: Actor, case_id: UUID) -> FilesPage:
    """Raises NotFound where the reader may not know of the case."""
    facts = case_store.facts(tx, case_id)
    today = clock.today(tx, app.zone)
    rows = file_rows(tx, app, actor, facts)
    words = Words(app.pack(tx), actor.language)
    adds = access.may(actor, Action.ACT, facts, on=today).allowed
    purposes = formbook.options(words, "consent", "purpose")
    usable = {c.purpose for c in facts.consents if c.in_force(today)} & SHARING_PURPOSES
    case = case_store.by_id(tx, case_id)
    return FilesPage(
        case_id=case_id,
        number=case.number,
        who=naming.who_in(tx, actor, {case_id: case}, on=today).get(case_id),
        files=rows,
        may_add=adds,
        categories=tuple(_kinds(words).items()) if adds and usable else (),
        purposes=tuple((code, purposes.get(code, code)) for code in sorted(usable))
        if adds
        else (),
        largest_megabytes=app.settings.attachment_megabytes,
    )


def file_rows(
    tx: Session, app: Application, actor: Actor, facts: CaseFacts
) -> tuple[FileRow, ...]:
    """Newest first."""
    today = clock.today(tx, app.zone)
    found = attachments.listed(tx, actor, facts, on=today)
    if not found:
        return ()
    names = accounts.names(tx, {file.author.account_id or 0 for file in found})
    titles = organisations.organisations_by_id(tx, {f.author.organisation_id for f in found})
    words = Words(app.pack(tx), actor.language)
    kinds, purposes = _kinds(words), formbook.options(words, "consent", "purpose")
    acts = access.may(actor, Action.ACT, facts, on=today).allowed
    return tuple(
        FileRow(
            id=file.id,
            name=file.name,
            organisation=titles[file.author.organisation_id].title,
            author=names.get(file.author.account_id or 0, ""),
            at=file.created,
            kilobytes=-(-file.size // 1000),
            category=kinds.get(file.category, ""),
            purpose=purposes.get(file.purpose or "", ""),
            may_strike=acts and attachments.works_for(actor, facts, file.author.party),
        )
        for file in reversed(found)
    )


def number_of(tx: Session, case_id: UUID) -> str:
    """What the case is called on the phone."""
    return case_store.by_id(tx, case_id).number


def attach(tx: Session, app: Application, actor: Actor, case_id: UUID, sent: Sent) -> None:
    """Raises NotFound, NotAllowed, Invalid, Conflict."""
    case_store.lock_case(tx, case_id)
    attachments.attach(
        tx,
        actor,
        case_store.facts(tx, case_id),
        sent,
        on=clock.today(tx, app.zone),
        largest=app.settings.attachment_megabytes * 1_000_000,
    )


def hand_over(
    tx: Session, app: Application, actor: Actor, case_id: UUID, attachment_id: UUID
) -> Opened:
    """Raises NotFound, NotAllowed."""
    facts = case_store.facts(tx, case_id)
    today = clock.today(tx, app.zone)
    shown = attachment_id in consents.scans(tx, case_id)
    return attachments.hand_over(tx, actor, facts, attachment_id, on=today, evidence=shown)


def strike(
    tx: Session, app: Application, actor: Actor, case_id: UUID, attachment_id: UUID
) -> None:
    """Raises NotFound, NotAllowed."""
    case_store.lock_case(tx, case_id)
    facts = case_store.facts(tx, case_id)
    attachments.strike(tx, actor, facts, attachment_id, on=clock.today(tx, app.zone))
    consents.forget_scan(tx, case_id, attachment_id)


def _kinds(words: Words) -> dict[str, str]:
    """Kinds of information as the owner calls them, in their usual order; not what stays."""
    titles = formbook.options(words, "consent", "categories")
    return {code: titles[code] for code in CATEGORIES if code in titles}
