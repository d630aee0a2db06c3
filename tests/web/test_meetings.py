"""Meetings and their agendas."""

from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import update

from base import clock
from casework.cases import store as case_store
from casework.meetings.tables import AgendaItem
from casework.people import actions as people
from casework.people.rules import Person
from tests.web.reading import addresses, heading, said
from tests.web.world import Site

_ACT = r"/meetings/\d+/items/\d+/(?:begin|conclude)"


def test_a_convener_plans_a_meeting(site: Site) -> None:
    client = site.client("maria.sandell")
    [group] = addresses(client.get("/meetings"), r'name="group" value="(\d+)"')
    sent = {"group": group, "on": "2027-02-18", "at": "13:00", "place": "Stadshuset"}

    answer = client.post("/meetings", data=sent)
    page = client.get(answer.headers["location"])

    assert answer.status_code == 303
    assert heading(page) == "Meeting Thursday 18 February"
    assert "at 13:00 Stadshuset Arenagruppen Värnamo You convene" in said(page)
    assert "Lena Ask" in said(page)


def test_a_meeting_without_a_day_is_not_planned_and_keeps_what_was_typed(site: Site) -> None:
    client = site.client("maria.sandell")
    [group] = addresses(client.get("/meetings"), r'name="group" value="(\d+)"')

    page = client.post("/meetings", data={"group": group, "on": "", "at": "", "place": "Here"})

    assert page.status_code == 422
    assert "Give day, time and place of the meeting." in said(page)
    assert 'value="Here"' in page.text


def test_others_plan_no_meeting(site: Site) -> None:
    client = site.client("lena.ask")

    page = client.post(
        "/meetings", data={"group": 1, "on": "2027-02-18", "at": "13:00", "place": "Here"}
    )

    assert page.status_code == 403
    assert "Plan a meeting" not in said(client.get("/meetings"))


def test_a_case_without_consent_comes_on_no_agenda(site: Site) -> None:
    site.case_as_in("ac_01_arena_straight", steps=8)
    waiting = site.case_as_in("ac_01_arena_straight", steps=3)
    client = site.client("maria.sandell")
    [meeting] = addresses(client.get("/meetings"), r"/meetings/\d+")

    page = client.post(f"{meeting}/place", data={"case": str(waiting)})

    assert page.status_code == 403
    assert "There is no consent in force." in said(page)
    assert "Ask the person, together with whoever raised the case" in said(page)
    assert site.written_down(waiting)[-1] == ("refused.place-case", "no_consent")
    assert "Item 2" not in said(client.get(meeting))


def test_a_general_question_names_nobody(site: Site) -> None:
    case_id = site.case_as_in("ac_01_arena_straight", steps=8)
    it_is(site, case_id, Person("Anna", "Berg"))
    client = site.client("maria.sandell")
    [meeting] = addresses(client.get("/meetings"), r"/meetings/\d+")

    refused = client.post(f"{meeting}/general", data={"title": "What of VMO-2027-001?"})
    lead = site.client("sara.lindqvist")
    named = lead.post(f"{meeting}/general", data={"title": "What Anna's doctor said"})
    added = client.post(f"{meeting}/general", data={"title": "Dates for the autumn"})

    assert (refused.status_code, named.status_code) == (422, 422)
    assert "Somebody of your own cases is called like that" in said(named)
    assert "This is the number of a case. Leave it out" in said(refused)
    assert 'value="What of VMO-2027-001?"' in refused.text
    assert "General questions 1 Dates for the autumn" in said(
        client.get(added.headers["location"])
    )


def test_an_item_is_taken_up_and_concluded_when_everything_is_there(site: Site) -> None:
    case_id = site.case_as_in("ac_01_arena_straight", steps=13)
    site.clock.move(timedelta(days=17))
    client, lead = site.client("maria.sandell"), site.client("sara.lindqvist")
    [meeting] = addresses(client.get("/meetings"), r"/meetings/\d+")

    [begin] = addresses(client.get(meeting), _ACT)
    client.post(begin)
    during = site.processes_at_work(case_id)
    [conclude] = addresses(client.get(meeting), _ACT)
    too_early = client.post(conclude)
    for element in ("record_consultation", "decide_outcome"):
        step = site.open_step(case_id, element)
        answers = site.answers("sara.lindqvist", step)
        lead.post(f"/tasks/{step}", data={"_key": uuid4().hex, **answers})
    concluded = client.post(conclude)

    # GG-16: no planning while the item is taken up, though the person has agreed to plan.
    assert during == {"arena_consultation"}
    assert too_early.status_code == 409
    assert "the outcome has not been written yet" in said(too_early)
    assert "Item 1" in said(client.get(meeting))
    assert concluded.headers["location"] == f"{meeting}?said=item-concluded"


def test_a_convener_of_another_group_finds_no_such_meeting(site: Site) -> None:
    site.case_as_in("ac_01_arena_straight", steps=8)
    [meeting] = addresses(site.client("maria.sandell").get("/meetings"), r"/meetings/\d+")

    assert site.client("karl.moberg").get(meeting).status_code == 404


def test_people_without_sickness_benefit_come_first(site: Site) -> None:
    """GG-04: the agenda takes up the priority group before the others."""
    cases = [site.case_as_in("ac_01_arena_straight", steps=8) for _ in "12"]
    client = site.client("maria.sandell")
    meetings = addresses(client.get("/meetings"), r"/meetings/\d+")
    with site.database.transaction() as tx:
        case_store.lock_case(tx, cases[0]).priority = "normal"
        tx.execute(update(AgendaItem).values(meeting_id=int(meetings[0].rpartition("/")[2])))

    page = said(client.get(meetings[0]))

    assert page.index(site.number_of(cases[1])) < page.index(site.number_of(cases[0]))


def it_is(site: Site, case_id: UUID, person: Person) -> None:
    """Who the case is about."""
    with site.database.transaction() as tx:
        sara, day = site.actor(tx, "sara.lindqvist"), clock.today(tx, site.application.zone)
        case_store.lock_case(tx, case_id)
        people.record_person(tx, sara, case_store.facts(tx, case_id), person, on=day)
