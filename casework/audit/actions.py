"""Writing down what happens and who looks, and checking that nobody changed it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from base import clock, keys
from base.db import Database, Session
from casework.access import Actor
from casework.audit import rules, store
from casework.audit.rules import Finding
from casework.audit.tables import AccessLog

#: Ids, codes and dates: what a row may say besides its action. Never words about a person.
Detail = str | int | bool | None | UUID | date | datetime | list[str] | list[int]

SYSTEM = "system"
#: Where there is no programme yet, days are those of UTC.
_NO_ZONE = "UTC"


@dataclass(frozen=True, slots=True)
class Findings:
    """What is wrong with a chain of ``rows`` rows; nothing found: it is whole."""

    chain: str
    rows: int
    findings: tuple[Finding, ...]

    @property
    def whole(self) -> bool:
        return not self.findings


def write(
    tx: Session,
    *,
    actor: str,
    action: str,
    case_id: UUID | None = None,
    organisation_id: int | None = None,
    target: str = "",
    code: str = "",
    detail: Mapping[str, Detail] | None = None,
    chain: str = "",
) -> None:
    """Add a row to the case's chain (the system's without a case); locks the chain's head.

    ``chain``: one of its own instead.
    """
    chain = chain or _chain(case_id)
    head = store.locked_head(tx, chain)
    written = {key: _plain(value) for key, value in (detail or {}).items()}
    row: dict[str, Any] = {
        "chain": chain,
        "seq": head.seq + 1,
        "at": clock.now(tx),
        "actor": actor,
        "organisation_id": organisation_id,
        "action": action,
        "target": target,
        "code": code,
        "detail": written,
        "previous": head.digest,
    }
    row["digest"] = rules.digest(**row)
    signature = rules.sign(keys.of(tx).chain_key, chain, row["seq"], row["digest"])
    store.append(tx, row, signature)


def write_by(
    tx: Session,
    actor: Actor,
    action: str,
    *,
    case_id: UUID | None = None,
    target: str = "",
    detail: Mapping[str, Detail] | None = None,
) -> None:
    """`write` in the name of somebody who is signed in, or for whom a program acts."""
    write(
        tx,
        actor=actor.pseudonym,
        organisation_id=actor.organisation_id,
        action=action,
        case_id=case_id,
        target=target,
        detail={**(detail or {}), **_through(actor)},
    )


def refusal(
    database: Database,
    actor: Actor,
    action: str,
    code: str,
    *,
    case_id: UUID | None = None,
    target: str = "",
) -> None:
    """Write down a refusal in a transaction of its own, after the refused one rolled back."""
    with database.transaction() as tx:
        write(
            tx,
            actor=actor.pseudonym,
            organisation_id=actor.organisation_id,
            action=f"refused.{action}",
            case_id=case_id,
            target=target,
            code=code,
            detail=_through(actor),
        )


def log_read(
    tx: Session, actor: Actor, case_id: UUID, kind: str, *, purpose: str = "", role: str = ""
) -> None:
    """Write down that somebody reads something of a case; ``role``: theirs in this case."""
    first = actor.memberships[0] if actor.memberships else None
    tx.add(
        AccessLog(
            at=clock.now(tx),
            day=clock.today(tx, tx.info.get("zone") or _NO_ZONE),
            account_id=actor.account_id,
            organisation_id=actor.organisation_id,
            role=role or (first.role if first else ""),
            case_id=case_id,
            purpose=purpose,
            kind=kind,
        )
    )


def log_guest(tx: Session, case_id: UUID, organisation_id: int | None) -> None:
    """Write down that a guest, who has no account, looks at an item."""
    tx.add(
        AccessLog(
            at=clock.now(tx),
            day=clock.today(tx, tx.info.get("zone") or _NO_ZONE),
            account_id=0,
            organisation_id=organisation_id,
            role="guest",
            case_id=case_id,
            purpose="consultation",
            kind="item",
        )
    )


def verify(tx: Session, case_id: UUID | None) -> Findings:
    """Recompute the chain of a case (None: of the system) and compare it with its signed head."""
    chain = _chain(case_id)
    links = store.links(tx, chain)
    believed = keys.of(tx).chain_keys
    found = rules.examine(links, store.head(tx, chain), keys=believed, chain=chain)
    return Findings(chain, len(links), found)


def _through(actor: Actor) -> dict[str, Detail]:
    return {"through": actor.through} if actor.through else {}


def _chain(case_id: UUID | None) -> str:
    return SYSTEM if case_id is None else str(case_id)


def _plain(value: Detail) -> str | int | bool | list[str] | list[int] | None:
    match value:
        case UUID():
            return str(value)
        case datetime() | date():
            return value.isoformat()
        case _:
            return value
