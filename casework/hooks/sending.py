"""Send what a hook is to be told, without a lock held meanwhile."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from base import clock, crypto, jobs, keys, outgoing
from base.db import Database, Session
from casework.application import Application
from casework.hooks import rules, store
from casework.hooks.tables import Hook, HookDelivery

JOB = "hook"


@dataclass(frozen=True, slots=True)
class _Parcel:
    address: str = field(repr=False)
    content: bytes = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)


def send(app: Application) -> Callable[[Database, jobs.Payload], None]:
    """What tells one hook one thing; fails while its system does not take it."""

    def run(database: Database, payload: jobs.Payload) -> None:
        delivery_id = UUID(payload["delivery"])
        with database.transaction() as tx:
            parcel = _parcel(tx, app, delivery_id)
        if parcel is None:
            return
        road = outgoing.Road(here=goes_here(app))
        status = outgoing.deliver(parcel.address, parcel.content, parcel.headers, road)
        taken = 200 <= status < 300
        with database.transaction() as tx:
            _note(tx, delivery_id, status, taken=taken)
        if not taken:
            raise outgoing.Unreachable

    return run


def given_up(tx: Session, payload: jobs.Payload, why: str) -> None:
    """It stands on the page of webhooks from now on."""
    found = store.delivery(tx, UUID(payload["delivery"]))
    if found is not None:
        found[0].state = "given_up"


def goes_here(app: Application) -> bool:
    """Whether this very machine may be told: to try it out, never beside real cases."""
    return app.settings.demo and app.settings.webhooks_here


def seal(tx: Session, hook_id: UUID, secret: str) -> bytes:
    return crypto.seal(keys.of(tx).hook_key, secret.encode(), f"hook/{hook_id}")


def _unseal(tx: Session, hook_id: UUID, sealed: bytes) -> str:
    return crypto.unseal(keys.of(tx).hook_key, sealed, f"hook/{hook_id}").decode()


def _parcel(tx: Session, app: Application, delivery_id: UUID) -> _Parcel | None:
    """None where there is nothing to be sent (any more); what may not be told now is forgotten."""
    found = store.delivery(tx, delivery_id)
    if found is None or found[0].state == "taken":
        return None
    row, hook = found
    if not _may_still_hear(tx, app, row, hook):
        tx.delete(row)
        return None
    now = clock.now(tx)
    content = rules.body(row.id, row.event, row.at, case_id=row.case_id, thing=row.thing)
    sealed = [hook.secret]
    if hook.former_secret and hook.former_until and now < hook.former_until:
        sealed.append(hook.former_secret)
    secrets = [_unseal(tx, hook.id, each) for each in sealed]
    return _Parcel(hook.address, content, rules.headers(row.id, now, content, secrets))


def _may_still_hear(tx: Session, app: Application, row: HookDelivery, hook: Hook) -> bool:
    """Consent may have been taken back since; a case that was closed has none any more."""
    if row.case_id is None:
        return True
    if row.event == rules.CLOSED:
        return store.is_open_to_all(tx, row.case_id)
    today = clock.today(tx, app.zone)
    return bool(store.hearing(tx, row.case_id, {hook.organisation_id}, today))


def _note(tx: Session, delivery_id: UUID, status: int, *, taken: bool) -> None:
    found = store.delivery(tx, delivery_id)
    if found is None:
        return
    row, hook = found
    row.answered = status
    if taken:
        row.state, hook.last_taken = "taken", clock.now(tx)
