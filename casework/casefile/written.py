"""What has been written in a case, by milestone, with corrections and comments below it."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from base import clock
from base.db import Session
from casework import access, formbook
from casework.access import Action, Actor, CaseFacts, Holder, Party
from casework.accounts import store as accounts
from casework.application import Application
from casework.attachments import actions as attachments
from casework.audit import store as audit_store
from casework.casefile.model import Chapter, Entry, NoteLine, Struck
from casework.cases import actions as cases
from casework.cases import notes
from casework.cases import store as case_store
from casework.cases.notes import Note
from casework.organisations import store as organisations
from casework.words import Words
from engine import releases


def chapters(
    tx: Session, app: Application, actor: Actor, facts: CaseFacts, words: Words
) -> tuple[Chapter, ...]:
    """The case file as far as the reader may read it, newest first, with fields as worded."""
    today = clock.today(tx, app.zone)
    found = cases.read_entries(tx, actor, facts, on=today)
    said = notes.read_notes(tx, actor, facts, found, on=today)
    teller = _Teller(tx, app, actor, facts, found, said, today)
    reached = case_store.milestones(tx, facts.case_id)
    moments = [row.at for row in reached]
    groups: dict[str, list[Entry]] = {}
    for entry in reversed(found):
        # A step that reaches a milestone was still written before it.
        place = bisect_left(moments, entry.created)
        milestone = words.milestone(reached[place - 1].milestone) if place else ""
        groups.setdefault(milestone, []).append(teller.entry(entry))
    return tuple(Chapter(milestone, tuple(entries)) for milestone, entries in groups.items())


def add_note(
    tx: Session,
    app: Application,
    actor: Actor,
    case_id: UUID,
    entry_id: int,
    *,
    kind: str,
    text: str,
    why: str,
) -> None:
    """Correct or comment an entry. Raises NotFound, NotAllowed, NothingWritten."""
    case_store.lock_case(tx, case_id)
    facts = case_store.facts(tx, case_id)
    today = clock.today(tx, app.zone)
    access.require(actor, Action.SEE_CASE, facts, on=today)
    author = attachments.author_of(actor, facts, on=today)
    notes.add_note(
        tx, actor, facts, entry_id, kind=kind, text=text, why=why, author=author, on=today
    )


def strike(tx: Session, app: Application, actor: Actor, case_id: UUID, entry_id: int) -> None:
    """Close an entry that is about another person. Raises NotFound, NotAllowed."""
    case_store.lock_case(tx, case_id)
    facts = case_store.facts(tx, case_id)
    cases.strike_entry(tx, actor, facts, entry_id, on=clock.today(tx, app.zone))


def struck(
    tx: Session, app: Application, actor: Actor, facts: CaseFacts, words: Words
) -> tuple[Struck, ...]:
    """Entries that the reader's own organisation closed, with everybody who may have read them.

    The log tells who opened the case while the entry stood in it, not who read which line.
    """
    found = [
        entry
        for entry in case_store.struck(tx, facts.case_id)
        if attachments.works_for(
            actor, facts, Party(entry.author_organisation_id, entry.author_unit_id)
        )
    ]
    if not found:
        return ()
    looks = audit_store.looks(tx, facts.case_id)
    names = accounts.names(tx, {look.account_id for look in looks})
    return tuple(
        Struck(
            title=formbook.step_title(words, entry.form),
            at=entry.struck or entry.created,
            opened_by=tuple(
                dict.fromkeys(
                    names.get(look.account_id, "")
                    for look in looks
                    if entry.created <= look.at <= (entry.struck or look.at)
                )
            ),
        )
        for entry in found
    )


class _Teller:
    """Says entries in words; names, titles and numbers are looked up once for all of them."""

    def __init__(
        self,
        tx: Session,
        app: Application,
        actor: Actor,
        facts: CaseFacts,
        found: Sequence[cases.Entry],
        said: Mapping[int, list[Note]],
        today: date,
    ) -> None:
        authors = [entry.author for entry in found]
        authors += [note.author for lines in said.values() for note in lines]
        self._tx, self._app, self._actor, self._facts = tx, app, actor, facts
        self._names = accounts.names(tx, {author.account_id or 0 for author in authors})
        self._places = organisations.organisations_by_id(
            tx, {author.organisation_id for author in authors}
        )
        self._numbers = releases.numbers(tx, {e.release_id for e in found if e.release_id})
        self._said = said
        self._acts = access.may(actor, Action.ACT, facts, on=today).allowed

    def entry(self, entry: cases.Entry) -> Entry:
        pack = releases.load(self._tx, entry.release_id) if entry.release_id else None
        words = Words(pack or self._app.pack(self._tx), self._actor.language)
        kinds = formbook.options(words, "consent", "categories")
        purposes = formbook.options(words, "consent", "purpose")
        own = attachments.works_for(self._actor, self._facts, entry.author.party)
        return Entry(
            id=entry.id,
            title=formbook.step_title(words, entry.form),
            organisation=self._places[entry.author.organisation_id].title,
            author=self._names.get(entry.author.account_id or 0, ""),
            at=entry.created,
            answers=tuple(formbook.answered(words, entry.form, entry.answers)),
            hidden=len(entry.hidden),
            kinds=tuple(kinds[code] for code in entry.categories if code in kinds),
            purpose=purposes.get(entry.purpose or "", ""),
            version=self._numbers.get(entry.release_id or 0),
            notes=tuple(self._line(note) for note in self._said.get(entry.id, ())),
            may_correct=self._acts and own and not entry.hidden,
            may_comment=self._acts and not entry.hidden,
        )

    def _line(self, note: Note) -> NoteLine:
        return NoteLine(note.kind, note.text, note.why, self._who(note.author), note.created)

    def _who(self, author: Holder) -> str:
        name = self._names.get(author.account_id or 0)
        place = self._places[author.organisation_id].title
        return f"{name}, {place}" if name else place
