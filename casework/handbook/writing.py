"""Write the chapters of a role from diagrams, forms, guidance and decision tables. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from base import lang
from base.errors import SamplanError
from casework import formbook
from casework.handbook.model import Chapter, Rules, Step
from casework.releases.periods import in_plain_units
from casework.words import Words
from engine.decisions.model import DEADLINES, Table
from engine.diagram import Element, Process
from engine.packs import Pack
from forms import BadForm, walk

_FOR_PEOPLE = frozenset({"user_task", "manual_task"})
_DEADLINE = re.compile(r"deadlines\.(\w+)")
#: Gateways and events without a name are passed on the way to what happens next, so many.
_FARTHEST = 6


def roles(pack: Pack) -> list[str]:
    """The roles that have a step in some diagram, as the pack lists them."""
    found = {role for each in pack.diagrams.values() for role in _roles(each)}
    return [code for code in pack.config.roles if code in found]


def chapters(words: Words, role: str) -> tuple[Chapter, ...]:
    """A chapter for each diagram in which the role has a step, by title; written once."""
    return _written(_Asked(words.pack.digest, words.language, role, words))


@dataclass(frozen=True, slots=True)
class _Asked:
    """A book by what it is written from."""

    digest: str
    language: str
    role: str
    words: Words = field(compare=False, repr=False)


@lru_cache(maxsize=64)
def _written(asked: _Asked) -> tuple[Chapter, ...]:
    words, role = asked.words, asked.role
    pack = words.pack
    mine = [each for each in pack.diagrams.values() if role in _roles(each)]
    found = [_chapter(words, process, role) for process in mine]
    return tuple(sorted(found, key=lambda chapter: chapter.title.casefold()))


def _roles(process: Process) -> set[str]:
    steps = (each for each in process.nodes if each.kind in _FOR_PEOPLE)
    return {role for step in steps if (role := process.role_of(step))}


def _chapter(words: Words, process: Process, role: str) -> Chapter:
    writer = _Writer(words, process)
    steps = [each for each in writer.in_order() if each.kind in _FOR_PEOPLE]
    return Chapter(
        process=process,
        title=words.process(process.id),
        steps=tuple(writer.step(each, role) for each in steps),
        rules=tuple(writer.rules()),
    )


class _Writer:
    """One diagram in one language."""

    def __init__(self, words: Words, process: Process) -> None:
        self.words = words
        self.process = process
        self.catalogue = lang.catalogue(lang.WORDS, words.language)
        self.lengths = _lengths(words.pack)

    def in_order(self) -> list[Element]:
        """As they come one after the other from the start; what nothing leads to at the end."""
        found: dict[str, Element] = {}
        todo = [each.id for each in self.process.nodes if each.kind == "start_event"]
        while todo:
            id = todo.pop(0)
            if id in found or id not in self.process.elements:
                continue
            found[id] = self.process.elements[id]
            inside = [each.id for each in self.process.nodes if each.parent == id]
            beside = [each.id for each in self.process.nodes if each.attached_to == id]
            todo += [*inside, *(flow.target for flow in self.process.outgoing(id)), *beside]
        return [*found.values(), *(e for e in self.process.nodes if e.id not in found)]

    def step(self, element: Element, role: str) -> Step:
        code = self.process.role_of(element) or ""
        own = code == role
        return Step(
            title=self._name(element),
            who=self.words.role(code),
            when=self._when(element.due or ""),
            fill=tuple(self._fields(element)) if own else (),
            then=tuple(dict.fromkeys(self._next(element))),
            guidance=self.words.guidance(self.process.id, element.id) if own else "",
            own=own,
        )

    def rules(self) -> Iterator[Rules]:
        """The decision tables that the diagram asks, each once."""
        asked = [each.decision.id for each in self.process.nodes if each.decision]
        for id in dict.fromkeys(asked):
            found = self.words.pack.decisions.get(id)
            table = found.decision(id).box if found else None
            if found is not None and isinstance(table, Table):
                title = self.words.decision(found, id)
                head = [self.words.column(found, each) for each in table.inputs]
                head += [each.name or title for each in table.outputs]
                cells = (
                    (*(t.text or "–" for t in rule.tests), *(r.text for r in rule.results))
                    for rule in table.rules
                )
                rows = [tuple(self._plain(cell) for cell in row) for row in cells]
                remarks = [self.words.remark(found, rule) for rule in table.rules]
                if any(remarks):
                    head.append(self.catalogue.gettext("Remark"))
                    rows = [(*row, said) for row, said in zip(rows, remarks, strict=True)]
                yield Rules(title, tuple(head), tuple(rows))

    def _when(self, due: str) -> str:
        """The deadline's own length where the step names one, else the expression in words."""
        named = _DEADLINE.search(due)
        if named and named[1] in self.lengths:
            return self._plain(self.lengths[named[1]])
        return self._plain(due.removeprefix("=").strip())

    def _plain(self, text: str) -> str:
        return in_plain_units(text, self.catalogue).strip('"')

    def _fields(self, element: Element) -> Iterator[str]:
        if element.form is None or element.form not in self.words.pack.forms:
            return
        say = self.words.form(element.form)
        try:
            form = formbook.form(self.words.pack, element.form)
        except BadForm:
            return
        for each in walk(form.fields):
            if each.key and each.label:
                yield say(f"{each.path}/label", each.label)

    def _next(self, element: Element) -> Iterator[str]:
        for flow in self.process.outgoing(element.id):
            yield from self._way(flow.target, self._said(flow.id, flow.name), _FARTHEST)
        for beside in self.process.nodes:
            if beside.attached_to == element.id and beside.name:
                yield f"{self._name(beside)} →"

    def _way(self, id: str, so_far: str, left: int) -> Iterator[str]:
        """What comes there; through what has no name of its own, with the words on the way."""
        element = self.process.elements.get(id)
        if element is None:
            return
        passed = element.kind.endswith("_gateway") or not element.name
        ways = self.process.outgoing(id)
        if not passed or not ways or not left:
            name = self._name(element) if element.name else ""
            text = f"{so_far}: {name}" if so_far and name else so_far or name
            if text:
                yield text
            return
        for flow in ways:
            own = self._said(flow.id, flow.name)
            yield from self._way(flow.target, ", ".join(filter(None, (so_far, own))), left - 1)

    def _said(self, id: str, name: str) -> str:
        return " ".join(self.words.naming(self.process.id)(id, name).split()) if name else ""

    def _name(self, element: Element) -> str:
        return " ".join(self.words.element(self.process.id, element.id).split())


def _lengths(pack: Pack) -> dict[str, str]:
    """The length of each deadline by its key; the last row where there are several."""
    found = pack.decisions.get(DEADLINES)
    try:
        table = found.decision(DEADLINES).box if found else None
    except SamplanError:
        return {}
    if not isinstance(table, Table):
        return {}
    return {rule.tests[0].text.strip('"'): rule.results[0].text for rule in table.rules}
