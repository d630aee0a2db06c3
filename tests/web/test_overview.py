"""The manager's page over HTTP: numbers and holders, never names of people in cases."""

from base import clock
from casework.accounts import actions as accounts
from casework.accounts import store as account_store
from casework.cases import actions as cases
from casework.cases import store as case_store
from casework.people import actions as people
from casework.people.rules import Person
from tests.casework.arena import a_colleague, a_started_case


def test_a_manager_sees_case_numbers_and_gives_a_step_on(site):
    a_started_case(site.application)
    kim = a_colleague(site.application, "sara.lindqvist", "Kim Ros")
    manager = site.client("eva.lund")

    shown = manager.get("/overview")
    address = shown.text.split('href="/overview/tasks/')[1].split('"')[0]
    asked = manager.get(f"/overview/tasks/{address}")
    given = manager.post(f"/overview/tasks/{address}", data={"account": str(kim)})

    assert "VMO-2027-001" in shown.text
    assert "Kim Ros" in asked.text
    assert given.headers["location"] == "/overview?said=given"
    assert "Kim Ros" in manager.get("/overview").text


def test_no_page_of_a_manager_holds_what_is_known_of_the_person(site):
    case_id = site.case_as_in("ac_01_arena_straight", steps=2)
    with site.database.transaction() as tx:
        case = case_store.by_id(tx, case_id)
        cases.set_alias(tx, case_id, "Björken")
        number, account_id = case.number, case.referrer_account_id
        facts = case_store.facts(tx, case_id)
        who = accounts.actor_of(tx, account_store.by_id(tx, account_id))
        anna = Person("Anna", "Berg", "none", "", "", "", "")
        people.record_person(tx, who, facts, anna, on=clock.today(tx, "UTC"))

    manager = site.client("eva.lund")
    overview = manager.get("/overview").text
    address = overview.split('href="/overview/tasks/')[1].split('"')[0]
    pages = [manager.get(f"/overview{path}").text for path in ("/counts.csv", f"/tasks/{address}")]

    assert number in overview
    for text in (overview, *pages):
        assert not any(word in text for word in ("Anna", "Berg", "Björken"))


def test_other_managers_cannot_open_the_step(site):
    a_started_case(site.application)
    text = site.client("eva.lund").get("/overview").text
    address = text.split('href="/overview/tasks/')[1].split('"')[0]

    other = site.client("bo.strand")

    assert other.get(f"/overview/tasks/{address}").status_code == 404
    assert other.post(f"/overview/tasks/{address}", data={"account": "1"}).status_code == 404


def test_a_step_goes_only_to_somebody_who_holds_its_role(site):
    a_started_case(site.application)
    manager = site.client("eva.lund")
    address = manager.get("/overview").text.split('href="/overview/tasks/')[1].split('"')[0]

    answer = manager.post(f"/overview/tasks/{address}", data={"account": "99999"})

    assert answer.status_code == 403


def test_caseworkers_have_no_overview(site):
    client = site.client("sara.lindqvist")

    assert client.get("/overview").status_code == 403
    assert client.get("/overview/counts.csv").status_code == 403


def test_what_is_downloaded_hides_what_the_page_hides(site):
    for _ in range(3):
        a_started_case(site.application)

    text = site.client("asa.kvist").get("/overview/counts.csv?process=referral").text

    lines = text.removeprefix("\ufeff").splitlines()
    assert lines[:2] == ["Table;Row;Cases;Ours;Late", "Milestones;The case is raised;< 5;;"]
    assert "Open steps by organisation;Värnamo kommun;< 5;;0" in lines


def test_a_diagram_has_an_address_of_its_own(site):
    answer = site.client("eva.lund").get("/overview/referral")

    assert answer.headers["location"] == "/overview?process=referral#diagram"
    assert site.client("eva.lund").get("/overview?process=nothing").status_code == 404
