"""GG-18, GG-20: a group decides itself who convenes it, how, and how its agenda is told."""

from datetime import date

import pytest

from casework.application import Application
from casework.organisations import store
from casework.seats import groups
from casework.seats.groups import BadGroup, NotYourGroup, SeatThere, Ways
from tests.casework.arena import actor

TODAY = date(2027, 2, 1)


def ways(app: Application, *, convener: str, days: int = 7, told: str = "phone") -> Ways:
    with app.database.reading() as tx:
        return Ways("by telephone", days, told, actor(tx, convener).account_id)


def set_ways(app: Application, who: str, new: Ways) -> None:
    with app.database.transaction() as tx:
        groups.set_ways(tx, app, actor(tx, who), store.group(tx, "varnamo").id, new)


def test_whoever_sits_there_says_how_the_group_works(app: Application) -> None:
    set_ways(app, "ida.rask", ways(app, convener="sara.lindqvist"))

    with app.database.reading() as tx:
        group = store.group(tx, "varnamo")
        assert (group.notice_days, group.agenda_disclosure) == (7, "phone")
        sara, maria = actor(tx, "sara.lindqvist"), actor(tx, "maria.sandell")
        assert group.convener_account_id == sara.account_id
        assert [held.group_id for held in sara.holding({"convener"})] == [group.id]
        assert maria.holding({"convener"}) == ()
        assert maria.holding({"representative"})


@pytest.mark.parametrize("who", ["nils.ek", "eva.lund", "mats.ode"])
def test_others_do_not(app: Application, who: str) -> None:
    new = ways(app, convener="sara.lindqvist")
    with pytest.raises(NotYourGroup):
        set_ways(app, who, new)


def test_what_cannot_be_right_is_refused(app: Application) -> None:
    for new in (
        ways(app, convener="nils.ek"),
        ways(app, convener="maria.sandell", days=0),
        ways(app, convener="maria.sandell", told="mail"),
    ):
        with pytest.raises(BadGroup):
            set_ways(app, "maria.sandell", new)


def test_a_new_seat_is_vacant_and_comes_once(app: Application) -> None:
    with app.database.transaction() as tx:
        group = store.group(tx, "varnamo").id
        with pytest.raises(NotYourGroup):
            groups.add_seat(tx, app, actor(tx, "ida.rask"), group, "varnamo/vuxen")

        groups.add_seat(tx, app, actor(tx, "maria.sandell"), group, "varnamo/vuxen")

        with pytest.raises(SeatThere):
            groups.add_seat(tx, app, actor(tx, "maria.sandell"), group, "varnamo/vuxen")
        assert store.seats(tx, group, TODAY)[-1].vacant_since == TODAY
