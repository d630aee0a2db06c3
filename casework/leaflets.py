"""Documents of the pack that are given to the person as they stand: leaflets, letters.

They say nothing of anybody, so they are of no case. What is filled in is printed where its
record is (`casework.signing`).
"""

from collections.abc import Collection
from dataclasses import dataclass

from base import lang
from base.db import Session
from base.errors import NotAllowed, NotFound
from casework import documents
from casework.access import WORKING_ROLES, Actor
from casework.application import Application
from casework.printing import printed
from casework.voice import Voice
from engine import releases
from engine.packs import Pack


@dataclass(frozen=True, slots=True)
class Leaflet:
    """A document that can be printed; ``languages`` by code, as they call themselves."""

    name: str
    title: str
    languages: tuple[tuple[str, str], ...]


def offered(
    tx: Session, app: Application, actor: Actor, names: Collection[str] | None = None
) -> tuple[Leaflet, ...]:
    """What the actor may print, of these or of all that the pack in use has; by title."""
    if not _may_print(actor):
        return ()
    pack = app.pack(tx)
    wanted = handed_out(pack) if names is None else handed_out(pack) & set(names)
    found = (_leaflet(pack, actor, name) for name in wanted)
    return tuple(sorted(found, key=lambda each: (each.title.casefold(), each.name)))


def leaflet_pdf(tx: Session, app: Application, actor: Actor, name: str, language: str) -> bytes:
    """The text in use, with its number at the foot. Raises NotFound, NotAllowed."""
    if not _may_print(actor):
        raise NotAllowed(code="role")
    pack = app.pack(tx)
    text = pack.texts.get(f"{name}.{language}")
    if text is None or documents.places_of(name):
        raise NotFound
    numbers = releases.versions(tx, releases.active_id(tx, app.pack_id))
    foot = str(numbers[f"texts/{name}.{language}.md"])
    says = Voice(language, pack)
    return printed(documents.as_printed(text, says, foot=f"{pack.config.title} · {foot}"))


def _may_print(actor: Actor) -> bool:
    return bool(actor.holding(WORKING_ROLES))


def _leaflet(pack: Pack, actor: Actor, name: str) -> Leaflet:
    codes = sorted(path.partition(".")[2] for path in pack.texts if path.startswith(f"{name}."))
    title = title_of(pack, name, actor.language)
    return Leaflet(name, title, tuple((c, lang.name_of(c)) for c in codes))


def handed_out(pack: Pack) -> frozenset[str]:
    """The names of what can be given as it stands: texts without places."""
    return frozenset(name for name in pack.documents if not documents.places_of(name))


def title_of(pack: Pack, name: str, language: str) -> str:
    """The first line, in this language or else the pack's own."""
    for code in (language, pack.config.language):
        title, _ = documents.parted(pack.texts.get(f"{name}.{code}", ""))
        if title:
            return title
    return name
