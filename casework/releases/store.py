"""All SQL about what is proposed, in use and running; releases' own SQL lies in the engine."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select, update

from base.db import Session
from casework.cases.tables import Case, DraftAnswers
from casework.releases.tables import (
    DraftComment,
    ProposalRow,
    ScenarioRound,
    ScenarioRun,
    TrialRow,
)
from engine.tables import Instance, ReleaseFile, ReleaseRow, Task, Token

_ALIVE = ("running", "suspended")


def lock_pack(tx: Session, pack_id: str) -> None:
    """Locks the pack's releases, so that drafts and proposals change one at a time."""
    tx.execute(select(ReleaseRow.id).where(ReleaseRow.pack_id == pack_id).with_for_update())


def proposal(tx: Session, pack_id: str) -> ProposalRow | None:
    return tx.get(ProposalRow, pack_id)


def proposed(tx: Session) -> frozenset[str]:
    """The packs whose draft waits for a second person."""
    asked = select(ProposalRow.pack_id).where(ProposalRow.agreed_by_account_id.is_(None))
    return frozenset(tx.scalars(asked))


def agreed(tx: Session, on: date) -> list[ProposalRow]:
    """What a second person has agreed to and is to be in use by that day."""
    found = select(ProposalRow).where(
        ProposalRow.agreed_by_account_id.is_not(None), ProposalRow.begins <= on
    )
    return list(tx.scalars(found.order_by(ProposalRow.pack_id)))


def put_proposal(tx: Session, row: ProposalRow) -> None:
    """There is one at a time."""
    remove_proposal(tx, row.pack_id)
    tx.add(row)
    tx.flush()


def remove_proposal(tx: Session, pack_id: str) -> bool:
    """Whether there was one."""
    row = tx.get(ProposalRow, pack_id)
    if row is not None:
        tx.delete(row)
        tx.flush()
    return row is not None


def comments(tx: Session, pack_id: str, number: int | None) -> list[DraftComment]:
    """What was said of the draft, or of the draft that became that version; oldest first."""
    of = DraftComment.number.is_(None) if number is None else DraftComment.number == number
    wanted = select(DraftComment).where(DraftComment.pack_id == pack_id, of)
    return list(tx.scalars(wanted.order_by(DraftComment.at, DraftComment.id)))


def comment(tx: Session, pack_id: str, comment_id: int) -> DraftComment | None:
    """One of the draft."""
    row = tx.get(DraftComment, comment_id)
    return row if row and row.pack_id == pack_id and row.number is None else None


def add_comment(tx: Session, row: DraftComment) -> None:
    tx.add(row)
    tx.flush()


def keep_comments(tx: Session, pack_id: str, number: int) -> None:
    """The draft has become this version."""
    tx.execute(
        update(DraftComment)
        .where(DraftComment.pack_id == pack_id, DraftComment.number.is_(None))
        .values(number=number)
    )


def standing(tx: Session, pack_id: str) -> list[tuple[int, str, UUID]]:
    """Release, diagram and case, once for each diagram in which a token of the case stands."""
    rows = tx.execute(
        select(Instance.release_id, Token.process, Instance.case_id)
        .join(Token, Token.instance_id == Instance.id)
        .join(ReleaseRow, ReleaseRow.id == Instance.release_id)
        .where(ReleaseRow.pack_id == pack_id, Instance.status.in_(_ALIVE))
        .distinct()
    )
    return [(row.release_id, row.process, row.case_id) for row in rows]


def roots(tx: Session, pack_id: str) -> list[tuple[int, str]]:
    """The releases and processes of runs that have not ended, each pair once."""
    rows = tx.execute(
        select(Instance.release_id, Instance.process)
        .join(ReleaseRow, ReleaseRow.id == Instance.release_id)
        .where(ReleaseRow.pack_id == pack_id, Instance.status.in_(_ALIVE))
        .distinct()
    )
    return [(row.release_id, row.process) for row in rows]


def led_by(tx: Session, release_id: int, process: str) -> Mapping[int, int]:
    """How many cases of such runs each organisation leads, or raised while nobody leads."""
    leader = func.coalesce(Case.lead_organisation_id, Case.referrer_organisation_id)
    rows = tx.execute(
        select(leader.label("organisation_id"), func.count(Case.id.distinct()).label("cases"))
        .join(Instance, Instance.case_id == Case.id)
        .where(*_runs(release_id, process))
        .group_by(leader)
    )
    return {row.organisation_id: row.cases for row in rows}


def begun_answers(tx: Session, release_id: int, process: str) -> list[tuple[UUID, str, str, str]]:
    """Run, process, element and form of each open step in which somebody has begun answers."""
    rows = tx.execute(
        select(Task.instance_id, Task.process, Task.element_id, Task.form)
        .join(DraftAnswers, DraftAnswers.task_id == Task.id)
        .join(Instance, Instance.id == Task.instance_id)
        .where(*_runs(release_id, process), Task.status == "open", Task.form.is_not(None))
        .distinct()
    )
    return [(row.instance_id, row.process, row.element_id, row.form) for row in rows]


def _runs(release_id: int, process: str) -> tuple[ColumnElement[bool], ...]:
    return (
        Instance.release_id == release_id,
        Instance.process == process,
        Instance.status.in_(_ALIVE),
    )


def versions(tx: Session, release_ids: Collection[int]) -> Mapping[tuple[int, str], int]:
    """The number of each file in each release."""
    rows = tx.execute(
        select(ReleaseFile.release_id, ReleaseFile.path, ReleaseFile.version).where(
            ReleaseFile.release_id.in_(release_ids)
        )
    )
    return {(row.release_id, row.path): row.version for row in rows}


def since(tx: Session, pack_id: str) -> Mapping[tuple[str, int], datetime]:
    """Since when each number of each file has been in use."""
    rows = tx.execute(
        select(ReleaseFile.path, ReleaseFile.version, func.min(ReleaseRow.created).label("first"))
        .join(ReleaseRow, ReleaseRow.id == ReleaseFile.release_id)
        .where(ReleaseRow.pack_id == pack_id)
        .group_by(ReleaseFile.path, ReleaseFile.version)
    )
    return {(row.path, row.version): row.first for row in rows}


def scenario_runs(tx: Session, pack_id: str, digest: str) -> Sequence[ScenarioRun]:
    """Those of this very draft, by path."""
    return tx.scalars(
        select(ScenarioRun)
        .where(ScenarioRun.pack_id == pack_id, ScenarioRun.digest == digest)
        .order_by(ScenarioRun.path)
    ).all()


def put_scenario_run(tx: Session, row: ScenarioRun) -> None:
    """In place of an earlier one of the same scenario."""
    tx.execute(
        delete(ScenarioRun).where(ScenarioRun.pack_id == row.pack_id, ScenarioRun.path == row.path)
    )
    tx.add(row)
    tx.flush()


def forget_scenario_runs(tx: Session, pack_id: str) -> None:
    tx.execute(delete(ScenarioRun).where(ScenarioRun.pack_id == pack_id))


def scenario_round(tx: Session, pack_id: str, *, lock: bool = False) -> ScenarioRound | None:
    """``lock`` keeps others from asking for one meanwhile."""
    return tx.get(ScenarioRound, pack_id, with_for_update=lock, populate_existing=True)


def put_scenario_round(tx: Session, pack_id: str, digest: str, now: datetime) -> None:
    """There is one at a time for a pack."""
    end_scenario_round(tx, pack_id)
    tx.add(ScenarioRound(pack_id=pack_id, digest=digest, at=now))
    tx.flush()


def end_scenario_round(tx: Session, pack_id: str) -> None:
    tx.execute(delete(ScenarioRound).where(ScenarioRound.pack_id == pack_id))


def purge_trials(tx: Session, today: date) -> None:
    """Forget those whose last day has passed."""
    tx.execute(delete(TrialRow).where(TrialRow.ends < today))
