"""Reports: never about a person, read by those who see to them, answered to whoever reported."""

import csv
import json
from datetime import timedelta
from io import StringIO
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient

from casework.access import Action, may
from casework.cases import store as case_store
from casework.report_register import actions as reports
from casework.reports import rules, store
from casework.reports.filing import Pin
from casework.reports.tables import Report
from casework.statistics.actions import report_counts
from casework.words import Words
from tests.web.reading import addresses, heading, said
from tests.web.test_statements import listening
from tests.web.world import Site

HAPPENED = "The office asks for a certificate that the clinic cannot issue before the decision."
FILED = {"type": "catch22_rule", "area": "varnamo", "organisations": "fk", "happened": HAPPENED}


def file_one(client: TestClient, kind: str = "deviation", **named: str) -> str:
    """The address of what was reported."""
    answer = client.post(f"/reports/new/{kind}", data={"_key": uuid4().hex, **FILED, **named})
    assert answer.status_code == 303, said(answer)
    return answer.headers["location"].partition("?")[0]


def subject_of(site: Site, report: str) -> UUID:
    with site.database.reading() as tx:
        return store.by_id(tx, int(report.rpartition("/")[2])).case_id


def do(site: Site, who: str, report: str, element: str, **named: str) -> None:
    """A step of the report's diagram, as its page sends it."""
    task = site.open_step(subject_of(site, report), element)
    sent = {"_do": "complete", "_key": uuid4().hex, **site.answers(who, task, **named)}
    answer = site.client(who).post(f"/tasks/{task}", data=sent)
    assert answer.status_code == 303, said(answer)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("It concerns 19870412-1234.", "This looks like an identity number."),
        ("As in VMO-2027-001.", "This is the number of a case."),
        ("Ring 070-123 45 67.", "This looks like a telephone number."),
    ],
)
def test_a_report_that_points_at_somebody_is_refused_at_its_field(
    site: Site, text: str, sentence: str
) -> None:
    client = site.client("sara.lindqvist")
    sent = {"_key": uuid4().hex, **FILED, "consequence": text}

    page = client.post("/reports/new/deviation", data=sent)

    assert page.status_code == 422
    assert sentence in said(page)
    assert 'href="#f-consequence"' in page.text
    assert HAPPENED in page.text
    with site.database.reading() as tx:
        assert store.lived(tx) == []


def test_a_deviation_is_acknowledged_solved_and_fed_back(site: Site) -> None:
    report = file_one(site.client("sara.lindqvist"))
    site.pass_time(timedelta(days=2))
    sara = site.client("sara.lindqvist")

    filed = said(sara.get(report))
    do(site, "karin.holt", report, "acknowledge_report", handling="manager")
    do(site, "karin.holt", report, "contact_manager", solved="yes", agreed="The record will do.")
    do(site, "karin.holt", report, "give_feedback", outcome="solved", feedback="It works now.")

    told = said(sara.get(report))
    assert "GGVV-R-2027-001" in filed
    assert "not read yet" in filed
    assert "Read by the federation Wednesday 3 February" in told
    assert "solved between managers" in told
    assert "Feedback It works now." in told


def test_a_step_of_a_report_shows_the_report_and_no_case(site: Site) -> None:
    report = file_one(site.client("sara.lindqvist"), anonymous="true")
    task = site.open_step(subject_of(site, report), "acknowledge_report")

    page = site.client("karin.holt").get(f"/tasks/{task}")

    assert HAPPENED in said(page)
    assert "Sara Lindqvist" not in page.text
    assert f"/cases/{subject_of(site, report)}" not in page.text


def test_what_a_report_hangs_on_is_a_case_to_nobody(site: Site) -> None:
    subject = subject_of(site, file_one(site.client("sara.lindqvist")))

    for who in ("sara.lindqvist", "karin.holt", "mats.ode", "maria.sandell"):
        client = site.client(who)
        assert client.get(f"/cases/{subject}").status_code == 404, who
        assert "GGVV-R" not in said(client.get("/cases"))
        with site.database.reading() as tx:
            actor, facts = site.actor(tx, who), case_store.facts(tx, subject)
            day = site.clock.now().date()
            assert not case_store.known(tx, actor, day)
            assert not any(
                may(actor, action, facts, on=day).allowed
                for action in Action
                if action is not Action.WRITE_STEP
            )


@pytest.mark.parametrize("kind", ["deviation", "dilemma"])
def test_who_sees_a_report_is_the_same_in_lists_and_on_pages(site: Site, kind: str) -> None:
    with site.database.reading() as tx:
        varnamo = next(
            one.group_id for one in site.actor(tx, "sara.lindqvist").memberships if one.group_id
        )
    report = file_one(site.client("sara.lindqvist"), kind, _group=str(varnamo), anonymous="true")
    number = int(report.rpartition("/")[2])
    seeing = set()

    for who in ("sara.lindqvist", "karin.holt", "mats.ode", "lena.ask", "karl.moberg"):
        page = site.client(who).get(report)
        with site.database.reading() as tx:
            listed = store.listed(tx, site.actor(tx, who), kind="", status="", limit=9)
        assert ([one.id for one in listed] == [number]) == (page.status_code == 200), who
        assert ("Sara Lindqvist" in said(page)) == (who in ("sara.lindqvist", "karin.holt")), who
        seeing |= {who} if page.status_code == 200 else set()

    outsiders = {"lena.ask", "karl.moberg"} if kind == "deviation" else {"karl.moberg"}
    everybody = {"sara.lindqvist", "karin.holt", "mats.ode", "lena.ask", "karl.moberg"}
    assert seeing == everybody - outsiders


def test_the_same_report_sent_twice_is_one(site: Site) -> None:
    client, key = site.client("sara.lindqvist"), uuid4().hex

    answers = [client.post("/reports/new/deviation", data={"_key": key, **FILED}) for _ in "12"]

    assert answers[0].headers["location"] == answers[1].headers["location"]
    with site.database.reading() as tx:
        assert len(store.lived(tx)) == 1


def test_a_report_is_about_the_step_it_was_made_at(site: Site) -> None:
    case_id = site.case_as_in("ac_01_arena_straight")
    client = site.client("sara.lindqvist")
    task = client.get(f"/tasks/{site.open_step(case_id, 'describe_need')}")
    [ask] = addresses(task, r"/reports/new\?[^\"]+")
    process, element = "referral", "describe_need"

    page = client.get(ask.replace("&amp;", "&"))
    report = file_one(client, _process=process, _element=element)
    other = file_one(client, _process=process, _element="gone")

    assert "About the step “" in said(page)
    assert "The step it is about" in said(client.get(report))
    assert "The step it is about" not in said(client.get(other))


def test_the_register_leaves_as_a_file_with_the_outside_number(site: Site) -> None:
    report = file_one(site.client("sara.lindqvist"), happened="=2+3 is no formula here")
    karin = site.client("karin.holt")

    wrong = karin.post(f"{report}/reference", data={"reference": "870412-1238"})
    karin.post(f"{report}/reference", data={"reference": "LH 2027/14"})
    sheet = list(
        csv.DictReader(StringIO(karin.get("/reports/register.csv").text[1:]), delimiter=";")
    )
    rows = json.loads(karin.get("/reports/register.json").text)

    assert wrong.status_code == 422
    assert sheet[0]["happened"] == "'=2+3 is no formula here"
    assert (sheet[0]["number"], sheet[0]["reference"]) == ("GGVV-R-2027-001", "LH 2027/14")
    assert [(row["number"], row["reference"]) for row in rows] == [
        ("GGVV-R-2027-001", "LH 2027/14")
    ]
    assert site.client("sara.lindqvist").get("/reports/register.csv").status_code == 403


def test_the_register_asks_as_much_of_the_database_with_three_as_with_one(site: Site) -> None:
    sara, karin = site.client("sara.lindqvist"), site.client("karin.holt")
    file_one(sara)
    karin.get("/reports")
    with listening(site) as one:
        karin.get("/reports?kind=deviation")
    file_one(sara)
    file_one(sara, "need")
    with listening(site) as three:
        page = karin.get("/reports?status=open")

    assert len(one.statements) == len(three.statements)
    assert said(page).count("GGVV-R-2027-") == 3
    assert heading(page) == "Reports"


def test_small_numbers_of_reports_are_not_shown(site: Site) -> None:
    sara = site.client("sara.lindqvist")
    for _ in range(6):
        file_one(sara)
    file_one(sara, "need")

    with site.database.reading() as tx:
        counted = {
            one.title: one for one in report_counts(tx, Words(site.application.pack(tx), "en"))
        }

    assert (counted["Need"].all, counted["Deviation"].days) == ("< 5", "–")
    assert counted["Deviation"].all == counted["Deviation"].open == "6"


def test_a_report_of_no_kind_is_not_found(site: Site) -> None:
    client = site.client("sara.lindqvist")

    assert client.get("/reports/new?kind=gossip").status_code == 404
    assert client.post("/reports/new/gossip", data={"_key": "a", **FILED}).status_code == 404


def test_a_dilemma_that_planning_ends_in_is_reported_without_the_person(site: Site) -> None:
    site.case_as_in("ac_06_refused_measure", steps=99)

    with site.database.reading() as tx:
        [dilemma] = tx.query(Report).all()
        page = reports.report_page(tx, site.application, site.actor(tx, "karin.holt"), dilemma.id)

    assert (dilemma.kind, dilemma.type, dilemma.element) == (
        "dilemma",
        "no_agreement",
        "report_dilemma",
    )
    assert dilemma.reporter_account_id is None
    assert page.row.happened == ""
    assert rules.count([], ["dilemma"], fewest=5)[0].all == 0
    assert Pin() == Pin(dilemma.happened)
