"""Begin a diagram that is about no person: a group's term or meeting, a report.

Steps, timers, drafts and sealed variables hang on a case's row and key; what is about no person
has such a row too, and is a case to nobody (`access`). Why: docs/why/without-a-person.md.
"""

from collections.abc import Mapping
from typing import Any

from base.db import Session
from casework.access import Holder
from casework.cases import actions as cases
from casework.cases.tables import Case
from casework.programmes import store as programmes
from engine import runtime
from engine.host import Host

GROUP = "group"
REPORT = "report"


def open_subject(
    tx: Session, subject: str, holder: Holder, *, group_id: int | None = None
) -> Case:
    """Its row and key; `begin` runs a diagram on it."""
    programme = programmes.programmes(tx)[0]
    return cases.open_subject(tx, subject, holder, programme_id=programme.id, group_id=group_id)


def begin(
    tx: Session,
    host: Host,
    subject: Case,
    process: str,
    variables: Mapping[str, Any],
    *,
    by: str,
) -> None:
    runtime.start(
        tx,
        host,
        pack_id=subject.pack_id,
        process=process,
        case_id=subject.id,
        variables=variables,
        by=by,
    )
