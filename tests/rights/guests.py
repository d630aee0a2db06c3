"""Guests of two items that a meeting takes up at the same time, each let in to one of them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

from base.clock import Fixed
from base.db import Session
from casework.agenda import actions as meetings
from casework.application import Application
from casework.cast import Cast
from casework.guests import actions as guests
from casework.meetings import store as meeting_store
from casework.organisations import actions as organisations

#: Which case each is let in to.
GUESTS = {"guest": "placed", "other guest": "waiting"}
ORGANISATION = "stegen"
_DAY = datetime(2027, 3, 24, 8, tzinfo=UTC)


def add_organisation(tx: Session) -> None:
    """Where the guests come from; it has no seat and no account."""
    organisations.add_organisation(tx, ORGANISATION, "Verksamheten Stegen", "other")


def let_in(app: Application, clock: Fixed, cases: Mapping[str, UUID]) -> dict[str, str]:
    """On the day of the meeting; what each guest's browser keeps. Consents name them already."""
    clock.set(_DAY)
    return {role: _let_in(app, cases[name]) for role, name in GUESTS.items()}


def _let_in(app: Application, case_id: UUID) -> str:
    with app.database.transaction() as tx:
        item = meeting_store.open_item_of(tx, case_id)
        assert item is not None
        place = (item.meeting_id, item.id)
        convener = Cast(tx, app).convener(meeting_store.meeting(tx, item.meeting_id).group_id)
        meetings.begin_item(tx, app, convener, *place)
    with app.database.transaction() as tx:
        invited = guests.invite(tx, app, convener, *place, ORGANISATION)
        kept = guests.enter(tx, app, invited.link.rpartition("/")[2], invited.code)
        assert kept is not None
    return kept
