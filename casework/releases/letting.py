"""A variable that nothing writes may be an answer that no mapping lets in: which, and whether."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from base.db import Session
from base.errors import SamplanError
from casework.application import Application
from casework.releases.drawn import opened_draft
from casework.releases.facts import PackForms
from engine import releases
from engine.check import Finding, FormFacts
from engine.diagram import Element, Process
from engine.packs import Pack

#: What is found where an expression reads what is not there.
_UNWRITTEN = frozenset(
    {
        "never_written",
        "never_written_here",
        "maybe_unwritten",
        "maybe_unwritten_here",
        "start_unwritten",
    }
)


@dataclass(frozen=True, slots=True)
class Answer:
    """The step of a file that asks for what is missing; a ``closed`` one stays in the case."""

    file: str
    step: str
    variable: str
    closed: bool


#: By the element and the variable that a finding is about.
Answers = Mapping[tuple[str, str], Answer]


def answers_to_let_in(tx: Session, app: Application, found: Iterable[Finding]) -> Answers:
    """For those of a draft's findings that one more mapping would settle."""
    pack = opened_draft(releases.draft_files(tx, app.pack_id))
    return answers_in(pack, found) if pack else {}


def answers_in(pack: Pack, found: Iterable[Finding]) -> Answers:
    """Steps whose form has a field of the missing variable's name."""
    forms = PackForms(pack)
    told = {}
    for each in found:
        variable = each.facts.get("variable", "")
        answer = _asked(pack, each, variable, forms)
        if answer is not None:
            told[each.element, variable] = answer
    return told


def _asked(pack: Pack, found: Finding, variable: str, forms: FormFacts) -> Answer | None:
    """Before the place that reads it; anywhere where callers are told that they pass none."""
    try:
        diagrams = pack.diagrams
    except SamplanError:
        return None
    if found.rule == "caller_unwritten":
        process = diagrams[found.facts["process"]]
        return _first(process, process.nodes, variable, forms)
    for process in diagrams.values():
        here = process.file == found.file and found.element in process.elements
        if here and found.rule in _UNWRITTEN:
            return _first(process, _backwards(process, found.element), variable, forms)
    return None


def _first(
    process: Process, elements: Iterable[Element], variable: str, forms: FormFacts
) -> Answer | None:
    for element in elements:
        if element.form and variable in forms.keys(element.form):
            closed = variable in forms.unmappable(element.form)
            return Answer(process.file, element.id, variable, closed)
    return None


def _backwards(process: Process, id: str) -> Iterator[Element]:
    """The element and where a case can have been before it, the nearest first."""
    seen, todo = {id}, deque([process.elements[id]])
    while todo:
        element = todo.popleft()
        yield element
        for before in _before(process, element):
            if before in process.elements and before not in seen:
                seen.add(before)
                todo.append(process.elements[before])


def _before(process: Process, element: Element) -> Iterator[str]:
    """Also what lies around it."""
    yield from (flow.source for flow in process.incoming(element.id))
    yield from (id for id in (element.attached_to, element.parent) if id)
