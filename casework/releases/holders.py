"""Roles that a draft's steps are for and that nobody holds today: the steps would wait in vain."""

from collections.abc import Iterator

from base import clock
from base.db import Session
from casework.accounts import store as accounts
from casework.application import Application
from engine.check import Finding
from engine.diagram import Process
from engine.findings import finding
from engine.packs import Pack
from engine.references import FOR_PEOPLE, roles_named


def holder_findings(tx: Session, app: Application, pack: Pack) -> Iterator[Finding]:
    """A finding for each role of each diagram that no account holds, at its lane or first step."""
    held = accounts.roles_held(tx, clock.today(tx, app.zone))
    empty = {
        code: role.title
        for code, role in pack.config.roles.items()
        if role.members and held.isdisjoint(role.members)
    }
    for process in pack.diagrams.values() if empty else ():
        for code, place in _places(process).items():
            if code in empty:
                yield finding("role_unheld", process.file, place, role=empty[code])


def _places(process: Process) -> dict[str, str]:
    """The roles that steps of a diagram are for, each with an element to show it at."""
    found: dict[str, str] = {}
    for element in process.nodes:
        if element.kind not in FOR_PEOPLE:
            continue
        groups, of_lane = element.candidate_groups, process.role_of(element)
        if groups:
            found |= {role: element.id for role in roles_named(groups) if role not in found}
        elif of_lane:
            found.setdefault(of_lane, element.lane_id or element.id)
    return found
