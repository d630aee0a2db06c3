"""The register of processing, made from what the packs say; and the log of breaches.

Source: GDPR articles 30, 33, 35; domain.md §5.1 (legal basis apart from the waiver of secrecy).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from base import clock
from base.db import Session
from base.errors import Conflict, Invalid, NotAllowed
from casework import formbook, personal
from casework.access import Actor
from casework.application import Application
from casework.audit import actions as audit
from casework.organisations import store as organisations
from casework.printing import Block, Document, Facts, Heading, Items, Label, Text, printed
from casework.processing import store
from casework.processing.tables import Breach
from casework.programmes import store as programmes
from casework.retention import actions as retention
from casework.words import Words
from engine.packs import Pack
from forms.model import walk

#: Who keeps the log of breaches.
KEEPERS = frozenset({"auditor", "federation"})
#: GDPR article 33: hours from knowing to telling the authority.
HOURS = 72
_SHOWN = 100


class NothingSaid(Invalid):
    """Say what happened, and about how many people it concerns."""


class NoReference(Invalid):
    """Give the reference of the report, or say why none is needed."""


class Told(Conflict):
    """This has been reported already."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One purpose: its ground in law, what lifts secrecy, and which kinds of information."""

    purpose: str
    legal_basis: str
    secrecy: str
    kinds: tuple[str, ...]
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Register:
    """Each party is controller of what it writes; the carrier of the common platform."""

    programme: str
    carrier: str
    contact: str
    parties: tuple[str, ...]
    entries: tuple[Entry, ...]
    kept: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class BreachRow:
    """``hours`` left until it must have been told; negative: too late."""

    id: int
    known: datetime
    what: str
    people: int
    hours: int | None
    reported: datetime | None
    reference: str


def register(tx: Session, app: Application, actor: Actor) -> Register:
    """For everybody who is signed in; says nothing of any case."""
    [programme, *_] = programmes.programmes(tx)
    words = Words(app.pack(tx), actor.language)
    ids = programmes.participants(tx, programme.id)
    carrier = programme.carrier_organisation_id
    known = organisations.organisations_by_id(tx, {*ids, *([carrier] if carrier else [])})
    return Register(
        programme=programme.title,
        carrier=known[carrier].title if carrier else "",
        contact=app.support_contact,
        parties=tuple(sorted(known[id_].title for id_ in ids)),
        entries=_entries(words),
        kept=tuple(
            (
                kept.title,
                kept.rule.text,
                kept.rule.reference or kept.rule.retention.basis,
            )
            for kept in retention.classes(tx, app, actor)
        ),
    )


def printed_register(tx: Session, app: Application, actor: Actor) -> bytes:
    found = register(tx, app, actor)
    say = app.translator(actor.language)
    blocks: list[Block] = [
        Facts(
            (
                (Label(say("Programme")), found.programme),
                (Label(say("Carrier")), found.carrier),
                (Label(say("Contact")), found.contact),
            )
        ),
        Text(say("Each party is controller of what it writes.")),
        Items(found.parties),
    ]
    for entry in found.entries:
        blocks.append(Heading(Label(entry.purpose)))
        rows = (
            (Label(say("Legal basis")), entry.legal_basis),
            (Label(say("What lifts secrecy")), entry.secrecy),
            (Label(say("Kinds of information")), ", ".join(entry.kinds)),
            (Label(say("Steps")), ", ".join(entry.steps)),
        )
        blocks.append(Facts(tuple((label, value) for label, value in rows if value)))
    blocks.append(Heading(Label(say("How long things are kept"))))
    blocks.append(
        Items(tuple(f"{title}: {after} ({basis})" for title, after, basis in found.kept))
    )
    kind = Label(say("Register of processing"))
    return printed(Document(kind=kind, blocks=blocks, language=actor.language))


def breaches(tx: Session, actor: Actor) -> tuple[BreachRow, ...]:
    """Raises NotAllowed."""
    _require_keeper(actor)
    now = clock.now(tx)
    return tuple(
        BreachRow(
            id=one.id,
            known=one.known,
            what=one.what,
            people=one.people,
            hours=None if one.reported else _hours_left(one.known, now),
            reported=one.reported,
            reference=one.reference,
        )
        for one in store.breaches(tx, _SHOWN)
    )


def note_breach(tx: Session, actor: Actor, what: str, people: int) -> None:
    """The clock begins now. Raises NothingSaid, PointsAtSomebody."""
    _require_keeper(actor)
    if not what.strip() or people < 0:
        raise NothingSaid
    kinds = personal.found(what, names=())
    if kinds:
        raise personal.PointsAtSomebody(kinds)
    now = clock.now(tx)
    row = Breach(known=now, what=what.strip(), people=people, by=actor.account_id, at=now)
    tx.add(row)
    tx.flush()
    audit.write_by(tx, actor, "breach.note", target=f"breach:{row.id}", detail={"people": people})


def report_breach(tx: Session, actor: Actor, breach_id: int, reference: str) -> None:
    """It has been told to the authority, or need not be. Raises NoReference, Told."""
    _require_keeper(actor)
    if not reference.strip():
        raise NoReference
    found = store.breach(tx, breach_id)
    if found.reported is not None:
        raise Told
    found.reported = found.closed = clock.now(tx)
    found.reference = reference.strip()
    audit.write_by(tx, actor, "breach.report", target=f"breach:{breach_id}")


def _require_keeper(actor: Actor) -> None:
    if actor.roles.isdisjoint(KEEPERS):
        raise NotAllowed(code="role")


def _hours_left(known: datetime, now: datetime) -> int:
    return int((known + timedelta(hours=HOURS) - now).total_seconds() // 3600)


def _entries(words: Words) -> tuple[Entry, ...]:
    titles = formbook.options(words, "consent", "purpose")
    kinds = formbook.options(words, "consent", "categories")
    found = []
    for purpose in words.pack.config.purposes.values():
        steps = _steps(words.pack, purpose.code)
        asked = {
            field.category
            for _, _, form_id in steps
            for field in walk(formbook.form(words.pack, form_id).fields)
            if field.category
        }
        found.append(
            Entry(
                purpose=titles.get(purpose.code, purpose.code),
                legal_basis=purpose.legal_basis,
                secrecy=purpose.secrecy,
                kinds=tuple(title for code, title in kinds.items() if code in asked),
                steps=tuple(
                    dict.fromkeys(words.element(process, step) for process, step, _ in steps)
                ),
            )
        )
    return tuple(found)


def _steps(pack: Pack, purpose: str) -> list[tuple[str, str, str]]:
    """Process, step and form of each step that works for this purpose."""
    return [
        (process.id, element.id, element.form)
        for process in pack.diagrams.values()
        for element in process.nodes
        if element.form and element.properties.get("consent.purpose") == purpose
    ]
