"""The directory: organisations, groups with their seats, who does what, what the public sees."""

import re
from datetime import date

import pytest

from base.db import Session
from casework.accounts import actions as accounts
from casework.accounts import store as account_store
from casework.organisations import actions as organisations
from casework.organisations import store
from tests.arena import PASSWORD
from tests.web.reading import addresses, fields, heading, said
from tests.web.test_statements import listening
from tests.web.world import Site

TODAY = date(2027, 2, 1)
SEAT = r"/contacts/seats/\d+"


def colleague(page_text: str, name: str) -> str:
    """The number of a person that the page offers."""
    found = re.search(rf'name="account" id="a(\d+)"[^>]*><label[^>]*>{name}<', page_text)
    assert found is not None
    return found[1]


def grow(tx: Session) -> None:
    """Three more organisations, each with a seat and somebody in it."""
    group = store.group(tx, "varnamo")
    for number in range(3):
        place = organisations.add_organisation(tx, f"more{number}", "More", "agency")
        who = accounts.add_account(tx, f"more{number}", "More", language="sv")
        accounts.appoint(tx, who.id, place.id, "auditor", valid_from=TODAY, group_id=group.id)
        seat = organisations.add_seat(tx, group.id, place.id, valid_from=TODAY)
        organisations.seat_somebody(tx, seat, who.id, valid_from=TODAY)


def test_a_manager_appoints_and_the_new_one_acknowledges(site: Site) -> None:
    """GG-07, from page to page."""
    manager, new = site.client("stefan.grund"), site.client("moa.wall")
    [seat, *_] = addresses(manager.get("/contacts/groups"), SEAT)
    page = manager.get(seat)
    sent = {"account": colleague(page.text, "Moa Wall"), "valid_from": "2027-02-01"}

    answer = manager.post(seat, data=sent)

    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/contacts/groups?said=appointed",
    )
    assert "You have been appointed to 1 seat" in said(new.get("/tasks"))
    entered = site.client().post(
        "/sign-in", data={"user_name": "moa.wall", "password": PASSWORD, "next": "/tasks"}
    )
    assert entered.headers["location"] == "/assignments"
    [acknowledge] = addresses(new.get("/assignments"), r"/assignments/\d+/acknowledge")
    assert manager.post(acknowledge).status_code == 404
    assert new.post(acknowledge).status_code == 303
    assert heading(new.get("/assignments")) == "Your assignments"
    assert "Nothing to acknowledge" in said(new.get("/assignments"))
    told = site.client("nils.ek").get("/contacts/groups")
    assert "Moa Wall represents Försäkringskassan" in said(told)


def test_nobody_else_opens_a_seat_and_the_attempt_is_written_down(site: Site) -> None:
    [seat, *_] = addresses(site.client("stefan.grund").get("/contacts/groups"), SEAT)
    client = site.client("karin.holt")

    page = client.post(seat, data={"account": "1", "valid_from": "2027-02-01"})

    assert page.status_code == 403
    assert site.written_down()[-1] == ("refused.appoint", "appoints")
    assert "its manager does it, and nobody else" in said(page)
    assert client.get(seat).status_code == 403
    assert site.written_down()[-1] == ("refused.seat", "appoints")
    assert addresses(client.get("/contacts/groups"), seat) == []


@pytest.mark.parametrize("day", ["2027-01-31", "", "soon", "2027-13-01"])
def test_a_wrong_day_appoints_nobody(site: Site, day: str) -> None:
    manager = site.client("stefan.grund")
    [seat, *_] = addresses(manager.get("/contacts/groups"), SEAT)
    moa = colleague(manager.get(seat).text, "Moa Wall")

    page = manager.post(seat, data={"account": moa, "valid_from": day})

    assert page.status_code == 422
    assert "Choose a first day that has not passed" in said(page)


def test_the_public_sees_no_names_before_an_organisation_says_so(site: Site) -> None:
    public, manager = site.client(), site.client("stefan.grund")
    before = public.get("/contacts/public")
    [edit] = addresses(manager.get("/contacts"), r"/contacts/organisations/\d+")

    manager.post(edit, data={"phone": "0980-319 240", "names_public": "true"})

    after = public.get("/contacts/public")
    assert before.status_code == 200
    assert "Försäkringskassan" in said(before)
    assert "Ida Rask" not in before.text
    assert "0980-319 240" in said(after)
    assert "Ida Rask" in said(after)
    assert "Sara Lindqvist" not in after.text


def test_no_organisation_stands_there_without_a_way_to_reach_it(site: Site) -> None:
    """AG-15: the programme's support answers for those who have given none."""
    page = site.client().get("/contacts/public")

    assert "Turn to Samordningsförbundets kansli, 0980-319 200" in said(page)


def test_others_do_not_change_how_an_organisation_is_reached(site: Site) -> None:
    [edit] = addresses(
        site.client("stefan.grund").get("/contacts"), r"/contacts/organisations/\d+"
    )

    assert site.client("eva.lund").post(edit, data={"phone": "1"}).status_code == 403
    assert site.client("karin.holt").post(edit, data={"phone": "1"}).status_code == 303


def test_who_does_what_warns_where_nobody_does(site: Site) -> None:
    page = said(site.client("sara.lindqvist").get("/contacts/roles"))

    assert "Auditor Finnvedens samordningsförbund Mats Ode" in page
    assert "Nobody holds this role" not in page
    with site.database.transaction() as tx:
        row = site.actor(tx, "mats.ode")
        for held in account_store.rows_of(tx, row.account_id, TODAY):
            held.valid_until = date(2027, 1, 31)
    page = said(site.client("sara.lindqvist").get("/contacts/roles"))
    assert "Auditor Nobody holds this role" in page


@pytest.mark.parametrize("path", ["/contacts", "/contacts/groups", "/contacts/roles"])
def test_the_directory_asks_as_much_for_many_as_for_few(site: Site, path: str) -> None:
    client = site.client("karin.holt")
    client.get(path)
    with listening(site) as few:
        client.get(path)
    with site.database.transaction() as tx:
        grow(tx)

    with listening(site) as many:
        page = client.get(path)

    assert page.status_code == 200
    assert len(many.statements) == len(few.statements)


def test_a_list_is_shown_first_and_written_after_the_yes(site: Site) -> None:
    manager = site.client("stefan.grund")
    table = "grupp;organisation;användarnamn\nvarnamo;fk;moa.wall\n"

    shown = manager.post("/contacts/list", files={"file": ("list.csv", table.encode("cp1252"))})
    written = manager.post("/contacts/list/write", data={"kept": fields(shown)["kept"]})

    assert "2 changed varnamo fk moa.wall" in said(shown)
    assert written.headers["location"] == "/contacts/groups?said=appointed-list"
    again = manager.post("/contacts/list", files={"file": ("list.csv", table.encode())})
    assert "Everything in it is so already." in said(again)
    late = manager.post("/contacts/list/write", data={"kept": "not base64"})
    assert late.status_code == 422


def test_a_list_with_something_wrong_says_so_at_its_cell(site: Site) -> None:
    table = "group,organisation,user_name\nvarnamo,fk,<script>\n"
    manager = site.client("stefan.grund")

    shown = manager.post("/contacts/list", files={"file": ("list.csv", table.encode())})
    none = manager.post("/contacts/list", files={"file": ("list.csv", b"PK\x03\x04")})

    assert "Nobody with this user name works in the organisation." in said(shown)
    assert "<script>" not in shown.text.partition("<main")[2]
    assert "kept" not in fields(shown)
    assert none.status_code == 422
    assert site.client("ida.rask").get("/contacts/list").status_code == 403
