"""Acceptance scenarios whose end shows on a page: AC-03, AC-06, AC-07, as people send them.

AC-01, AC-02, AC-05 and AC-11 are played in a browser, AC-04 and AC-12 beside their pages
(`test_guests`, `test_reports`).
"""

from uuid import UUID, uuid4

from httpx2 import Response

from tests.web.reading import fields, heading, said
from tests.web.world import Site


def do(site: Site, who: str, case_id: UUID, element: str, **named: object) -> Response:
    """A step as its page sends it; the page that follows."""
    task, client = site.open_step(case_id, element), site.client(who)
    sent = {"_do": "complete", "_key": uuid4().hex, **site.answers(who, task, **named)}
    answer = client.post(f"/tasks/{task}", data=sent)
    assert answer.status_code == 303, said(answer)
    return client.get(answer.headers["location"])


def test_ac_03_two_units_of_one_municipality_are_told_whom_to_add(site: Site) -> None:
    case_id = site.case_as_in("ac_03_one_municipality")

    page = do(
        site,
        "nils.ek",
        case_id,
        "describe_need",
        procedure="arena",
        birth_year=1987,
        health_or_multiple_problem="yes",
        orgs_involved=["gislaved"],
        orgs_needed=["gislaved"],
        zero_placed="no",
    )

    assert heading(page) == "Inform and point onwards"
    assert "two units of one municipality count as one. Add at least one more" in said(page)
    assert "people of working age" not in said(page)


def test_ac_06_a_measure_refused_twice_is_a_dilemma_and_no_plan(site: Site) -> None:
    case_id = site.case_as_in("ac_06_refused_measure", steps=27)

    do(site, "tomas.bly", case_id, "confirm_measures", answer="refuse", reason="Insatsen saknas")

    lead = site.client("per.holm")
    assert "Talk with the person about closing" in said(lead.get("/tasks"))
    assert "plan 2 · draft" in said(lead.get(f"/cases/{case_id}/plan"))
    register = said(site.client("karin.holt").get("/reports"))
    assert "Dilemma: We do not come to an agreement GGVV-R-2027-001" in register
    assert site.number_of(case_id) not in register


def test_ac_07_an_oral_consent_is_enough_for_a_plan_and_not_for_the_arena(site: Site) -> None:
    case_id = site.case_as_in("ac_07_oral_consent", steps=7)
    convener = site.client("maria.sandell")
    group = fields(convener.get("/meetings"))["group"]
    planned = {"group": group, "on": "2027-03-18", "at": "13:00", "place": "Stadshuset"}
    meeting = convener.post("/meetings", data=planned).headers["location"].partition("?")[0]

    page = site.client("per.holm").post(f"{meeting}/place", data={"case": str(case_id)})

    assert page.status_code == 403
    assert "The consent is not in writing." in said(page)
    assert site.written_down(case_id)[-1] == ("refused.place-case", "not_written")
