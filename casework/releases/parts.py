"""Forms and decision tables as owners change them: drafts of files, as diagrams are."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import PurePosixPath

import forms
from base.db import Session
from base.errors import Invalid, NotFound, SamplanError
from casework import formbook, leaflets
from casework.access import Actor
from casework.application import Application
from casework.audit import actions as audit
from casework.guests import rules as guests
from casework.records import RECORDS
from casework.releases import store
from casework.releases.actions import (
    EDITORS,
    READERS,
    content_mark,
    keep_draft,
    name_of,
    require_role,
    who_else,
)
from casework.releases.checks import findings_of
from casework.releases.drawn import in_use, opened_draft
from casework.releases.model import Choice, Counted
from casework.words import Words
from engine import decisions, releases
from engine.check import Finding
from engine.decisions.model import DEADLINES
from engine.diagram.model import Decision
from engine.packs import Pack
from engine.releases import Draft, DraftChanged
from forms import BadForm

_MOST_BYTES = 512 * 1024


def _(text: str) -> str:
    """Marks a sentence that is said later, in a language."""
    return text


_OF_GUESTS = _("What a guest of a meeting writes")
_OF_DEADLINES = _("Every deadline that steps name")


class NoSuchPart(NotFound):
    """There is no such form or decision table."""


class OtherForm(Invalid):
    """This file holds another form; the id of the form must stay as it is."""


class TooLong(Invalid):
    """This file is larger than a form or a decision table may be."""


class Kind(StrEnum):
    """What an owner changes beside diagrams; the value ends the file's name."""

    FORM = ".form"
    DECISION = ".dmn"


@dataclass(frozen=True, slots=True)
class Use:
    """A step that asks with a form, or that decides by a table.

    ``process`` and ``title`` are empty for what a case hears, for a report, for what a guest
    writes, and for the deadlines of all diagrams.
    """

    process: str
    title: str
    step: str


@dataclass(frozen=True, slots=True)
class PartRow:
    """A form or a decision table; ``version`` is None for one that was never in use.

    ``removed``: the draft takes it out.
    """

    name: str
    kind: Kind
    title: str
    version: int | None
    has_draft: bool
    removed: bool
    uses: tuple[Use, ...]


@dataclass(frozen=True, slots=True)
class PartPage(Counted):
    """One form or decision table: the draft if there is one, else what is in use.

    ``mark`` names the content, so that nobody overwrites another; ``busy`` says who else saved it
    moments ago. ``process`` is a diagram on whose page the whole draft is put forward.
    """

    row: PartRow
    path: str
    draft_by: str
    draft_by_me: bool
    draft_at: datetime | None
    busy: str
    mark: str
    findings: tuple[Finding, ...]
    process: str
    may_edit: bool


def parts(tx: Session, app: Application, actor: Actor) -> list[PartRow]:
    """Forms first, then decision tables, each by title. Raises NotAllowed."""
    require_role(actor, READERS)
    drafted = _Drafted.read(tx, app, actor)
    rows = [drafted.row(path) for path in drafted.shown if PurePosixPath(path).suffix in set(Kind)]
    return sorted(rows, key=lambda row: (row.kind is not Kind.FORM, row.title.casefold()))


def part_page(tx: Session, app: Application, actor: Actor, name: str) -> PartPage:
    """Raises NoSuchPart, NotAllowed."""
    require_role(actor, READERS)
    drafted = _Drafted.read(tx, app, actor)
    path = drafted.path(name)
    row, draft = drafted.row(path), drafted.drafts.get(path)
    first = next(iter(drafted.pack.diagrams))
    return PartPage(
        row=row,
        path=path,
        draft_by=name_of(tx, draft.by) if draft else "",
        draft_by_me=draft is not None and draft.by == actor.pseudonym,
        draft_at=draft.changed if draft else None,
        busy=who_else(tx, draft, actor),
        mark=content_mark(drafted.shown[path]),
        findings=tuple(findings_of(drafted.files)),
        process=next((use.process for use in row.uses if use.process), first),
        may_edit=may_edit(actor),
    )


def part_file(tx: Session, app: Application, actor: Actor, name: str) -> tuple[str, bytes]:
    """Path and content: the draft, else what is in use. Raises NoSuchPart, NotAllowed."""
    require_role(actor, READERS)
    files = {**app.pack(tx).files, **releases.draft_files(tx, app.pack_id)}
    path = _path(files, name)
    return path, files[path]


def save_part(
    tx: Session, app: Application, actor: Actor, name: str, content: bytes, *, mark: str
) -> str:
    """Keep a change of one file; the mark of what is kept now. A proposal is void.

    ``mark`` names the content the change was made to. Raises DraftChanged if it is not that
    content any more, OtherForm, TooLong, NoSuchPart, SamplanError if it cannot be read.
    """
    require_role(actor, EDITORS)
    store.lock_pack(tx, app.pack_id)
    path, before = part_file(tx, app, actor, name)
    if content_mark(before) != mark:
        raise DraftChanged
    content = _written(path, content, before)
    if content != before:
        keep_draft(tx, app.pack_id, path, content, actor)
    return content_mark(content)


def try_part(
    tx: Session, app: Application, actor: Actor, name: str, content: bytes | None = None
) -> list[Finding]:
    """What the check finds in the whole draft, with this content of one file; keeps nothing."""
    require_role(actor, READERS)
    files = releases.draft_files(tx, app.pack_id)
    path, before = part_file(tx, app, actor, name)
    if content is not None:
        files[path] = _written(path, content, before)
    return findings_of(files)


def discard_part(tx: Session, app: Application, actor: Actor, name: str) -> None:
    """Forget the draft of one file; a proposal with it is void. Raises NoSuchPart, NotAllowed."""
    require_role(actor, EDITORS)
    store.lock_pack(tx, app.pack_id)
    path, _ = part_file(tx, app, actor, name)
    releases.discard_draft(tx, app.pack_id, path)
    store.remove_proposal(tx, app.pack_id)
    audit.write_by(tx, actor, "routine.discard", target=f"pack:{app.pack_id}/{path}")


def part_choices(tx: Session, app: Application, actor: Actor) -> dict[str, list[Choice]]:
    """What of the draft a step can name, and the records that a form can be bound to, by title.

    Raises NotAllowed.
    """
    require_role(actor, READERS)
    drafted = _Drafted.read(tx, app, actor)
    words = drafted.words
    forms_there = [
        Choice(form_id, drafted.title(path, Kind.FORM))
        for form_id, path in words.pack.forms.items()
    ]
    bound = {record: formbook.with_record(words.pack, record) for record in sorted(RECORDS)}
    return {
        "forms": _by_label(forms_there),
        "routines": _by_label(Choice(id, words.process(id)) for id in words.pack.diagrams),
        "decisions": _by_label(_decisions(words.pack)),
        "documents": _by_label(_handed_out(words)),
        "records": [
            Choice(record, f"{record}: {formbook.step_title(words, form.id)}" if form else record)
            for record, form in bound.items()
        ],
    }


def _handed_out(words: Words) -> Iterator[Choice]:
    """Nothing where a text of the draft cannot be read: the check says so."""
    pack = words.pack
    try:
        texts = pack.texts
    except SamplanError:
        return
    names = {name.partition(".")[0] for name in texts} & leaflets.handed_out(pack)
    yield from (Choice(name, leaflets.title_of(pack, name, words.language)) for name in names)


def _decisions(pack: Pack) -> Iterator[Choice]:
    """Nothing where a table of the draft cannot be read: the check says so."""
    try:
        found = pack.decisions
    except SamplanError:
        return
    yield from (Choice(id, read.title(id)) for id, read in found.items())


def _by_label(choices: Iterable[Choice]) -> list[Choice]:
    return sorted(choices, key=lambda choice: choice.label.casefold())


def may_edit(actor: Actor) -> bool:
    """Whether this person changes drafts; others only read them."""
    return bool(actor.roles & EDITORS)


@dataclass(frozen=True, slots=True)
class _Drafted:
    """The pack in use and what it would be, read once for one page.

    ``shown`` are the files of both, those that the draft takes out among them.
    """

    pack: Pack
    numbers: Mapping[str, int]
    files: Mapping[str, bytes]
    shown: Mapping[str, bytes]
    drafts: Mapping[str, Draft]
    words: Words
    translate: Callable[[str], str]

    @classmethod
    def read(cls, tx: Session, app: Application, actor: Actor) -> "_Drafted":
        used = in_use(tx, app.pack_id)
        files = releases.draft_files(tx, app.pack_id)
        return cls(
            pack=used.pack,
            numbers=used.numbers,
            files=files,
            shown={**used.pack.files, **files},
            drafts={draft.path: draft for draft in releases.draft(tx, app.pack_id)},
            words=Words(opened_draft(files) or used.pack, actor.language),
            translate=app.translator(actor.language),
        )

    def path(self, name: str) -> str:
        return _path(self.shown, name)

    def row(self, path: str) -> PartRow:
        kind = Kind(PurePosixPath(path).suffix)
        return PartRow(
            name=PurePosixPath(path).name,
            kind=kind,
            title=self.title(path, kind),
            version=self.numbers.get(path),
            has_draft=path in self.drafts,
            removed=path not in self.files,
            uses=tuple(self.uses(path, kind)),
        )

    def title(self, path: str, kind: Kind) -> str:
        """What it is called on screen; its id where that cannot be read."""
        plain = PurePosixPath(path).stem
        if kind is Kind.FORM:
            used = next(self.uses(path, kind), None)
            return used.step if used else self._own_title(path) or plain
        try:
            read = decisions.read(self.shown[path], path)
        except SamplanError:
            return plain
        return next((self.words.decision(read, id) for id in read.ids), plain)

    def _own_title(self, path: str) -> str:
        try:
            return forms.read_form(self.shown[path]).title
        except BadForm:
            return ""

    def uses(self, path: str, kind: Kind) -> Iterator[Use]:
        """Steps first, then what a case hears, what anybody may report, and what needs no step."""
        words, pack = self.words, self.words.pack
        for process in pack.diagrams.values():
            for element in process.nodes:
                asked = pack.forms.get(element.form or "")
                if path in (asked, _decided_in(pack, element.decision)):
                    step = words.element(process.id, element.id)
                    yield Use(process.id, words.process(process.id), step)
        if kind is Kind.FORM:
            yield from (Use("", "", name) for name in self._outside(path))
        elif _file_of(pack, DEADLINES) == path:
            yield Use("", "", self.translate(_OF_DEADLINES))

    def _outside(self, path: str) -> Iterator[str]:
        pack = self.words.pack
        for code, action in pack.config.actions.items():
            if pack.forms.get(action.form or "") == path:
                yield self.words.action(code)
        for code, report in pack.config.reports.items():
            if pack.forms.get(report.form) == path:
                yield self.words.report(code)
        if self._record(path) == guests.RECORD:
            yield self.translate(_OF_GUESTS)

    def _record(self, path: str) -> str:
        try:
            return forms.read_form(self.shown[path]).record or ""
        except BadForm:
            return ""


def _decided_in(pack: Pack, asked: Decision | None) -> str | None:
    """The path of the table that is asked; None where none is."""
    return _file_of(pack, asked.id) if asked else None


def _file_of(pack: Pack, decision: str) -> str | None:
    """The path of a table; None too where a table of the draft cannot be read."""
    try:
        return pack.decisions[decision].name
    except (SamplanError, KeyError):
        return None


def _path(files: Iterable[str], name: str) -> str:
    """The path of the file of this name. Raises NoSuchPart."""
    for path in files:
        found = PurePosixPath(path)
        if found.name == name and found.suffix in set(Kind):
            return path
    raise NoSuchPart


def _written(path: str, content: bytes, before: bytes) -> bytes:
    """The bytes to keep for what was sent. Raises OtherForm, TooLong, SamplanError."""
    if len(content) > _MOST_BYTES:
        raise TooLong
    if PurePosixPath(path).suffix == Kind.DECISION:
        decisions.read(content, path)
        return content
    made = forms.write_form(content, before)
    try:
        known = forms.form_id(before)
    except BadForm:
        return made
    if forms.form_id(made) != known:
        raise OtherForm
    return made
