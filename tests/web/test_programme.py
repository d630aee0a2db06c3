"""The programme's page and the banner that every page shows; the groups' own pages."""

import re
from datetime import UTC, date, datetime
from io import BytesIO
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from httpx2 import Response
from pypdf import PdfReader

from tests.web.reading import addresses, fields, said
from tests.web.test_calendar import address_made, events, fetched, plan_a_meeting
from tests.web.test_disclosure import OTHER, WANTED, a_case
from tests.web.test_reports import file_one
from tests.web.world import Site


def chosen(page: Response) -> list[tuple[str, str]]:
    """What stands in the form, selected options too, as a browser sends it."""
    main = page.text.partition("<main")[2]
    pairs = [pair for pair in fields(page).items() if pair[0] != "languages"]
    pairs += [("languages", code) for code in re.findall(r'value="(\w\w)" checked', main)]
    for name, options in re.findall(r'<select[^>]*name="([\w-]+)">(.*?)</select>', main, re.S):
        picked = re.search(r'value="([^"]*)" selected', options)
        pairs.append((name, picked[1] if picked else ""))
    return pairs


def text_of(paper: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(BytesIO(paper)).pages)


def post(client: object, path: str, pairs: list[tuple[str, str]]) -> Response:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    return client.post(path, content=urlencode(pairs), headers=headers)  # type: ignore[attr-defined,no-any-return]


def test_the_coordinator_plans_the_end_and_every_page_tells_it(site: Site) -> None:
    client = site.client("karin.holt")
    sent = dict(chosen(client.get("/programme")))
    sent |= {"closing_from": "2027-02-10", "decision": "RRB 12/2027"}

    answer = post(client, "/programme", list(sent.items()))

    assert answer.status_code == 303, said(answer)
    for who in (None, "sara.lindqvist"):
        path = "/tasks" if who else "/sign-in"
        told = said(site.client(who).get(path))
        assert "From Wednesday 10 February no new cases are taken." in told
    assert ("programme.change", "") in site.written_down()


def test_pages_say_times_of_the_programmes_zone(site: Site) -> None:
    client = site.client("karin.holt")
    assert "1 February 09:00" in said(client.get("/me"))

    sent = dict(chosen(client.get("/programme"))) | {"time_zone": "Pacific/Auckland"}
    post(client, "/programme", list(sent.items()))

    assert "1 February 21:00" in said(client.get("/me"))


def test_what_leaves_says_days_and_times_of_the_programmes_zone(site: Site) -> None:
    """When it is evening on 1 February in Sweden, the morning of 2 February has begun there."""
    karin, sara = site.client("karin.holt"), site.client("sara.lindqvist")
    sent = dict(chosen(karin.get("/programme"))) | {"time_zone": "Pacific/Auckland"}
    post(karin, "/programme", list(sent.items()))
    site.clock.set(datetime(2027, 2, 1, 20, tzinfo=UTC))
    karin, sara = site.client("karin.holt"), site.client("sara.lindqvist")
    meeting = plan_a_meeting(site, date(2027, 3, 15))
    file_one(sara)
    _, path = a_case(site)
    sara.post(f"{path}/requests", data=WANTED)

    feed = fetched(site, address_made(site, "sara.lindqvist"))
    begins = events(feed)[f"meeting-{meeting}@127.0.0.1"].start
    register = karin.get("/reports/register.csv").text
    [row] = karin.get("/reports/register.json").json()
    colleague = site.client(OTHER)
    held = colleague.get(f"{path}/requests/1/data").json()
    paper = colleague.get(f"{path}/requests/1/print").content

    assert begins == datetime(2027, 3, 15, 13, tzinfo=ZoneInfo("Pacific/Auckland"))
    assert (row["filed"], "2027-02-02" in register) == ("2027-02-02", True)
    assert min(one["on"] for one in held["happened"]) == "2027-02-02"
    assert min(one["at"] for one in held["entries"]) == "2027-02-02T09:00:00+13:00"
    assert "Tuesday 2 February 2027" in text_of(paper)


def test_saving_what_stands_there_changes_nothing(site: Site) -> None:
    client = site.client("karin.holt")
    before = chosen(client.get("/programme"))

    post(client, "/programme", before)

    assert chosen(client.get("/programme")) == before


def test_a_wrong_programme_keeps_what_was_typed(site: Site) -> None:
    client = site.client("karin.holt")
    sent = dict(chosen(client.get("/programme"))) | {"closing_from": "2027-02-10", "title": "New"}

    page = post(client, "/programme", list(sent.items()))

    assert page.status_code == 422
    assert "Ending a programme needs the reference of the decision." in said(page)
    assert fields(page)["title"] == "New"


def test_others_neither_see_nor_change_it(site: Site) -> None:
    client = site.client("eva.lund")

    assert client.get("/programme").status_code == 403
    assert client.post("/programme", data={"title": "Ours"}).status_code == 403
    assert ("refused.change-programme", "role") in site.written_down()


def test_a_group_says_how_it_is_called_together(site: Site) -> None:
    """GG-18, GG-20."""
    client = site.client("maria.sandell")
    [path] = addresses(client.get("/contacts/groups"), r"/contacts/groups/\d+")
    sent = dict(chosen(client.get(path))) | {"notice_days": "10", "agenda_disclosure": "post"}

    answer = client.post(path, data=sent)

    assert answer.status_code == 303
    assert fields(client.get(path))["notice_days"] == "10"
    assert site.client("nils.ek").get(path).status_code == 403
    too_late = client.post(path, data=sent | {"notice_days": "0"})
    assert too_late.status_code == 422
    assert "Give the notice in days" in said(too_late)
