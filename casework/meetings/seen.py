"""Which meetings somebody may know of."""

from base import clock
from base.db import Session
from casework.access import Actor
from casework.application import Application
from casework.meetings import store
from casework.meetings.tables import Meeting
from casework.organisations import store as organisations


def meeting(tx: Session, app: Application, actor: Actor, meeting_id: int) -> Meeting:
    """Raises NoSuchMeeting, for one of another group too."""
    found = store.meeting(tx, meeting_id)
    if found.group_id not in groups(tx, app, actor):
        raise store.NoSuchMeeting
    return found


def groups(tx: Session, app: Application, actor: Actor) -> set[int]:
    """Groups in which the actor's organisations sit, or which it is bound to."""
    today = clock.today(tx, app.zone)
    bound = {m.group_id for m in actor.memberships if m.group_id is not None}
    free = {m.organisation_id for m in actor.memberships if m.group_id is None}
    seated = {
        seat.group_id
        for seat in organisations.all_seats(tx, today)
        if seat.organisation_id in free
    }
    return bound | seated
