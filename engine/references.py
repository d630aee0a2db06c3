"""Whether all that a diagram names exists: forms, roles, services, decisions, calls, messages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Protocol

from engine.answers import let_out
from engine.calls import check_calls, check_errors
from engine.decisions import Decisions
from engine.diagram import Element, Process, feel_source
from engine.expressions import deadlines_read, facts_of
from engine.findings import Finding, finding
from engine.loops import check_loops
from engine.packs import PackConfig
from engine.profile import PROPERTIES, label
from feel import tree

_WAITING = {"intermediate_catch_event", "boundary_event", "start_event", "receive_task"}
_SENDING = {"intermediate_throw_event", "end_event", "send_task"}
MOST_RETRIES = 20
FOR_PEOPLE = {"user_task", "manual_task"}
_CALLING = {"calledElement", "processIdExpression"}


class FormFacts(Protocol):
    """What the check must know of a pack's forms."""

    def exists(self, form_id: str) -> bool: ...

    def stands_alone(self, form_id: str) -> bool:
        """Whether a page asks with it, and no step."""
        ...

    def keys(self, form_id: str) -> AbstractSet[str]:
        """The names under which a form's answers can be read."""
        ...

    def unmappable(self, form_id: str) -> AbstractSet[str]:
        """The dotted paths of text and personal fields."""
        ...


class ServiceFacts(Protocol):
    """What a service needs and gives; remote ones are retried."""

    @property
    def inputs(self) -> AbstractSet[str]: ...

    @property
    def outputs(self) -> AbstractSet[str]: ...

    @property
    def remote(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Everything around the diagrams of a pack; forms and services are None where unknown.

    ``deadlines`` are the keys of the table of deadlines, None where there is no table;
    ``documents`` the names of the texts that are given to people.
    """

    config: PackConfig
    processes: Mapping[str, Process]
    decisions: Mapping[str, Decisions]
    deadlines: AbstractSet[str] | None
    forms: FormFacts | None
    services: Mapping[str, ServiceFacts] | None
    documents: AbstractSet[str]


def check_named(process: Process) -> Iterator[Finding]:
    """What each element must say, whatever it is that it names."""
    for element in process.nodes:
        if element.kind == "script_task" and (element.script is None or not element.script.result):
            yield _found("script_missing", process, element)
        if element.kind == "call_activity" and not _names_process(element):
            yield _found("called_missing", process, element)
        for mapping in (*element.inputs, *element.outputs):
            if not mapping.source.strip():
                yield _found("mapping_empty", process, element, variable=mapping.target)


def _names_process(element: Element) -> bool:
    """Whether the called process is named, perhaps in a way that the profile refuses."""
    return bool(element.called) or any(
        name.rpartition("/")[2] in _CALLING for name, _ in element.foreign
    )


def check_references(process: Process, around: Surroundings) -> Iterator[Finding]:
    """A finding for each name that leads nowhere."""
    yield from check_calls(process, around.processes, whole=True)
    yield from check_errors(process, around.processes)
    yield from check_loops(process)
    for lane in process.lanes.values():
        if lane.role and lane.role not in around.config.roles:
            facts = {"name": lane.name or lane.id, "role": lane.role}
            known = _listed(around.config.roles)
            yield finding("role_unknown", process.file, lane.id, known=known, **facts)
        elif not lane.role and not any(x.parent == lane.id for x in process.lanes.values()):
            known = _listed(around.config.roles)
            yield finding(
                "lane_without_role", process.file, lane.id, name=lane.name or lane.id, known=known
            )
    for element in process.nodes:
        for check in _CHECKS:
            yield from check(process, element, around)


def _listed(names: AbstractSet[str] | Mapping[str, object]) -> str:
    return ", ".join(sorted(names)[:12]) or "none"


def _found(rule: str, process: Process, element: Element, **facts: str) -> Finding:
    return finding(rule, process.file, element.id, **({"name": label(element)} | facts))


def _role(process: Process, element: Element, around: Surroundings) -> Iterator[Finding]:
    if element.kind not in FOR_PEOPLE:
        return
    lane = process.lanes.get(element.lane_id or "")
    if element.candidate_groups:
        for role in roles_named(element.candidate_groups):
            if role not in around.config.roles:
                known = _listed(around.config.roles)
                yield _found("role_unknown", process, element, role=role, known=known)
    elif process.role_of(element) is None and (lane is None or lane.role is None):
        yield _found("no_role", process, element)


def roles_named(groups: str) -> list[str]:
    """The roles that candidate groups name for sure: literals, also in a FEEL list."""
    source = feel_source(groups)
    if source is None:
        named = groups.split(",")
    else:
        node = facts_of(source).node
        literals = [node, *node.items] if isinstance(node, tree.ListOf) else [node]
        named = [n.value for n in literals if isinstance(n, tree.Literal) and _is_text(n)]
    return [name.strip().partition("@")[0] for name in named if name.strip()]


def _is_text(node: tree.Literal) -> bool:
    return isinstance(node.value, str)


def _form(process: Process, element: Element, around: Surroundings) -> Iterator[Finding]:
    if element.form is None or around.forms is None or feel_source(element.form) is not None:
        return
    if not around.forms.exists(element.form):
        yield _found("form_missing", process, element, form=element.form)
        return
    closed = around.forms.unmappable(element.form)
    for mapping in element.outputs:
        source = feel_source(mapping.source)
        node = facts_of(source).node if source else None
        for path in let_out(node, closed) if node else ():
            yield _found("answer_personal", process, element, key=path, form=element.form)


def _service(process: Process, element: Element, around: Surroundings) -> Iterator[Finding]:
    if element.kind != "service_task" and element.service is None:
        return
    if element.service is None:
        yield _found("service_missing", process, element)
        return
    if not _tries(element.service.retries):
        yield _found("service_retries", process, element, text=element.service.retries or "")
    name = element.service.type
    if feel_source(name) is not None or around.services is None:
        return
    if name not in around.services:
        known = _listed(around.services)
        yield _found("service_unknown", process, element, service=name, known=known)
        return
    if around.config.services is not None and name not in around.config.services:
        yield _found("service_not_allowed", process, element, service=name)
    passed = {mapping.target for mapping in element.inputs}
    for needed in sorted(around.services[name].inputs - passed):
        yield _found("service_input", process, element, service=name, input=needed)


def _tries(written: str | None) -> bool:
    text = (written or "").strip()
    plain = text.isascii() and text.isdecimal() and len(text) <= 2
    return not text or (plain and 1 <= int(text) <= MOST_RETRIES)


def _decision(process: Process, element: Element, around: Surroundings) -> Iterator[Finding]:
    if element.kind != "business_rule_task":
        return
    if element.decision is None:
        yield _found("decision_missing", process, element)
        return
    id, result = element.decision.id, element.decision.result
    if id not in around.decisions and feel_source(id) is None:
        known = _listed(around.decisions)
        yield _found("decision_unknown", process, element, decision=id, known=known)
    elif not result and not element.outputs:
        yield _found("decision_unused", process, element, decision=id)


def _call(process: Process, element: Element, around: Surroundings) -> Iterator[Finding]:
    called = element.called
    if element.kind != "call_activity" or not called or ":" in called:
        return
    if called not in around.processes:
        known = _listed(around.processes)
        yield _found("called_unknown", process, element, called=called, known=known)


def messages_sent(processes: Mapping[str, Process]) -> set[str]:
    """The names of messages that diagrams send."""
    return _messages(processes, _SENDING)


def messages_awaited(processes: Mapping[str, Process]) -> set[str]:
    """The names of messages that diagrams wait for."""
    return _messages(processes, _WAITING)


def begun_by(processes: Mapping[str, Process]) -> dict[str, tuple[str, str]]:
    """By message: the process that it sets off, and the start event."""
    return {
        start.event.name: (process.id, start.id)
        for process in reversed(list(processes.values()))
        for start in process.starts()
        if start.event and start.event.kind == "message" and start.event.name
    }


def _messages(processes: Mapping[str, Process], kinds: set[str]) -> set[str]:
    return {
        event.name
        for process in processes.values()
        for element in process.nodes
        if element.kind in kinds
        for event in element.events
        if event.kind == "message" and event.name
    }


def _message(process: Process, element: Element, around: Surroundings) -> Iterator[Finding]:
    event = element.event
    if element.kind == "send_task" and not element.events and element.service is None:
        yield _found("event_without_reference", process, element, event="message", article="a")
    if event is None or event.kind != "message" or not event.name:
        return
    if feel_source(event.name) is not None:
        return
    facts = {"message": event.name}
    if element.kind in _WAITING:
        declared = around.config.actions.keys() | messages_sent(around.processes)
        if event.name not in declared:
            yield _found("message_undeclared", process, element, **facts)
    elif event.name not in messages_awaited(around.processes):
        yield _found("message_unsent", process, element, **facts)


def _start(process: Process, element: Element, around: Surroundings) -> Iterator[Finding]:
    """A start event of a process that nothing would ever set off."""
    event = element.event
    if element.kind != "start_event" or element.parent or event is None:
        return
    if event.kind in {"timer", "signal"}:
        yield _found(f"{event.kind}_start", process, element)
    if event.kind != "message" or not event.name:
        return
    if feel_source(event.name) is not None:
        yield _found("message_start_computed", process, element, text=event.name[:80])
    elif begun_by(around.processes).get(event.name) != (process.id, element.id):
        other = begun_by(around.processes)[event.name][0]
        yield _found("message_start_twice", process, element, message=event.name, other=other)


def _properties(process: Process, element: Element, around: Surroundings) -> Iterator[Finding]:
    milestone = element.properties.get("milestone")
    codes = {each.code for each in around.config.milestones}
    if milestone and milestone not in codes:
        facts = {"milestone": milestone, "known": _listed(codes)}
        yield _found("milestone_unknown", process, element, **facts)
    for name in element.documents:
        if name not in around.documents:
            facts = {"document": name, "known": _listed(around.documents)}
            yield _found("document_unknown", process, element, **facts)
    for key in element.properties:
        if key not in PROPERTIES:
            yield _found("property_unknown", process, element, key=key, known=_listed(PROPERTIES))


def _deadlines(process: Process, element: Element, around: Surroundings) -> Iterator[Finding]:
    for key in deadlines_read(process, element):
        if around.deadlines is None:
            yield _found("no_deadlines", process, element, key=key)
        elif key not in around.deadlines:
            known = _listed(around.deadlines)
            yield _found("unknown_deadline", process, element, key=key, known=known)


_CHECKS: tuple[Callable[[Process, Element, Surroundings], Iterator[Finding]], ...] = (
    _role,
    _form,
    _service,
    _decision,
    _call,
    _message,
    _start,
    _properties,
    _deadlines,
)
