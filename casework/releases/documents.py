"""Texts that are given to people, one file a language: drafts of them, and how they print."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from base import clock, lang
from base.db import Session
from base.errors import Conflict, Invalid, NotFound
from casework import documents
from casework.access import Actor
from casework.application import Application
from casework.printing import printed
from casework.releases import store, titles
from casework.releases.actions import (
    EDITORS,
    READERS,
    content_mark,
    keep_draft,
    name_of,
    require_role,
    who_else,
)
from casework.releases.checks import opened
from casework.releases.drawn import in_use
from casework.releases.model import Counted
from casework.releases.papers import document_findings
from casework.releases.parts import may_edit
from casework.voice import Voice
from casework.words import Words
from engine import releases
from engine.check import Finding
from engine.packs import BadPack, Pack
from engine.releases import Draft, DraftChanged

LONGEST = 50_000
_PATH = re.compile(r"texts/([a-z][\w-]*)\.([a-z]{2,3})\.md", re.ASCII)
#: A consent put forward today and printed as an example holds so long.
_EXAMPLE_HOLDS = timedelta(days=365)


class NoSuchDocument(NotFound):
    """There is no such document."""


class DocumentExists(Conflict):
    """There is a document with this name already."""


class DocumentTooLong(Invalid):
    """A document is at most 50,000 characters long."""


@dataclass(frozen=True, slots=True)
class Translation:
    """The text in one language; ``version`` is None for one that was never in use."""

    code: str
    language: str
    version: int | None
    has_draft: bool


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document; ``lacks`` are languages of the pack that it has no text in, by their names."""

    name: str
    title: str
    translations: tuple[Translation, ...]
    lacks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DocumentPage(Counted):
    """One text: the draft if there is one, else what is in use, else nothing yet.

    ``original`` is the text in the pack's own language where this is another; ``mark`` names the
    content, so that nobody overwrites another; ``busy`` says who else saved it moments ago.
    """

    row: DocumentRow
    code: str
    language: str
    direction: str
    text: str
    original: str
    original_code: str
    places: tuple[str, ...]
    written: bool
    has_draft: bool
    draft_by: str
    draft_by_me: bool
    draft_at: datetime | None
    busy: str
    mark: str
    path: str
    findings: tuple[Finding, ...]
    process: str
    may_edit: bool
    offered: Mapping[str, str]


def document_rows(tx: Session, app: Application, actor: Actor) -> list[DocumentRow]:
    """By title. Raises NotAllowed."""
    require_role(actor, READERS)
    drafted = _Drafted.read(tx, app, actor)
    return sorted(map(drafted.row, drafted.names()), key=lambda row: row.title.casefold())


def document_page(
    tx: Session, app: Application, actor: Actor, name: str, code: str
) -> DocumentPage:
    """Also where the text is still to be written. Raises NoSuchDocument, NotAllowed."""
    require_role(actor, READERS)
    drafted = _Drafted.read(tx, app, actor)
    path = drafted.path(name, code)
    draft, own = drafted.drafts.get(path), drafted.pack.config.language
    found = [each for each in document_findings(drafted.pack) if each.file == path]
    row = drafted.row(name)
    return DocumentPage(
        row=row,
        code=code,
        language=lang.name_of(code),
        direction=lang.direction(code),
        text=drafted.text(name, code),
        original=drafted.text(name, own) if code != own else "",
        original_code=own,
        places=tuple(documents.places_of(name)),
        written=path in drafted.files,
        has_draft=draft is not None,
        draft_by=name_of(tx, draft.by) if draft else "",
        draft_by_me=draft is not None and draft.by == actor.pseudonym,
        draft_at=draft.changed if draft else None,
        busy=who_else(tx, draft, actor),
        mark=content_mark(drafted.files.get(path, b"")),
        path=path,
        findings=tuple(found),
        process=next(iter(app.pack(tx).diagrams)),
        may_edit=may_edit(actor),
        offered=_offered(row),
    )


def document_file(
    tx: Session, app: Application, actor: Actor, name: str, code: str
) -> tuple[str, bytes]:
    """Name and content of the draft, else of what is in use. Raises NoSuchDocument, NotAllowed."""
    require_role(actor, READERS)
    files = releases.draft_files(tx, app.pack_id)
    path = _path(files, name, code)
    if path not in files:
        raise NoSuchDocument
    return path.rpartition("/")[2], files[path]


def save_document(
    tx: Session, app: Application, actor: Actor, name: str, code: str, text: str, *, mark: str
) -> bool:
    """Keep a text in the draft; whether anything is otherwise. An emptied one is taken out.

    ``mark`` names the content that was changed. Raises DocumentTooLong, DraftChanged,
    NoSuchDocument, NotAllowed.
    """
    require_role(actor, EDITORS)
    store.lock_pack(tx, app.pack_id)
    files = releases.draft_files(tx, app.pack_id)
    path = _path(files, name, code)
    before = files.get(path, b"")
    if content_mark(before) != mark:
        raise DraftChanged
    if len(text) > LONGEST:
        raise DocumentTooLong
    content = _plain(text)
    if content == before:
        return False
    keep_draft(tx, app.pack_id, path, content or None, actor)
    return True


def add_document(tx: Session, app: Application, actor: Actor, title: str) -> tuple[str, str]:
    """Begin a document in the draft, in the pack's own language; its name and that language.

    Raises NoTitle, DocumentExists, NotAllowed.
    """
    require_role(actor, EDITORS)
    title = titles.checked(title)
    name = titles.id_of(title)
    if not name:
        raise titles.NoTitle
    store.lock_pack(tx, app.pack_id)
    drafted = _Drafted.read(tx, app, actor)
    if name in drafted.names():
        raise DocumentExists
    code = drafted.pack.config.language
    keep_draft(tx, app.pack_id, f"texts/{name}.{code}.md", f"# {title}\n".encode(), actor)
    return name, code


def discard_document(tx: Session, app: Application, actor: Actor, name: str, code: str) -> None:
    """Forget the draft of one text. Raises NoSuchDocument, NotAllowed."""
    require_role(actor, EDITORS)
    store.lock_pack(tx, app.pack_id)
    path = _path(releases.draft_files(tx, app.pack_id), name, code)
    releases.discard_draft(tx, app.pack_id, path)
    store.remove_proposal(tx, app.pack_id)


def preview(tx: Session, app: Application, actor: Actor, name: str, code: str) -> bytes:
    """The draft as PDF, its places filled with what nobody is. Raises NoSuchDocument."""
    require_role(actor, READERS)
    drafted = _Drafted.read(tx, app, actor)
    if drafted.path(name, code) not in drafted.files:
        raise NoSuchDocument
    say = Voice(code, drafted.pack)
    until = clock.today(tx, app.zone) + _EXAMPLE_HOLDS
    places = documents.example(Words(drafted.pack, code), say, until)
    known = {place: places[place] for place in documents.places_of(name) if place in places}
    text = documents.filled(drafted.text(name, code), known)
    foot = say("A draft, with made-up details")
    return printed(documents.as_printed(text, say, foot=foot))


@dataclass(frozen=True, slots=True)
class _Drafted:
    """The pack as it would be, read once for one page."""

    pack: Pack
    numbers: Mapping[str, int]
    files: Mapping[str, bytes]
    drafts: Mapping[str, Draft]
    language: str

    @classmethod
    def read(cls, tx: Session, app: Application, actor: Actor) -> "_Drafted":
        files = releases.draft_files(tx, app.pack_id)
        return cls(
            pack=_opened(files, app.pack(tx)),
            numbers=in_use(tx, app.pack_id).numbers,
            files=files,
            drafts={draft.path: draft for draft in releases.draft(tx, app.pack_id)},
            language=actor.language,
        )

    def names(self) -> list[str]:
        """Of the texts in use too, so that a draft that takes one out can be undone."""
        return sorted({name for name, _ in _known({*self.files, *self.drafts})})

    def path(self, name: str, code: str) -> str:
        return _path({*self.files, *self.drafts}, name, code)

    def row(self, name: str) -> DocumentRow:
        paths = {code: path for (each, code), path in self._paths().items() if each == name}
        translations = (
            Translation(code, lang.name_of(code), self.numbers.get(path), path in self.drafts)
            for code, path in paths.items()
        )
        there = {code for code, path in paths.items() if path in self.files}
        own = self.pack.config
        return DocumentRow(
            name=name,
            title=self._title(name),
            translations=tuple(sorted(translations, key=lambda one: one.code != own.language)),
            lacks=tuple(lang.name_of(code) for code in own.languages if code not in there),
        )

    def text(self, name: str, code: str) -> str:
        """Empty where there is none, or none that can be read."""
        return self.files.get(f"texts/{name}.{code}.md", b"").decode(errors="replace")

    def _paths(self) -> dict[tuple[str, str], str]:
        there = sorted({*self.files, *self.drafts})
        return {(name, code): f"texts/{name}.{code}.md" for name, code in _known(there)}

    def _title(self, name: str) -> str:
        """The first line, in the reader's language or else the pack's own."""
        for code in (self.language, self.pack.config.language):
            first = self.text(name, code).partition("\n")[0].removeprefix("# ").strip()
            if first:
                return first
        return name


def _opened(files: Mapping[str, bytes], used: Pack) -> Pack:
    """The draft as a pack, its diagrams unread; what is in use where it cannot be one."""
    try:
        return opened(files)
    except BadPack:
        return used


def _known(paths: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Name and language of each file that is a document."""
    for path in paths:
        found = _PATH.fullmatch(path)
        if found:
            yield found[1], found[2]


def _path(paths: Iterable[str], name: str, code: str) -> str:
    """The path of a document's text in a language, written or not. Raises NoSuchDocument."""
    if name not in {each for each, _ in _known(paths)} or not lang.is_known(code):
        raise NoSuchDocument
    return f"texts/{name}.{code}.md"


def _plain(text: str) -> bytes:
    """As a file holds it: a browser sends line ends of its own."""
    plain = text.replace("\r\n", "\n").strip()
    return f"{plain}\n".encode() if plain else b""


def _offered(row: DocumentRow) -> dict[str, str]:
    """The languages that a text may be written in beside those it has, by their own names."""
    there = {one.code for one in row.translations}
    named = {code: lang.name_of(code) for code in lang.PRINTED if code not in there}
    return dict(sorted(named.items(), key=lambda one: one[1].casefold()))
