"""Preview the list of representatives, then appoint as it says. The caller commits."""

from base import clock
from base.db import Session
from base.errors import Conflict
from casework.access import Actor
from casework.accounts import store as accounts
from casework.application import Application
from casework.listing import reading, rules
from casework.listing.rules import Known, Line, Seated
from casework.organisations import store
from casework.seats import actions as seats
from casework.seats.rules import NotYoursToAppoint


class ListWrong(Conflict):
    """Some rows are wrong by now. Nothing has been written; hand the list in again."""


def preview(tx: Session, app: Application, actor: Actor, content: bytes) -> list[Line]:
    """What would become of every row; statements do not grow with them.

    Raises NotYoursToAppoint, Unreadable, TooLarge, NoHead.
    """
    if "manager" not in actor.roles:
        raise NotYoursToAppoint
    return rules.compare(reading.rows(content), _known(tx, app, actor))


def write(tx: Session, app: Application, actor: Actor, content: bytes) -> int:
    """Appoint whoever is new; how many. A row that is wrong stops everything.

    Raises ListWrong and what `preview` and `seats.actions.appoint` do.
    """
    lines = preview(tx, app, actor, content)
    if any(line.becomes == "wrong" for line in lines):
        raise ListWrong
    changed = [line for line in lines if line.becomes in {"new", "changed"}]
    for line in changed:
        assert line.valid_from is not None  # noqa: S101
        seats.appoint(
            tx,
            app,
            actor,
            line.seat_id,
            line.account_id,
            valid_from=line.valid_from,
            deputy=line.deputy,
        )
    return len(changed)


def _known(tx: Session, app: Application, actor: Actor) -> Known:
    today = clock.today(tx, app.zone)
    organisations = {each.id: each.code for each in store.organisations(tx)}
    units = {unit.id: unit.code for unit in store.units(tx)}
    groups = {group.id: group.code for group in store.groups(tx)}
    rows = accounts.membership_rows(tx, today)
    people = accounts.accounts(tx, {row.account_id for row in rows})
    of_place: dict[str, dict[str, int]] = {}
    for row in rows:
        account = people[row.account_id]
        if account.active:
            place = of_place.setdefault(organisations[row.organisation_id], {})
            place[account.user_name] = account.id
    terms = store.coming(tx, today)
    named = accounts.user_names(tx, {term.account_id for term in terms})
    sits = {(term.seat_id, term.deputy): named[term.account_id] for term in terms}
    return Known(
        seats=tuple(
            Seated(
                seat.id,
                groups[seat.group_id],
                organisations[seat.organisation_id],
                units.get(seat.unit_id or 0, ""),
                sits.get((seat.id, False), ""),
                sits.get((seat.id, True), ""),
            )
            for seat in store.all_seats(tx, today)
        ),
        people=of_place,
        mine=frozenset(one.organisation_code for one in actor.holding({"manager"})),
        today=today,
    )
