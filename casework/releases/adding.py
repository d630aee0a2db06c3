"""What an owner begins in the draft: diagrams, forms, decision tables; and takes out of it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import PurePosixPath

import forms
from base.db import Session
from base.errors import Conflict, SamplanError
from casework.access import Actor
from casework.application import Application
from casework.audit import actions as audit
from casework.releases import drawn, store, titles
from casework.releases.actions import EDITORS, keep_draft, require_role
from casework.releases.checks import brought, findings_of
from casework.releases.model import RoutineRow
from casework.releases.parts import Kind, part_file
from casework.releases.referring import Referring, referring
from casework.releases.wording import copy_words, drop_words
from casework.words import Words
from engine import decisions, diagram, releases

_DIAGRAM = ".bpmn"
#: Pages of the studio have these addresses, so that no diagram can.
RESERVED = frozenset(
    {
        "deadlines",
        "documents",
        "files",
        "logo",
        "replay",
        "scenarios",
        "sentences",
        "trials",
        "words",
    }
)


def _(text: str) -> str:
    """Marks a sentence that is said later, in a language."""
    return text


_FIRST_STEP = _("First step")


class NameTaken(Conflict):
    """There is one with this name already."""


class StillUsed(Conflict):
    """Something still refers to it. Change that first."""

    def __init__(self, places: tuple[Referring, ...]) -> None:
        super().__init__()
        self.places = places


class LastDiagram(Conflict):
    """A programme has at least one diagram."""


def add_diagram(tx: Session, app: Application, actor: Actor, title: str, *, like: str = "") -> str:
    """Begin a diagram with a start, one step and an end, or as another is; its process's id.

    ``like`` is the id of the other, empty for none. Raises NoTitle, NameTaken, NoSuchRoutine,
    NotAllowed, BadDiagram where the other lies in a file with a third.
    """
    require_role(actor, EDITORS)
    title = titles.checked(title)
    store.lock_pack(tx, app.pack_id)
    pack = app.pack(tx)
    drafts = releases.draft(tx, pack.id)
    known = {**pack.diagrams, **drawn.added(pack, drafts)}
    if titles.is_taken(title, (each.name or each.id for each in known.values())):
        raise NameTaken
    paths = {*pack.files, *(draft.path for draft in drafts)}
    taken = {*known, *RESERVED, *(PurePosixPath(path).stem for path in paths)}
    if like:
        other = drawn.process(tx, pack, like).file
        whole = {**pack.files, **releases.draft_files(tx, pack.id)}
        id = titles.free_id(title, taken | diagram.ids(whole[other], other), otherwise="routine")
        content = diagram.copied(whole[other], other, id, title)
        _begin(tx, actor, pack.id, f"{id}{_DIAGRAM}", content)
        copy_words(tx, app, actor, other, f"{id}{_DIAGRAM}", {id: like})
        return id
    id = titles.free_id(title, taken, otherwise="routine")
    step = app.translator(pack.config.language)(_FIRST_STEP)
    _begin(tx, actor, pack.id, f"{id}{_DIAGRAM}", diagram.new_diagram(id, title, step=step))
    return id


def to_begin_as(rows: Iterable[RoutineRow]) -> list[RoutineRow]:
    """Those that have a file of their own, and so can be begun as."""
    rows = list(rows)
    files = [row.file for row in rows]
    return [row for row in rows if files.count(row.file) == 1]


def add_part(tx: Session, app: Application, actor: Actor, kind: Kind, title: str) -> str:
    """Begin a form with one question, or a table with one rule; the name of its file.

    Raises NoTitle, NameTaken, NotAllowed.
    """
    require_role(actor, EDITORS)
    title = titles.checked(title)
    store.lock_pack(tx, app.pack_id)
    files = {**app.pack(tx).files, **releases.draft_files(tx, app.pack_id)}
    known = dict(_known(files, kind))
    if titles.is_taken(title, known.values()):
        raise NameTaken
    stems = {PurePosixPath(path).stem for path in files if path.endswith(kind)}
    folder, begin = _BEGINS[kind]
    id = titles.free_id(title, {*known, *stems}, otherwise=kind.name.lower())
    name = f"{id}{kind}"
    _begin(tx, actor, app.pack_id, f"{folder}{name}", begin(id, title))
    return name


def remove_diagram(tx: Session, app: Application, actor: Actor, process_id: str) -> None:
    """Take the file of a diagram out, where nothing in the draft refers to it.

    What is in use keeps it until the draft is. Raises StillUsed, LastDiagram, NoSuchRoutine,
    NotAllowed.
    """
    require_role(actor, EDITORS)
    store.lock_pack(tx, app.pack_id)
    _remove(tx, app, actor, drawn.process(tx, app.pack(tx), process_id).file)


def remove_part(tx: Session, app: Application, actor: Actor, name: str) -> None:
    """Take a form or a table out, as a diagram. Raises StillUsed, NoSuchPart, NotAllowed."""
    require_role(actor, EDITORS)
    store.lock_pack(tx, app.pack_id)
    _remove(tx, app, actor, part_file(tx, app, actor, name)[0])


def _remove(tx: Session, app: Application, actor: Actor, path: str) -> None:
    files = releases.draft_files(tx, app.pack_id)
    rest = {name: content for name, content in files.items() if name != path}
    if not any(name.endswith(_DIAGRAM) for name in rest):
        raise LastDiagram
    new = brought(findings_of(files), findings_of(rest))
    if new:
        words = Words(drawn.opened_draft(files) or app.pack(tx), actor.language)
        raise StillUsed(referring(new, words, app.translator(actor.language)))
    if path in app.pack(tx).files:
        keep_draft(tx, app.pack_id, path, None, actor)
    else:
        drop_words(tx, app, actor, path)
        releases.discard_draft(tx, app.pack_id, path)
        store.remove_proposal(tx, app.pack_id)
    audit.write_by(tx, actor, "routine.remove", target=f"pack:{app.pack_id}/{path}")


def _begin(tx: Session, actor: Actor, pack_id: str, path: str, content: bytes) -> None:
    keep_draft(tx, pack_id, path, content, actor)
    audit.write_by(tx, actor, "routine.add", target=f"pack:{pack_id}/{path}")


def _known(files: Mapping[str, bytes], kind: Kind) -> Iterator[tuple[str, str]]:
    """Id and title of each form, or each table, that can be read."""
    for path, content in files.items():
        if path.endswith(kind):
            with suppress(SamplanError):
                yield from _READS[kind](content, path)


def _form(content: bytes, path: str) -> Iterator[tuple[str, str]]:
    read = forms.read_form(content)
    yield read.id, read.title


def _tables(content: bytes, path: str) -> Iterator[tuple[str, str]]:
    read = decisions.read(content, path)
    yield from ((id, read.title(id)) for id in read.ids)


#: Where such a file lies, and what it begins with.
_BEGINS: Mapping[Kind, tuple[str, Callable[[str, str], bytes]]] = {
    Kind.FORM: ("forms/", forms.new_form),
    Kind.DECISION: ("", decisions.new_decision),
}
_READS: Mapping[Kind, Callable[[bytes, str], Iterator[tuple[str, str]]]] = {
    Kind.FORM: _form,
    Kind.DECISION: _tables,
}
