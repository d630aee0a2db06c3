"""What the engine may ask of casework while it runs a diagram."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from base import keys
from base.db import Session
from casework import roles, services
from casework.access import PERSON
from casework.application import Application
from casework.audit import actions as audit
from casework.cases import actions as cases
from casework.hooks import events as hooks
from engine import releases
from engine.model import Address, Call, Wanted


@dataclass(frozen=True, slots=True)
class CaseHost:
    """Casework as the engine sees it; every call happens inside the command's transaction."""

    app: Application

    def seal(self, tx: Session, case_id: UUID, plain: bytes, place: str) -> bytes:
        return keys.of(tx).get(case_id).seal(plain, place)

    def unseal(self, tx: Session, case_id: UUID, sealed: bytes, place: str) -> bytes:
        return keys.of(tx).get(case_id).unseal(sealed, place)

    def address(self, tx: Session, wanted: Wanted) -> Address:
        role = self.app.pack(tx).config.roles.get(wanted.role)
        return roles.find_address(tx, wanted, frozenset(role.members if role else ()))

    def call(self, tx: Session, call: Call) -> Mapping[str, Any] | None:
        return services.call(tx, self, call)

    def opened(self, tx: Session, case_id: UUID, steps: Mapping[UUID, int | None]) -> None:
        hooks.steps_wait(tx, self.app, case_id, steps)

    def reached(self, tx: Session, case_id: UUID, milestone: str) -> None:
        if cases.reach(tx, case_id, milestone):
            hooks.milestone_reached(tx, self.app, case_id, milestone)

    def ended(self, tx: Session, case_id: UUID, process: str, end_event: str | None) -> None:
        if cases.subject_of(tx, case_id) != PERSON:
            cases.close(tx, case_id, end_event or "", by="engine")
        audit.write(
            tx,
            actor="engine",
            action="process.ended",
            case_id=case_id,
            target=f"process:{process}",
            code=end_event or "",
        )

    def moved(
        self, tx: Session, case_id: UUID, process: str, *, before: int, after: int, by: str
    ) -> None:
        audit.write(
            tx,
            actor=by,
            action="process.moved",
            case_id=case_id,
            target=f"process:{process}",
            detail={
                "before": releases.get(tx, before).number,
                "after": releases.get(tx, after).number,
            },
        )
