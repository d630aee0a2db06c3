"""What a diagram lacks when it is tried, and what stands in for that."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Protocol

from engine.diagram import Element, Process, Service
from engine.errors import DiagramError

#: Errors of the check that a trial shows better than it could refuse them: where it gets stuck,
#: what comes twice, which choice has no way on; or that do not matter here.
_SHOWN = frozenset(
    {
        "cannot_finish",
        "condition_ignored",
        "deadlock",
        "deadlock_inclusive",
        "deadlock_parallel",
        "loop_endless",
        "missing_condition",
        "no_default",
        "no_end",
        "no_way_on",
        "shared_id",
        "unreachable",
        "unsynchronised",
    }
)
_MOST_TOLD = 3
_NOTHING = Service("nothing", None)


class Refused(DiagramError):
    """This diagram cannot be tried."""


class Told(Protocol):
    """A finding of the check, as far as a trial looks at it."""

    @property
    def element(self) -> str: ...

    @property
    def rule(self) -> str: ...

    @property
    def severity(self) -> str: ...

    @property
    def message(self) -> str: ...

    @property
    def remedy(self) -> str: ...


def first_process(processes: Mapping[str, Process]) -> str:
    """The process of a file that no other one calls; the first of several, empty ones last.

    The others of the file run where they are called.
    """
    called = {
        element.called
        for process in processes.values()
        for element in process.nodes
        if element.called and element.called != process.id
    }
    free = [id for id in processes if id not in called] or list(processes)
    return next((id for id in free if processes[id].nodes), free[0])


def called_from(first: str, processes: Mapping[str, Process]) -> tuple[Process, ...]:
    """A process and all that it calls, directly or not."""
    found: dict[str, Process] = {}
    todo = [first]
    while todo:
        id = todo.pop()
        if id in processes and id not in found:
            found[id] = processes[id]
            todo += [e.called for e in processes[id].nodes if e.called]
    return tuple(found.values())


def refusal(found: Iterable[Told], processes: Collection[Process]) -> Refused | None:
    """Why these processes cannot be tried, from what the check has found; None if they can."""
    ours = {""} | {id for process in processes for id in _ids(process)}
    wrong = [
        f"{each.element}: {each.message} {each.remedy}" if each.element else each.message
        for each in found
        if each.severity == "error" and each.rule not in _SHOWN and each.element in ours
    ]
    more = [f"There are {len(wrong) - _MOST_TOLD} more."] if len(wrong) > _MOST_TOLD else []
    return Refused(" ".join([*wrong[:_MOST_TOLD], *more])) if wrong else None


def _ids(process: Process) -> set[str]:
    return {process.id, *process.elements, *process.flows, *process.lanes, *process.duplicates}


def with_stand_ins(
    processes: Mapping[str, Process], decisions: Collection[str]
) -> dict[str, Process]:
    """The processes, with a service that does nothing wherever something is not there."""
    return {
        id: replace(
            process,
            elements=MappingProxyType(
                {
                    element.id: _stood_in(element, processes, decisions)
                    for element in process.elements.values()
                }
            ),
        )
        for id, process in processes.items()
    }


def _stood_in(element: Element, processes: Collection[str], decisions: Collection[str]) -> Element:
    match element.kind:
        case "service_task" if element.service is None:
            return replace(element, service=_NOTHING)
        case "business_rule_task" if not element.decision or element.decision.id not in decisions:
            return replace(element, kind="service_task", service=_NOTHING, decision=None)
        case "call_activity" if element.called and element.called not in processes:
            return replace(element, kind="service_task", service=_NOTHING, called=None)
        case _:
            return element
