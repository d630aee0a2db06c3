"""All SQL about what is proposed, in use and running; releases' own SQL lies in the engine."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from base.db import Session
from casework.releases.tables import ProposalRow
from engine.tables import Instance, ReleaseFile, ReleaseRow, Token

_ALIVE = ("running", "suspended")


def lock_pack(tx: Session, pack_id: str) -> None:
    """Locks the pack's releases, so that drafts and proposals change one at a time."""
    tx.execute(select(ReleaseRow.id).where(ReleaseRow.pack_id == pack_id).with_for_update())


def proposal(tx: Session, pack_id: str) -> ProposalRow | None:
    return tx.get(ProposalRow, pack_id)


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
