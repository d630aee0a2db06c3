"""A report comes in: written down, and its diagram begun."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from base import clock
from base.db import Session
from base.errors import NotFound
from casework import subjects
from casework.access import Holder
from casework.audit import actions as audit
from casework.reports.tables import Report
from engine.host import Host
from engine.packs.config import ReportKind


class NoSuchKind(NotFound):
    """Nothing of this kind can be reported."""


@dataclass(frozen=True, slots=True)
class Pin:
    """The step of a diagram, and the local group, that a report is about; both may be missing."""

    process: str = ""
    element: str = ""
    group_id: int | None = None


def keep(
    tx: Session,
    host: Host,
    kind: ReportKind,
    pin: Pin,
    answers: Mapping[str, Any],
    holder: Holder,
    *,
    by: str,
) -> Report:
    """Write a report whose texts were looked through, and begin its diagram."""
    subject = subjects.open_subject(tx, subjects.REPORT, holder)
    report = Report(
        case_id=subject.id,
        number=subject.number,
        kind=kind.code,
        type=str(answers.get("type") or ""),
        area=str(answers.get("area") or ""),
        happened=str(answers.get("happened") or ""),
        consequence=str(answers.get("consequence") or ""),
        proposal=str(answers.get("proposal") or ""),
        organisations=list(answers.get("organisations") or ()),
        reporter_account_id=holder.account_id,
        reporter_organisation_id=holder.organisation_id,
        filed=clock.now(tx),
        anonymous=bool(answers.get("anonymous")),
        group_id=pin.group_id,
        process=pin.process or None,
        element=pin.element or None,
        solved_locally=bool(answers.get("solved_locally")),
    )
    tx.add(report)
    tx.flush()
    variables = {
        "kind": kind.code,
        "type": report.type,
        "area": report.area,
        "solved_locally": report.solved_locally,
        "organisations": report.organisations,
    }
    subjects.begin(tx, host, subject, kind.process, variables, by=by)
    return report


def arise(tx: Session, host: Host, kind: ReportKind, code: str, holder: Holder, pin: Pin) -> None:
    """A report that a diagram files by itself: a code and the step, no words."""
    answers = {"type": code, "area": "", "happened": ""}
    report = keep(tx, host, kind, pin, answers, Holder(holder.organisation_id), by="engine")
    audit.write(
        tx,
        actor="engine",
        action="report.file",
        case_id=report.case_id,
        target=f"report:{report.number}",
    )
