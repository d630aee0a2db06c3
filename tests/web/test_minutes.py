"""What a meeting keeps of itself: roll, minutes, knowledge, and what became of it."""

from datetime import date, timedelta

import pytest
from fastapi.testclient import TestClient

from casework.meetings import rules
from tests.web.reading import addresses, said
from tests.web.test_reports import file_one
from tests.web.world import Site

_SEAT = r'name="seat" value="(\d+)"'


def a_meeting(site: Site, *, days: int = 0) -> tuple[TestClient, str]:
    """The convener of Värnamo, and a meeting that was planned for so many days ahead."""
    client = site.client("maria.sandell")
    [group] = addresses(client.get("/meetings"), r'name="group" value="(\d+)"')
    on = (site.clock.now() + timedelta(days=days)).date().isoformat()
    sent = {"group": group, "on": on, "at": "13:00", "place": "Stadshuset"}
    answer = client.post("/meetings", data=sent)
    return client, answer.headers["location"].partition("?")[0]


def test_a_meeting_counts_as_held_when_two_organisations_were_there(site: Site) -> None:
    client, meeting = a_meeting(site)
    seats = addresses(client.get(meeting), _SEAT)

    client.post(f"{meeting}/roll", data={"seat": seats[:2]})
    client.post(f"{meeting}/conclude")
    other, _ = client, a_meeting(site)
    _, lonely = a_meeting(site)
    client.post(f"{lonely}/roll", data={"seat": seats[:1]})
    client.post(f"{lonely}/conclude")

    assert "counts as held" in said(other.get(meeting))
    assert "fewer than two organisations were there" in said(other.get(lonely))
    assert "1 of 2 held" in said(client.get("/meetings"))


def test_minutes_may_name_cases_by_number_and_nobody_else(site: Site) -> None:
    client, meeting = a_meeting(site)

    saved = client.post(f"{meeting}/minutes", data={"minutes": "VMO-2027-001 was taken up."})
    refused = client.post(f"{meeting}/minutes", data={"minutes": "Ring 070-123 45 67."})
    learned = client.post(f"{meeting}/notes", data={"note": "Ask the clinic first."})
    wrong = client.post(f"{meeting}/notes", data={"note": "As in VMO-2027-001."})

    assert saved.status_code == learned.status_code == 303
    assert (refused.status_code, wrong.status_code) == (422, 422)
    assert "Ring 070-123 45 67." in refused.text
    assert "VMO-2027-001 was taken up." in said(site.client("lena.ask").get(meeting))
    assert "Ask the clinic first. Arenagruppen Värnamo" in said(
        site.client("karl.moberg").get("/meetings")
    )


def test_nothing_is_minuted_before_the_day_or_by_others(site: Site) -> None:
    client, meeting = a_meeting(site, days=3)

    early = client.post(f"{meeting}/minutes", data={"minutes": "Already"})
    others = site.client("lena.ask").post(f"{meeting}/minutes", data={"minutes": "Mine"})

    assert (early.status_code, others.status_code) == (409, 403)
    assert "on its day, not before" in said(early)


def test_an_organisation_confirms_what_it_did_afterwards_for_itself_alone(site: Site) -> None:
    client, meeting = a_meeting(site)
    seats = addresses(client.get(meeting), _SEAT)
    client.post(f"{meeting}/roll", data={"seat": seats})
    client.post(f"{meeting}/conclude")
    lena = site.client("lena.ask")

    [mine] = addresses(lena.get(meeting), rf"{meeting}/seats/\d+/documented")
    lena.post(mine)
    lena.post(mine.replace("documented", "passed-on"))
    others = next(seat for seat in seats if f"/{seat}/" not in mine)
    refused = lena.post(f"{meeting}/seats/{others}/documented")

    page = said(lena.get(meeting))
    assert "documented" in page
    assert "passed on" in page
    assert not addresses(lena.get(meeting), rf"{meeting}/seats/\d+/")
    assert refused.status_code == 403


def test_a_meeting_is_cancelled_with_a_reason(site: Site) -> None:
    client, meeting = a_meeting(site, days=3)

    without = client.post(f"{meeting}/cancel", data={"reason": " "})
    client.post(f"{meeting}/cancel", data={"reason": "Snow"})
    again = client.post(f"{meeting}/conclude")

    assert without.status_code == 409
    assert "cancelled Snow" in said(client.get(meeting))
    assert again.status_code == 409


def test_a_dilemma_that_was_solved_comes_to_the_next_meeting(site: Site) -> None:
    client, meeting = a_meeting(site)
    group = addresses(client.get("/meetings"), r'name="group" value="(\d+)"')[0]
    file_one(site.client("sara.lindqvist"), "dilemma", _group=group, solved_locally="true")
    file_one(site.client("sara.lindqvist"), "deviation", _group=group)

    page = said(client.get(meeting))

    assert "Dilemmas of the group 1" in page
    assert "solved: tell the group" in page


def test_the_group_sees_how_it_is_called_together(site: Site) -> None:
    client, meeting = a_meeting(site)

    page = said(client.get(meeting))

    assert "How the group works Called together" in page
    assert "The agenda is told" in page


TERM = (date(2027, 1, 1), date(2027, 6, 30), 2)


@pytest.mark.parametrize(
    ("today", "held", "booked", "code"),
    [
        (date(2027, 2, 1), 0, 0, "fine"),
        (date(2027, 4, 1), 0, 0, "none_booked"),
        (date(2027, 4, 1), 0, 1, "fine"),
        (date(2027, 4, 1), 1, 0, "fine"),
        (date(2027, 5, 31), 1, 0, "too_few"),
        (date(2027, 5, 30), 1, 0, "fine"),
        (date(2027, 6, 1), 1, 1, "fine"),
        (date(2027, 7, 1), 1, 0, "missed"),
        (date(2027, 7, 1), 2, 0, "fine"),
    ],
)
def test_a_term_without_two_meetings_is_warned_of(
    today: date, held: int, booked: int, code: str
) -> None:
    """GG-17: at half-term without any, in the last thirty days, and when it is over."""
    first, last, wanted = TERM

    assert rules.standing(
        first, last, wanted, held=held, booked=booked, today=today
    ) == rules.Standing(code, held, booked, wanted)


def test_a_convener_begins_the_term_once(site: Site) -> None:
    client = site.client("maria.sandell")
    [group, *_] = addresses(client.get("/meetings"), r'name="group" value="(\d+)"')

    others = site.client("lena.ask").post("/meetings/terms", data={"group": group})
    begun = client.post("/meetings/terms", data={"group": group})
    again = client.post("/meetings/terms", data={"group": group})

    assert (others.status_code, begun.status_code, again.status_code) == (403, 303, 409)
    assert "Plan the meetings of the term" in said(client.get("/tasks"))
    assert "Begin the term" not in said(client.get("/meetings"))
    assert "Plan the meetings of the term" not in said(site.client("lena.ask").get("/tasks"))
