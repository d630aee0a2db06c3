"""The diagrams that an owner works on: those in use, and those that the draft adds."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from base.db import Session
from base.errors import NotFound, SamplanError
from casework.application import Application
from casework.releases.checks import opened
from casework.words import Words
from engine import diagram, releases
from engine.diagram import Process
from engine.packs import Pack
from engine.releases import Draft, Release


class NoSuchRoutine(NotFound):
    """There is no such diagram."""


@dataclass(frozen=True, slots=True)
class InUse:
    """The newest version of a pack, and the number of each of its files.

    No numbers: it is only begun, a draft as a whole.
    """

    pack: Pack
    release: Release
    numbers: Mapping[str, int]


def in_use(tx: Session, pack_id: str) -> InUse:
    """Raises NoRelease."""
    release = releases.active(tx, pack_id)
    numbers = {} if release.is_begun else releases.versions(tx, release.id)
    return InUse(releases.load(tx, release.id), release, numbers)


def routine(tx: Session, app: Application, process_id: str) -> Pack:
    """The pack in use, where it or its draft has this diagram. Raises NoSuchRoutine."""
    pack = app.pack(tx)
    process(tx, pack, process_id)
    return pack


def process(tx: Session, pack: Pack, process_id: str) -> Process:
    """As it is in use, else as the draft adds it. Raises NoSuchRoutine."""
    found = pack.diagrams.get(process_id)
    if found is None:
        found = added(pack, releases.draft(tx, pack.id)).get(process_id)
    if found is None:
        raise NoSuchRoutine
    return found


def added(pack: Pack, drafts: Iterable[Draft]) -> Mapping[str, Process]:
    """By id, what the draft adds to the diagrams in use; what cannot be read is left out."""
    found: dict[str, Process] = {}
    for draft in drafts:
        if draft.path.endswith(".bpmn") and draft.content is not None:
            with suppress(SamplanError):
                found |= {each.id: each for each in diagram.read(draft.content, draft.path)}
    return {id: each for id, each in found.items() if id not in pack.diagrams}


def opened_draft(files: Mapping[str, bytes]) -> Pack | None:
    """The draft as a pack; None where it cannot be one."""
    try:
        pack = opened(files)
        readable = bool(pack.diagrams) and pack.words is not None
    except SamplanError:
        return None
    return pack if readable else None


def title(process_id: str, language: str, *packs: Pack) -> str:
    """What it is called in the first of these packs that has it; its id where none has."""
    for pack in packs:
        if process_id in pack.diagrams:
            return Words(pack, language).process(process_id)
    return process_id


def shown(pack: Pack, drafted: Pack | None, drawn: Process, content: bytes) -> Pack:
    """Which of them to draw the diagram from, that of the draft before what is in use.

    Where the draft cannot be read, what is in use with the one file that it adds.
    """
    for each in (drafted, pack):
        if each is not None and drawn.id in each.diagrams:
            return each
    return opened({**pack.files, drawn.file: content})
