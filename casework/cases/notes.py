"""What is added to an entry later: corrections beside it, comments of the consented parties.

Source: domain.md §5.1 (GDPR 16: a correction note, never an overwriting). A note shows no more
than its entry: whoever may not read all of the entry, or not what its author writes there, does
not see that the note exists.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from base import clock, keys
from base.db import Session
from base.errors import Invalid, NotAllowed
from casework import access, sealing
from casework.access import Action, Actor, CaseFacts, Holder, Party
from casework.audit import actions as audit
from casework.cases import actions as cases
from casework.cases import store
from casework.cases.actions import Entry, NoSuchEntry
from casework.cases.tables import EntryNote

CORRECTION, COMMENT = "correction", "comment"
LONGEST = 2_000


class NothingWritten(Invalid):
    """Write what is right, and why; a comment says something."""


@dataclass(frozen=True, slots=True)
class Note:
    """A correction (``why`` says why it was needed) or a comment."""

    kind: str
    text: str = field(repr=False)
    why: str = field(repr=False)
    author: Holder
    created: datetime


def add_note(
    tx: Session,
    actor: Actor,
    facts: CaseFacts,
    entry_id: int,
    *,
    kind: str,
    text: str,
    why: str,
    author: Party,
    on: date,
) -> None:
    """Correct or comment an entry; what was written first stays as it was.

    Its organisation corrects; whoever may read all of it comments. The caller has locked the
    case. Raises NotFound, NotAllowed, NothingWritten.
    """
    access.require(actor, Action.SEE_CASE, facts, on=on)
    access.require(actor, Action.ACT, facts, on=on)
    entry = _entry(tx, actor, facts, entry_id, on)
    if kind == CORRECTION and not access.overlap(author, entry.author.party):
        raise NotAllowed(access.WHY["not_yours"], code="not_yours")
    _require_shared(facts, entry, author, on)
    text, why = text.strip()[:LONGEST], why.strip()[:LONGEST]
    if kind not in (CORRECTION, COMMENT) or not text or (kind == CORRECTION and not why):
        raise NothingWritten
    key = keys.of(tx).get(facts.case_id)
    tx.add(
        EntryNote(
            case_id=facts.case_id,
            entry_id=entry_id,
            kind=kind,
            text=sealing.seal_value(key, {"text": text, "why": why}, _place(entry_id)),
            author_account_id=actor.account_id,
            author_organisation_id=author.organisation_id,
            author_unit_id=author.unit_id,
            created=clock.now(tx),
        )
    )
    audit.write_by(tx, actor, f"entry.{kind}", case_id=facts.case_id, target=f"entry:{entry_id}")


def read_notes(
    tx: Session, actor: Actor, facts: CaseFacts, entries: Collection[Entry], *, on: date
) -> Mapping[int, list[Note]]:
    """By entry, oldest first; ``entries`` as the same reader was given them."""
    whole = {entry.id: entry for entry in entries if not entry.hidden}
    found: defaultdict[int, list[Note]] = defaultdict(list)
    rows = store.notes(tx, facts.case_id)
    key = keys.of(tx).get(facts.case_id) if rows else None
    for row in rows:
        entry = whole.get(row.entry_id)
        author = Holder(row.author_organisation_id, row.author_unit_id, row.author_account_id)
        if entry is None or key is None or not _may_hear(actor, facts, entry, author.party, on):
            continue
        said = sealing.unseal_value(key, row.text, _place(row.entry_id))
        found[row.entry_id].append(Note(row.kind, said["text"], said["why"], author, row.created))
    return found


def _entry(tx: Session, actor: Actor, facts: CaseFacts, entry_id: int, on: date) -> Entry:
    """Raises NoSuchEntry, NotAllowed where a part of it is not for this reader."""
    found = [e for e in cases.read_entries(tx, actor, facts, on=on) if e.id == entry_id]
    if not found:
        raise NoSuchEntry
    for code in found[0].hidden.values():
        raise NotAllowed(access.WHY[code], code=code)
    return found[0]


def _may_hear(actor: Actor, facts: CaseFacts, entry: Entry, author: Party, on: date) -> bool:
    return all(
        access.may(
            actor,
            Action.READ_ENTRY,
            facts,
            on=on,
            category=category or None,
            author=author,
            purpose=entry.purpose,
        ).allowed
        for category in entry.categories
    )


def _require_shared(facts: CaseFacts, entry: Entry, author: Party, on: date) -> None:
    """What one writes about another's entry is told to that other."""
    if access.overlap(author, entry.author.party):
        return
    decision = access.covers(
        facts, on=on, purpose=entry.purpose, parties=(author, entry.author.party)
    )
    if not decision.allowed:
        raise NotAllowed(decision.why_key, code=decision.code)


def _place(entry_id: int) -> str:
    return f"entry_note/{entry_id}"
