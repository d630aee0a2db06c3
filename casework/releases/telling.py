"""What two versions of a pack differ in, told in a reader's language. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from gettext import NullTranslations

from base import lang
from base.errors import SamplanError
from casework.releases.model import ChangedFile, ChangedLine, ChangedThing
from casework.releases.periods import in_plain_units
from casework.words import Words
from engine.diagram import Process
from engine.differences import ARROW, ASPECTS, REFERRING, Detail, Difference, differences
from engine.packs import BadPack, Pack
from forms import BadForm, read_form

#: What is told even if it only stands elsewhere: its place decides, or is what people see.
_LISTED = frozenset({"rule", "field"})
_DOCUMENT = re.compile(r"texts/([a-z][\w-]*)\.([a-z]{2,3})\.md", re.ASCII)
#: Kinds of elements that people do.
_FOR_PEOPLE = frozenset({"user_task", "manual_task"})
#: What a thing that came or went need not say of itself.
_PLAIN = frozenset({"name", "kind", "content", "title"})


def changed_files(
    before: Pack, after: Pack, language: str, *, first: str
) -> tuple[ChangedFile, ...]:
    """Each file that differs: that of the process ``first``, then diagrams, by title."""
    say = _Saying(before, after, language)
    by_file: dict[str, list[Difference]] = {}
    for each in differences(before, after):
        by_file.setdefault(each.file, []).append(each)
    files = [say.file(path, found) for path, found in by_file.items()]
    drawn = after.diagrams.get(first) or before.diagrams.get(first)
    own = drawn.file if drawn else ""
    files.sort(key=lambda file: (file.path != own, file.process is None, file.title))
    return tuple(files)


def news_of(files: Iterable[ChangedFile], after: Pack, language: str) -> dict[str, str]:
    """By role of the pack, one line for each of its steps that comes, goes or is otherwise."""
    say = lang.catalogue(lang.WORDS, language).gettext
    sentences = {
        "added": say("New step: %(name)s."),
        "removed": say("No step any more: %(name)s."),
        "changed": say("%(name)s is otherwise: %(what)s."),
    }
    found: dict[str, list[str]] = {}
    for file in files:
        for thing in file.things:
            named = {"name": thing.name, "what": ", ".join(line.label for line in thing.lines)}
            for role in _roles(file, thing.id) if thing.kind in sentences else ():
                found.setdefault(role, []).append(sentences[thing.kind] % named)
        for role, name in _asked_with(after, file.path) if file.things else ():
            line = sentences["changed"] % {"name": name, "what": file.title}
            found.setdefault(role, []).append(line)
    return {role: "\n".join(dict.fromkeys(lines)) for role, lines in found.items()}


def _roles(file: ChangedFile, id: str) -> set[str]:
    """Of the step with this id, before and after; none where it is no step for people."""
    drawn = filter(None, (file.before, file.after))
    steps = ((each, each.elements.get(id)) for each in drawn)
    return {
        role
        for process, step in steps
        if step is not None and step.kind in _FOR_PEOPLE and (role := process.role_of(step))
    }


def _asked_with(pack: Pack, path: str) -> Iterator[tuple[str, str]]:
    """Role and name of each step that asks with the form in this file; none if one is broken."""
    try:
        ids = {id for id, file in pack.forms.items() if file == path}
    except BadPack:
        return
    for process in pack.diagrams.values():
        for step in process.nodes:
            role = process.role_of(step)
            if step.form in ids and role:
                yield role, " ".join(step.name.split()) or step.id


@dataclass(frozen=True)
class _Saying:
    """Differences between two packs in words."""

    before: Pack
    after: Pack
    language: str
    words: NullTranslations = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", lang.catalogue(lang.WORDS, self.language))

    def file(self, path: str, found: Iterable[Difference]) -> ChangedFile:
        found = list(found)
        old, new = _process_in(self.before, path), _process_in(self.after, path)
        shown = [each for each in found if each.kind != "moved" or each.aspect in _LISTED]
        return ChangedFile(
            path=path,
            title=self._title(path, old, new),
            process=(new or old).id if new or old else None,  # type: ignore[union-attr]
            things=tuple(self._thing(each) for each in shown),
            moved=len(found) - len(shown),
            before=old,
            after=new,
            marks={each.id: each.kind for each in found},
            words_before=Words(self.before, self.language),
            words_after=Words(self.after, self.language),
        )

    def _title(self, path: str, old: Process | None, new: Process | None) -> str:
        if new is not None:
            return Words(self.after, self.language).process(new.id)
        if old is not None:
            return Words(self.before, self.language).process(old.id)
        document = _DOCUMENT.fullmatch(path)
        if document is not None:
            return f"{document[1]} ({lang.name_of(document[2])})"
        for pack in (self.after, self.before):
            title = _title_in(pack, path, self.language)
            if title:
                return title
        return path

    def _thing(self, found: Difference) -> ChangedThing:
        details = [each for each in found.details if self._worth(found, each)]
        lines = tuple(self._line(found, each) for each in details)
        return ChangedThing(
            kind=found.kind,
            what=self.words.gettext(ASPECTS[found.aspect]),
            name=found.name or self._named(found, found.id, old=found.kind == "removed"),
            id=found.id,
            lines=lines,
        )

    def _worth(self, found: Difference, detail: Detail) -> bool:
        if found.kind in {"added", "removed"}:
            return detail.aspect not in _PLAIN and found.kind == "added"
        return detail.aspect != "content"

    def _line(self, found: Difference, detail: Detail) -> ChangedLine:
        label = self.words.gettext(ASPECTS[detail.aspect])
        return ChangedLine(
            label=f"{label} ({detail.name})" if detail.name else label,
            before=self._text(found, detail.aspect, detail.before, old=True),
            after=self._text(found, detail.aspect, detail.after, old=False),
        )

    def _text(self, found: Difference, aspect: str, text: str, *, old: bool) -> str:
        if aspect in REFERRING:
            return ARROW.join(self._named(found, id, old=old) for id in text.split(ARROW) if id)
        return in_plain_units(text, self.words)

    def _named(self, found: Difference, id: str, *, old: bool) -> str:
        """What an id of a diagram is called; the ends of a flow without a name."""
        pack = self.before if old else self.after
        process = pack.diagrams.get(found.owner)
        if process is None:
            return id
        if id in process.flows:
            flow = process.flows[id]
            ends = (self._named(found, end, old=old) for end in (flow.source, flow.target))
            return flow.name or ARROW.join(ends)
        thing = process.elements.get(id) or process.lanes.get(id)
        source = thing.name if thing else ""
        return " ".join(Words(pack, self.language).naming(process.id)(id, source).split()) or id


def _process_in(pack: Pack, path: str) -> Process | None:
    """The first process of a file."""
    return next((each for each in pack.diagrams.values() if each.file == path), None)


def _title_in(pack: Pack, path: str, language: str) -> str:
    """What a form or a table of decisions is called."""
    data = pack.files.get(path, b"")
    try:
        if path.endswith(".form"):
            return read_form(data).title
        found = next((each for each in pack.decisions.values() if each.name == path), None)
    except (BadForm, SamplanError):
        return ""
    return Words(pack, language).decision(found, found.ids[0]) if found else ""
