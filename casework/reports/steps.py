"""What the steps of a report's diagram write. The texts were looked through; nobody is named."""

from uuid import UUID

from base import clock
from base.db import Session
from casework.reports import store
from casework.reports.tables import ReportAnswer


def acknowledge(tx: Session, case_id: UUID) -> None:
    """The federation has read it and knows what to do with it."""
    report = store.of_subject(tx, case_id)
    report.acknowledged = report.acknowledged or clock.now(tx)
    report.status = "acknowledged"


def agree(tx: Session, case_id: UUID, *, agreed: str) -> None:
    """What was agreed with the responsible manager."""
    store.of_subject(tx, case_id).agreed = agreed


def analyse(tx: Session, case_id: UUID, *, pattern: str) -> None:
    store.of_subject(tx, case_id).pattern = pattern


def answer(tx: Session, case_id: UUID, organisation_id: int, text: str) -> None:
    """What an organisation answers; its second answer replaces its first."""
    report = store.of_subject(tx, case_id)
    found = store.answer_of(tx, report.id, organisation_id)
    if found is None:
        found = ReportAnswer(
            report_id=report.id, organisation_id=organisation_id, text=text, at=clock.now(tx)
        )
        tx.add(found)
    found.text, found.at = text, clock.now(tx)


def close(tx: Session, case_id: UUID, *, status: str, feedback: str, lesson: str) -> None:
    """The reporter is told how it ended; ``lesson`` is published if there is one."""
    report = store.of_subject(tx, case_id)
    report.status, report.closed = status, clock.now(tx)
    report.feedback, report.lesson = feedback, lesson
