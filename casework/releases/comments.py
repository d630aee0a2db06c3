"""What representatives and others say of a draft, at an element, and what its owner answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from base import clock
from base.db import Session
from base.errors import Conflict, Invalid, NotFound
from casework import naming, personal
from casework.access import Actor
from casework.accounts import store as accounts
from casework.application import Application
from casework.audit import actions as audit
from casework.organisations.store import organisations_by_id
from casework.releases import drawn, store
from casework.releases.actions import EDITORS, READERS, require_role
from casework.releases.drawn import opened_draft, routine
from casework.releases.tables import DraftComment
from casework.words import Words
from engine import releases
from engine.diagram import Process

#: Who reads a draft's differences and says something of them.
COMMENTERS = READERS | {"representative", "convener"}
LONGEST = 2_000


class EmptyComment(Invalid):
    """Write what you think of it."""


class CommentTooLong(Invalid):
    """Say it in fewer words."""


class NoDraft(Conflict):
    """There is no draft any more."""


class NoSuchComment(NotFound):
    """There is no such comment."""


@dataclass(frozen=True, slots=True)
class Comment:
    """``element`` is what it is about, by name, empty for the whole; ``answered`` None: open."""

    id: int
    element: str
    text: str
    by: str
    organisation: str
    at: datetime
    answer: str
    answered_by: str
    answered: datetime | None


def comments(
    tx: Session, app: Application, actor: Actor, *, number: int | None = None
) -> list[Comment]:
    """All that was said of the draft, or of the draft that became that version.

    The same number of statements however many there are. Raises NotAllowed.
    """
    require_role(actor, COMMENTERS)
    return _told(tx, store.comments(tx, app.pack_id, number))


def drafts_to_read(tx: Session, app: Application, actor: Actor) -> list[tuple[str, str]]:
    """Id and title of each diagram that is being changed, for those who may say something."""
    if not app.pack_id or not actor.roles & COMMENTERS:
        return []
    drafts = releases.draft(tx, app.pack_id)
    if not drafts:
        return []
    changed = {draft.path for draft in drafts}
    pack = app.pack(tx)
    words = Words(pack, actor.language)
    found = [
        (each.id, words.process(each.id))
        for each in pack.diagrams.values()
        if each.file in changed
    ]
    added = drawn.added(pack, drafts).values()
    found += [(each.id, " ".join(each.name.split()) or each.id) for each in added]
    return sorted(found, key=lambda pair: pair[1].casefold())


def say(
    tx: Session, app: Application, actor: Actor, process_id: str, *, element: str, text: str
) -> None:
    """Say something of the draft. ``element`` is empty for the diagram as a whole.

    Raises NoSuchRoutine, NotAllowed, NoDraft, EmptyComment, CommentTooLong, PointsAtSomebody.
    """
    require_role(actor, COMMENTERS)
    pack = routine(tx, app, process_id)
    if not releases.draft(tx, pack.id) and not releases.active(tx, pack.id).is_begun:
        raise NoDraft
    drafted = opened_draft(releases.draft_files(tx, pack.id)) or pack
    known = [each.diagrams.get(process_id) for each in (drafted, pack)]
    row = DraftComment(
        pack_id=pack.id,
        process=process_id,
        element=element if _name(known, element) else "",
        element_name=_name(known, element),
        text=_checked(tx, app, actor, text),
        by_account_id=actor.account_id,
        organisation_id=actor.organisation_id,
        at=clock.now(tx),
    )
    store.add_comment(tx, row)
    audit.write_by(tx, actor, "routine.comment", target=f"pack:{pack.id}")


def answer(tx: Session, app: Application, actor: Actor, comment_id: int, *, text: str) -> None:
    """The owner's answer, which settles it; without words it is settled by itself.

    Raises NoSuchComment, NotAllowed, CommentTooLong, PointsAtSomebody.
    """
    require_role(actor, EDITORS)
    row = store.comment(tx, app.pack_id, comment_id)
    if row is None:
        raise NoSuchComment
    row.answer = _checked(tx, app, actor, text) if text.strip() else ""
    row.answered_by_account_id = actor.account_id
    row.answered = clock.now(tx)
    audit.write_by(tx, actor, "routine.answer", target=f"pack:{app.pack_id}")


def _checked(tx: Session, app: Application, actor: Actor, text: str) -> str:
    text = text.strip()
    if not text:
        raise EmptyComment
    if len(text) > LONGEST:
        raise CommentTooLong
    on = clock.today(tx, app.zone)
    personal.require_nobody(text, names=naming.own_people(tx, actor, on=on))
    return text


def _name(known: Iterable[Process | None], element: str) -> str:
    """What it is called, in the draft or in what is in use; empty where there is no such thing."""
    for process in filter(None, known):
        found = process.elements.get(element) or process.flows.get(element)
        if found is not None:
            return " ".join(found.name.split()) or element
    return ""


def _told(tx: Session, rows: Iterable[DraftComment]) -> list[Comment]:
    rows = list(rows)
    people = {id for row in rows for id in (row.by_account_id, row.answered_by_account_id) if id}
    names = accounts.names(tx, people)
    offices = organisations_by_id(tx, {row.organisation_id for row in rows if row.organisation_id})
    return [
        Comment(
            id=row.id,
            element=row.element_name,
            text=row.text,
            by=names.get(row.by_account_id, ""),
            organisation=offices[row.organisation_id].title if row.organisation_id else "",
            at=row.at,
            answer=row.answer,
            answered_by=names.get(row.answered_by_account_id or 0, ""),
            answered=row.answered,
        )
        for row in rows
    ]
