"""What one file says by itself, before anything around it is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from time import thread_time

from base.errors import SamplanError
from engine import decisions as dmn
from engine import diagram
from engine.calls import check_calls, check_errors
from engine.compensation import check_compensation
from engine.decisions import Decisions
from engine.diagram import Process
from engine.findings import Finding, Severity, finding
from engine.loops import check_loops
from engine.moments import check_moments
from engine.profile import check_profile, in_words, label
from engine.references import check_named
from engine.soundness import MOST_SECONDS, Outcomes, check_soundness
from engine.structure import check_structure
from engine.variables import World, check_expressions, check_variables
from feel.sentence import sentence

MOST_FINDINGS = 300
MOST_NODES = 2_000
#: For the walks over all processes of one file.
_FILE_SECONDS = 0.4
_NAMED = {"user_task", "manual_task", "call_activity", "sub_process", "event_sub_process"}
_FOR_PEOPLE = {"user_task", "manual_task"}
_RULES: dict[str, str] = {"error": "decision", "warning": "decision_warning"}


def check_file(data: bytes, name: str) -> list[Finding]:
    """What is wrong with a BPMN file taken by itself; never raises.

    Forms, roles, services and decisions are not looked up: what they are is not known here.
    """
    processes, found = read_file(data, name)
    sound = small_enough(processes)
    found += within(processes, Outcomes(sound))
    for process in sound.values():
        found += check_named(process)
        found += check_calls(process, sound, whole=False)
        found += check_errors(process, sound)
        found += check_loops(process)
    found += check_variables(sound, World(), None)
    return shown(found, name)


def check_decisions(data: bytes, name: str) -> list[Finding]:
    """What is wrong with a DMN file taken by itself; never raises."""
    try:
        read = dmn.read(data, name)
    except SamplanError as error:
        return [unreadable(name, error)]
    return shown(list(of_decisions(read)), name)


def of_decisions(read: Decisions) -> Iterator[Finding]:
    """What is found in a DMN file, in the words of the check."""
    for each in read.check():
        rule = _RULES.get(each.severity, "decision_advice")
        why = each.message
        if each.rule:
            why = sentence("{why} (rule {rule})", why=why, rule=each.rule)
        facts = {"why": why, "remedy": each.remedy, "row": str(each.rule)}
        yield finding(rule, read.name, each.decision, decision=each.decision, **facts)


def read_file(data: bytes, name: str) -> tuple[tuple[Process, ...], list[Finding]]:
    """The processes of a file, or why it cannot be read."""
    try:
        return diagram.read(data, name), []
    except SamplanError as error:
        return (), [unreadable(name, error)]


def unreadable(name: str, error: SamplanError) -> Finding:
    """The finding for a file that is refused as a whole."""
    place = getattr(error, "place", "")
    why = getattr(error, "why", str(error)).removeprefix(f"{name}: ").removeprefix(f"{name}, ")
    return finding("unreadable", name, "", why=f"{place}: {why}" if place else why)


def _too_large(process: Process) -> bool:
    return len(process.elements) > MOST_NODES or len(process.flows) > 2 * MOST_NODES


def small_enough(processes: Iterable[Process]) -> dict[str, Process]:
    """By id, those that are not too large to be looked at."""
    return {process.id: process for process in processes if not _too_large(process)}


def within(processes: Iterable[Process], outcomes: Outcomes) -> list[Finding]:
    """What each process says about itself."""
    found: list[Finding] = []
    until = thread_time() + _FILE_SECONDS
    for process in processes:
        name = process.name or process.id
        if _too_large(process):
            facts = {"count": str(len(process.elements)), "limit": str(MOST_NODES)}
            found.append(finding("too_many", process.file, process.id, name=name, **facts))
            continue
        if not process.executable:
            found.append(finding("not_executable", process.file, process.id, name=name))
        found += check_profile(process)
        found += check_structure(process)
        seconds = min(MOST_SECONDS, max(until - thread_time(), 0.005))
        found += check_soundness(process, calls=outcomes, seconds=seconds)
        found += check_expressions(process)
        found += check_moments(process)
        found += check_compensation(process)
        found += _drawing(process)
        found += _texts(process)
    return found


def _drawing(process: Process) -> Iterator[Finding]:
    if not process.layout:
        name = process.name or process.id
        yield finding("layout_missing", process.file, process.id, name=name)
        return
    shapes, edges = process.layout.shapes, process.layout.edges
    for element in process.nodes:
        if element.id not in shapes and _on_page(process, element.parent):
            yield finding("not_drawn", process.file, element.id, name=label(element))
    for flow in process.flows.values():
        if flow.id not in edges and _on_page(process, flow.parent):
            yield finding("not_drawn", process.file, flow.id, name=flow.name or flow.id)


def _on_page(process: Process, parent: str | None) -> bool:
    """Whether what lies in a sub-process can be seen: not if that is drawn closed."""
    shape = process.layout.shapes.get(parent or "")
    return parent is None or bool(shape and shape.expanded)


def _texts(process: Process) -> Iterator[Finding]:
    for element in process.nodes:
        if element.kind in _NAMED and not element.name:
            kind = in_words(element.kind)
            yield finding("no_name", process.file, element.id, kind=kind)
        if element.kind in _FOR_PEOPLE and not element.documentation:
            yield finding("no_documentation", process.file, element.id, name=label(element))


def shown(found: list[Finding], name: str) -> list[Finding]:
    """Errors first, each thing once, at most so many."""
    order: dict[Severity, int] = {"error": 0, "warning": 1, "advice": 2}
    unique = {(each.element, each.rule, each.message): each for each in found}
    ordered = sorted(unique.values(), key=lambda each: order[each.severity])
    if len(ordered) <= MOST_FINDINGS:
        return ordered
    return [*ordered[:MOST_FINDINGS], finding("too_much", name, "", limit=str(MOST_FINDINGS))]
