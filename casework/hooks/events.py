"""Note, in the transaction of what happens, whose systems are to hear of it."""

from collections.abc import Collection, Mapping
from uuid import UUID, uuid4

from base import clock, jobs
from base.db import Session
from casework.application import Application
from casework.hooks import rules, store
from casework.hooks.sending import JOB
from casework.hooks.tables import Hook, HookDelivery
from casework.programmes import store as programmes


def steps_wait(
    tx: Session, app: Application, case_id: UUID, steps: Mapping[UUID, int | None]
) -> None:
    """Each organisation hears of its own steps."""
    for hook in _listening(tx, app, rules.STEP, case_id, among=set(steps.values())):
        for step, organisation_id in steps.items():
            if organisation_id == hook.organisation_id:
                _tell(tx, hook, rules.STEP, case_id, str(step))


def milestone_reached(tx: Session, app: Application, case_id: UUID, milestone: str) -> None:
    for hook in _listening(tx, app, rules.MILESTONE, case_id):
        _tell(tx, hook, rules.MILESTONE, case_id, milestone)


def case_closes(tx: Session, app: Application, case_id: UUID) -> None:
    """Asked before it is closed; of a case that is closed already nobody hears again."""
    listening = _listening(tx, app, rules.CLOSED, case_id)
    if listening and not store.is_closed(tx, case_id):
        for hook in listening:
            _tell(tx, hook, rules.CLOSED, case_id)


def release_in_use(tx: Session, pack_id: str, number: int) -> None:
    """Of a pack that no programme follows nobody hears."""
    if all(programme.pack_id != pack_id for programme in programmes.programmes(tx)):
        return
    for hook in store.hooks(tx, rules.RELEASE):
        _tell(tx, hook, rules.RELEASE, None, f"{pack_id}/{number}")


def _listening(
    tx: Session,
    app: Application,
    event: str,
    case_id: UUID,
    *,
    among: Collection[int | None] | None = None,
) -> list[Hook]:
    """Hooks of organisations that may hear of this case; one statement where there are none."""
    found = [
        hook for hook in store.hooks(tx, event) if among is None or hook.organisation_id in among
    ]
    if not found:
        return []
    wanted = {hook.organisation_id for hook in found}
    may = store.hearing(tx, case_id, wanted, clock.today(tx, app.zone))
    return [hook for hook in found if hook.organisation_id in may]


def _tell(tx: Session, hook: Hook, event: str, case_id: UUID | None, thing: str = "") -> None:
    row = HookDelivery(
        id=uuid4(),
        hook_id=hook.id,
        event=event,
        at=clock.now(tx),
        case_id=case_id,
        thing=thing,
    )
    tx.add(row)
    jobs.defer(tx, JOB, {"delivery": str(row.id)})
