"""How many cases run on each version of each diagram."""

from collections.abc import Mapping
from uuid import UUID

from base.db import Session
from casework.releases import store
from casework.releases.model import Running
from casework.statistics.rules import show, show_all
from engine import releases

#: Per version of a diagram's file, the cases on it.
Cases = Mapping[int, set[UUID]]


def cases_by_process(tx: Session, pack_id: str) -> Mapping[str, Cases]:
    """Per process, the cases that are in it now, by the version they keep."""
    rows = store.standing(tx, pack_id)
    used = {release_id for release_id, _, _ in rows}
    numbers = store.versions(tx, used)
    packs = {release_id: releases.load(tx, release_id) for release_id in used}
    found: dict[str, dict[int, set[UUID]]] = {}
    for release_id, process, case_id in rows:
        drawn = packs[release_id].diagrams.get(process)
        if drawn is not None:
            version = numbers[release_id, drawn.file]
            found.setdefault(process, {}).setdefault(version, set()).add(case_id)
    return found


def as_shown(cases: Cases) -> Running:
    """Their numbers, small ones hidden."""
    counts = {str(version): len(ids) for version, ids in cases.items()}
    shown = show_all(counts)
    total = len(set().union(*cases.values()))
    return Running(
        show(total), tuple((version, shown[str(version)]) for version in sorted(cases)[::-1])
    )
