"""Raise an alarm, look into a case in an emergency, and say that one has seen it.

Source: domain.md §5 (an administrator never enters silently: reason, two hours, notice at once),
0.5c (a withdrawal that no diagram heard is seen by somebody).
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from base import clock, keys
from base.db import Session
from base.errors import Invalid, NotAllowed, NotFound
from casework import sealing
from casework.access import Actor
from casework.accounts import store as accounts
from casework.alarms import store
from casework.alarms.tables import CaseAlarm
from casework.application import Application
from casework.audit import actions as audit
from casework.cases import store as case_store
from casework.notifications import actions as notifications

EMERGENCY, UNHEARD = "emergency", "withdrawal_unheard"
LONGEST = timedelta(hours=2)
#: The chain of its own in which every look of an administrator stands.
CHAIN = "emergency"
_LEAST_REASON = 15


class ReasonNeeded(Invalid):
    """Say in a sentence why you must look into this case now."""


class NoSuchNumber(Invalid):
    """There is no open case with this number."""


class NoSuchAlarm(NotFound):
    """There is no such alarm."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """As it is shown; ``reason`` only on the case's own page."""

    id: int
    kind: str
    case_id: UUID
    number: str
    at: datetime
    by: str | None
    ends: datetime | None
    seen: bool
    reason: str = field(default="", repr=False)


def withdrawal_unheard(tx: Session, case_id: UUID, *, by: Actor) -> None:
    """Consent has ended, and no diagram of the case has reacted."""
    _raise(tx, case_id, UNHEARD)
    audit.write_by(tx, by, "alarm.withdrawal_unheard", case_id=case_id)


def look_in(tx: Session, app: Application, actor: Actor, number: str, reason: str) -> UUID:
    """An administrator may read this case for two hours; others hear of it at once, by mail too.

    Raises NotAllowed, ReasonNeeded, NoSuchNumber.
    """
    require_administrator(actor)
    if len(reason.strip()) < _LEAST_REASON:
        raise ReasonNeeded
    case_id = case_store.find_number(tx, number)
    if case_id is None:
        raise NoSuchNumber
    case_store.lock_case(tx, case_id)
    alarm = _raise(tx, case_id, EMERGENCY)
    alarm.account_id = actor.account_id
    alarm.ends = clock.now(tx) + LONGEST
    alarm.reason = sealing.seal_value(keys.of(tx).get(case_id), reason.strip(), _place(alarm))
    tx.flush()
    audit.write_by(tx, actor, "emergency.begin", case_id=case_id, detail={"until": alarm.ends})
    note_look(tx, actor, case_id, "emergency.begin")
    notifications.mail_at_once(tx, app, _who_hears(tx, app, case_id) - {actor.account_id})
    return case_id


def _who_hears(tx: Session, app: Application, case_id: UUID) -> set[int]:
    """Whoever leads the case, the managers of their organisation, and the auditors."""
    lead, today = case_store.facts(tx, case_id).acting_lead, clock.today(tx, app.zone)
    managers = accounts.holders(tx, {"manager"}, today, organisation_id=lead.organisation_id)
    auditors = accounts.holders(tx, {"auditor"}, today)
    return {*managers, *auditors, *([lead.account_id] if lead.account_id else [])}


def require_administrator(actor: Actor) -> None:
    """Raises NotAllowed."""
    if "admin" not in actor.roles:
        raise NotAllowed("Your role does not open this page.", code="role")


def require_emergency(tx: Session, actor: Actor, case_id: UUID) -> CaseAlarm:
    """The administrator's own look that has not ended. Raises NotFound, NotAllowed."""
    require_administrator(actor)
    found = store.emergency(tx, case_id, actor.account_id, clock.now(tx))
    if found is None:
        raise NotFound
    return found


def note_look(tx: Session, actor: Actor, case_id: UUID, action: str) -> None:
    """A row in the chain of its own, beside that of the case."""
    audit.write(
        tx,
        actor=actor.pseudonym,
        organisation_id=actor.organisation_id,
        action=action,
        chain=CHAIN,
        target=f"case:{case_id}",
    )


def unseen(tx: Session, actor: Actor) -> tuple[Alarm, ...]:
    """Alarms that wait for the actor: of cases they lead, of organisations they manage."""
    managed = {membership.organisation_id for membership in actor.holding({"manager"})}
    found = store.unseen_for(tx, actor, managed)
    names = accounts.names(tx, {alarm.account_id or 0 for alarm, _ in found})
    return tuple(
        _shown(alarm, number, names.get(alarm.account_id or 0)) for alarm, number in found
    )


def of_case(tx: Session, case_id: UUID, number: str) -> tuple[Alarm, ...]:
    """For the case's page: with the reasons. The caller has asked the gate."""
    found = store.of_case(tx, case_id)
    names = accounts.names(tx, {alarm.account_id or 0 for alarm in found})
    key = keys.of(tx).get(case_id)
    return tuple(
        _shown(
            alarm,
            number,
            names.get(alarm.account_id or 0),
            sealing.unseal_value(key, alarm.reason, _place(alarm)) if alarm.reason else "",
        )
        for alarm in found
    )


def see(tx: Session, actor: Actor, alarm_id: int) -> None:
    """The lead or the manager has seen it. Raises NoSuchAlarm."""
    if alarm_id not in {alarm.id for alarm in unseen(tx, actor)}:
        raise NoSuchAlarm
    alarm = store.by_id(tx, alarm_id)
    if alarm is None or alarm.seen_at is not None:
        raise NoSuchAlarm
    alarm.seen_at, alarm.seen_by = clock.now(tx), actor.account_id
    audit.write_by(tx, actor, "alarm.see", case_id=alarm.case_id, target=f"alarm:{alarm_id}")


def _raise(tx: Session, case_id: UUID, kind: str) -> CaseAlarm:
    lead = case_store.facts(tx, case_id).acting_lead
    alarm = CaseAlarm(
        case_id=case_id, kind=kind, at=clock.now(tx), organisation_id=lead.organisation_id
    )
    tx.add(alarm)
    tx.flush()
    return alarm


def _shown(alarm: CaseAlarm, number: str, by: str | None, reason: str = "") -> Alarm:
    return Alarm(
        id=alarm.id,
        kind=alarm.kind,
        case_id=alarm.case_id,
        number=number,
        at=alarm.at,
        by=by,
        ends=alarm.ends,
        seen=alarm.seen_at is not None,
        reason=reason,
    )


def _place(alarm: CaseAlarm) -> str:
    return f"case_alarm/{alarm.id}/reason"
