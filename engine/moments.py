"""Timers and dates that mean something."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.diagram import Element, Process, Timer, feel_source
from engine.findings import Finding, finding
from engine.profile import label
from feel.temporal import read_date, read_duration, read_moment

_CYCLE = re.compile(r"R(\d{0,6})/(?:([^/]+)/)?(P[^/]+)", re.ASCII)
_PRIORITY = re.compile(r"\d{1,2}|100", re.ASCII)
_EXAMPLES = {
    "duration": "a duration such as P14D or PT2H",
    "date": "a date such as 2027-02-01 or 2027-02-01T09:00:00Z",
    "cycle": "a repetition such as R3/P7D",
}


def check_moments(process: Process) -> Iterator[Finding]:
    """A finding for each timer, due date or priority that cannot be understood."""
    for element in process.nodes:
        for event in element.events:
            if event.kind == "timer":
                yield from _timer(process, element, event.timer)
        for text in (element.due, element.follow_up):
            if text and not _is_feel(text) and not (read_date(text) or read_moment(text)):
                yield _found("due_wrong", process, element, text=text[:80])
        priority = element.priority
        if priority and not _is_feel(priority) and not _PRIORITY.fullmatch(priority.strip()):
            yield _found("priority_wrong", process, element, text=priority[:80])


def _timer(process: Process, element: Element, timer: Timer | None) -> Iterator[Finding]:
    if timer is None or not timer.expression or timer.expression.strip() == "=":
        yield _found("timer_missing", process, element)
        return
    if timer.kind == "cycle" and not _may_repeat(process, element):
        yield _found("timer_cycle", process, element)
    if _is_feel(timer.expression) or _reads(timer.kind, timer.expression.strip()):
        return
    yield _found(
        "timer_wrong",
        process,
        element,
        text=" ".join(timer.expression.split())[:80],
        kind={"cycle": "repetition"}.get(timer.kind, timer.kind),
        example=_EXAMPLES[timer.kind],
    )


def _may_repeat(process: Process, element: Element) -> bool:
    around = process.elements.get(element.parent or "")
    if element.kind == "boundary_event" or (around and around.kind == "event_sub_process"):
        return not element.interrupting and element.kind in {"boundary_event", "start_event"}
    return element.kind == "start_event"


def _is_feel(text: str) -> bool:
    """Expressions are read elsewhere, those of Camunda 7 are refused there."""
    return feel_source(text) is not None or "${" in text or "#{" in text


def _reads(kind: str, text: str) -> bool:
    if kind == "duration":
        return read_duration(text) is not None and not text.startswith("-")
    if kind == "date":
        return read_date(text) is not None or read_moment(text) is not None
    found = _CYCLE.fullmatch(text)
    return found is not None and read_duration(found.group(3)) is not None


def _found(rule: str, process: Process, element: Element, **facts: str) -> Finding:
    return finding(rule, process.file, element.id, name=label(element), **facts)
