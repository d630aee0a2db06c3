"""Files that a form asks for: in a step, or where somebody tells of an event."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import NAMESPACE_OID, UUID, uuid5

from base.db import Session
from base.errors import Invalid, NotFound
from casework.access import OWN, Actor, CaseFacts
from casework.attachments import actions
from casework.attachments.actions import Sent
from casework.attachments.rules import recognise
from casework.sending import type_sent
from forms import Field, Form, Kind, find, walk
from forms.model import MOST_FILES

_MEGABYTE = 1_000_000


class NoRoomForFile(Invalid):
    """There are as many files here as are asked for. Take one away first."""


class OtherFileWanted(Invalid):
    """A file of another kind is asked for here."""


@dataclass(frozen=True, slots=True)
class Brought:
    """A file that somebody brings to a field, as it was called and as it is."""

    to: str
    name: str = field(repr=False)
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a form is filled in: in a step, or on the page of an event (`told_at`)."""

    id: UUID
    purpose: str | None
    form: Form | None


def told_at(case_id: UUID, message: str, account_id: int, key: str) -> UUID:
    """What one person attaches while filling in the page of an event once: ``key`` is the page's.

    It is nobody else's and no step's, whatever key is sent.
    """
    return uuid5(NAMESPACE_OID, f"{case_id}/{message}/{account_id}/{key}")


def bring(
    tx: Session,
    actor: Actor,
    facts: CaseFacts,
    place: Place,
    file: Brought,
    sent: type_sent,
    *,
    on: date,
    megabytes: int,
) -> UUID:
    """Keep a file for a file picker of the form; its id. ``sent`` says how many are there.

    The caller has locked the case. Raises NotFound for another field, NoRoomForFile,
    OtherFileWanted, and what `attach` raises.
    """
    asked = find(place.form, file.to) if place.form else None
    if asked is None or asked.kind is not Kind.FILE:
        raise NotFound
    require_room(asked, sum(name == file.to and bool(value) for name, value in sent))
    require_ending(asked, file.content, megabytes * _MEGABYTE)
    kept = Sent(file.name, file.content, kept_as(asked), place.purpose, place.id)
    return actions.attach(tx, actor, facts, kept, on=on, largest=megabytes * _MEGABYTE)


def of_form(
    tx: Session, actor: Actor, facts: CaseFacts, place: Place, *, on: date
) -> tuple[tuple[UUID, str], ...]:
    """What was attached there, where the form asks for files."""
    form = place.form
    if form is None or all(each.kind is not Kind.FILE for each in walk(form.fields)):
        return ()
    return actions.of_step(tx, actor, facts, place.id, on=on)


def require_room(field: Field, there: int) -> None:
    """Raises NoRoomForFile."""
    most = field.limits.most
    if there >= min(int(most) if isinstance(most, int | Decimal) else MOST_FILES, MOST_FILES):
        raise NoRoomForFile


def require_ending(field: Field, content: bytes, largest: int) -> None:
    """By what the file is, not by what it is called. Raises OtherFileWanted, NotAttachable."""
    if field.accept and recognise(content, largest).suffix not in field.accept:
        raise OtherFileWanted


def kept_as(field: Field) -> str:
    """The kind of information a file is kept as; without one it stays with who attaches it."""
    kind = field.category or OWN
    return OWN if kind.startswith("=") else kind
