"""The calendar feed: what a calendar reads, and all that makes its address show nothing."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from httpx2 import Response
from icalendar import Calendar, Event

from base.settings import Settings
from casework.accounts import actions as accounts
from casework.agenda import actions as agenda
from casework.calendar.rules import DueDay, GroupMeeting, begins, due_days
from casework.calendar.writing import written
from tests.web.reading import said
from tests.web.test_statements import listening
from tests.web.world import Site, open_site

STOCKHOLM = "Europe/Stockholm"


@pytest.fixture(scope="module")
def site(shared_settings: Settings) -> Iterator[Site]:
    site = open_site(shared_settings)
    yield site
    site.close()


def address_made(site: Site, user_name: str) -> str:
    page = site.client(user_name).post("/me/calendar")
    [address] = re.findall(r"http://127\.0\.0\.1:8000(/calendar/[\w-]{43}\.ics)", page.text)
    return str(address)


def fetched(site: Site, address: str, **headers: str) -> Response:
    return site.client().get(address, headers=headers)


def events(answer: Response) -> dict[str, Event]:
    found = Calendar.from_ical(answer.content)
    assert isinstance(found, Calendar)
    return {str(event["uid"]): event for event in found.events}


def plan_a_meeting(site: Site, on: date) -> int:
    with site.database.transaction() as tx:
        maria = site.actor(tx, "maria.sandell")
        [(group, _)] = agenda.convened_groups(tx, maria)
        return agenda.plan_meeting(
            tx, site.application, maria, group_id=group, on=on, time="13:00", place="Stadshuset"
        )


def test_a_calendar_reads_due_days_and_meetings_and_nobodys_name(site: Site) -> None:
    case_id = site.case_as_in("ac_01_arena_straight", steps=1)
    site.case_as_in("ac_01_arena_straight", steps=1)
    meeting = plan_a_meeting(site, date(2027, 3, 15))
    address = address_made(site, "sara.lindqvist")

    answer = fetched(site, address)

    found = events(answer)
    place = found[f"meeting-{meeting}@127.0.0.1"]
    assert place.start == datetime(2027, 3, 15, 13, tzinfo=ZoneInfo(STOCKHOLM))
    assert (place["location"], place["status"]) == ("Stadshuset", "CONFIRMED")
    due = [each for uid, each in found.items() if uid.startswith("due-")]
    assert [str(each["summary"]) for each in due] == ["2 steps are due in Samplan"]
    assert site.number_of(case_id) not in answer.text
    assert "TZID:Europe/Stockholm" in answer.text
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["cache-control"] == "private, max-age=900"
    assert "set-cookie" not in answer.headers
    assert events(fetched(site, address)).keys() == found.keys()
    assert "fetched it last on Monday 1 February" in said(
        site.client("sara.lindqvist").get("/me/calendar")
    )


def test_what_has_not_changed_is_not_sent_again(site: Site) -> None:
    address = address_made(site, "nils.ek")
    mark = fetched(site, address).headers["etag"]

    assert fetched(site, address, **{"if-none-match": mark}).status_code == 304
    assert fetched(site, address, **{"if-none-match": '"another"'}).status_code == 200


def test_it_asks_as_much_for_many_meetings_as_for_one(site: Site) -> None:
    address = address_made(site, "maria.sandell")
    plan_a_meeting(site, date(2027, 4, 1))
    fetched(site, address)
    with listening(site) as few:
        fetched(site, address)
    plan_a_meeting(site, date(2027, 4, 2))
    plan_a_meeting(site, date(2027, 4, 3))

    with listening(site) as many:
        fetched(site, address)

    assert len(many.statements) == len(few.statements)


def test_an_address_ends(site: Site) -> None:
    first = address_made(site, "siv.dahl")
    second = address_made(site, "siv.dahl")
    assert [fetched(site, each).status_code for each in (first, second)] == [404, 200]
    assert first not in site.client("siv.dahl").get("/me/calendar").text

    site.client("siv.dahl").post("/me/calendar/end")
    third = address_made(site, "siv.dahl")
    with site.database.transaction() as tx:
        accounts.close_account(tx, site.actor(tx, "siv.dahl").account_id)

    assert [fetched(site, each).status_code for each in (second, third)] == [404, 404]
    assert fetched(site, "/calendar/guessed.ics").status_code == 404


def test_days_are_those_of_the_programme() -> None:
    late = datetime(2027, 2, 1, 23, 30, tzinfo=UTC)

    assert due_days([late, None, late + timedelta(hours=1)], STOCKHOLM) == (
        DueDay(date(2027, 2, 2), 2),
    )
    assert begins(date(2027, 7, 1), "09:30", STOCKHOLM).astimezone(UTC).hour == 7


@pytest.mark.parametrize("cancelled", [False, True])
def test_a_cancelled_meeting_says_so_under_the_same_uid(cancelled: bool) -> None:
    meeting = GroupMeeting(
        7, "Värnamo", begins(date(2027, 7, 1), "09:30", STOCKHOLM), "Sal 2; plan 1", cancelled
    )

    feed = written(
        (),
        [meeting],
        name="Samplan",
        host="a.example",
        stamp=datetime(2027, 1, 1, tzinfo=UTC),
        say=str,
    )

    [event] = Calendar.from_ical(feed).events  # type: ignore[union-attr]
    assert (event["uid"], event["status"], event["sequence"], event["location"]) == (
        "meeting-7@a.example",
        "CANCELLED" if cancelled else "CONFIRMED",
        int(cancelled),
        "Sal 2; plan 1",
    )
