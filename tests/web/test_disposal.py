"""Disposal on the site: one lists a case, a second one agrees, and it is gone."""

from datetime import timedelta
from uuid import UUID

from casework import worker
from tests.web.reading import said
from tests.web.test_statements import listening
from tests.web.world import Site

MANAGER, AUDITOR, ELSEWHERE = "eva.lund", "mats.ode", "bo.strand"
PAGE = "/protection/disposal"


def a_case_whose_time_has_come(site: Site) -> UUID:
    case_id = site.case_as_in("moved", steps=11)
    site.pass_time(timedelta(days=6 * 366))
    return case_id


def test_two_people_dispose_of_a_case(site: Site) -> None:
    case_id = a_case_whose_time_has_come(site)
    number = site.number_of(case_id)
    manager, auditor = site.client(MANAGER), site.client(AUDITOR)
    chosen = {"case": str(case_id)}
    assert number in said(manager.get(PAGE))
    assert number not in said(site.client(ELSEWHERE).get(PAGE))

    assert manager.post(f"{PAGE}/propose", data=chosen).status_code == 303
    alone = manager.post(f"{PAGE}/approve", data=chosen)
    assert (alone.status_code, "second_person" in alone.text) == (403, True)
    assert auditor.post(f"{PAGE}/approve", data=chosen).status_code == 303
    worker.run_round(site.application)

    assert site.client("sara.lindqvist").get(f"/cases/{case_id}").status_code == 404
    assert f"{number} Case" in said(auditor.get(PAGE)).partition("Erased")[2]
    rows = [action for action, _ in site.written_down(case_id)]
    disposed = [action for action in rows if action.startswith(("disposal.", "case.erase"))]
    assert disposed == ["disposal.propose", "disposal.approve", "case.erase"]
    assert ("refused.approve-disposal", "second_person") in site.written_down()
    assert site.written_down(case_id)[-1] == ("case.erase", "case")


def test_a_case_that_is_held_back_is_not_listed_and_comes_off_the_list(site: Site) -> None:
    case_id = a_case_whose_time_has_come(site)
    number = site.number_of(case_id)
    auditor = site.client(AUDITOR)
    chosen = {"case": str(case_id)}
    auditor.post(f"{PAGE}/propose", data=chosen)
    without = auditor.post(f"{PAGE}/hold", data={"number": number, "reason": "court"})
    assert without.status_code == 422
    held = {"number": number, "reason": "court", "reference": "T 12-33"}

    assert auditor.post(f"{PAGE}/hold", data=held).status_code == 303

    assert site.client(MANAGER).post(f"{PAGE}/approve", data=chosen).status_code == 404
    assert auditor.post(f"{PAGE}/propose", data=chosen).status_code == 409
    assert auditor.post(f"{PAGE}/hold/1/lift").status_code == 303
    assert auditor.post(f"{PAGE}/propose", data=chosen).status_code == 303


def test_nothing_goes_before_its_time(site: Site) -> None:
    case_id = site.case_as_in("moved", steps=11)
    site.pass_time(timedelta(days=1824))
    auditor = site.client(AUDITOR)

    early = auditor.post(f"{PAGE}/propose", data={"case": str(case_id)})
    decided = site.client("karin.holt").post(
        "/protection/periods",
        data={"code": "case", "after": "P4Y", "reference": "BG 2031/2"},
    )

    assert (early.status_code, decided.status_code) == (409, 303)
    assert "P5Y" in said(auditor.get("/protection/periods"))
    consent_holds = auditor.post(f"{PAGE}/propose", data={"case": str(case_id)})
    assert consent_holds.status_code == 409
    site.pass_time(timedelta(days=400))
    auditor = site.client(AUDITOR)
    assert auditor.post(f"{PAGE}/propose", data={"case": str(case_id)}).status_code == 303


def test_other_roles_dispose_of_nothing(site: Site) -> None:
    for who in ("sara.lindqvist", "tove.lilja"):
        assert site.client(who).get(PAGE).status_code == 403
    changed = site.client(MANAGER).post(
        "/protection/periods", data={"code": "case", "after": "P1D", "reference": "x"}
    )
    assert changed.status_code == 403


def test_the_list_asks_the_same_however_long_it_is(site: Site) -> None:
    for _ in range(3):
        site.case_as_in("moved", steps=11)
    client = site.client(AUDITOR)
    client.get(PAGE)
    with listening(site) as none:
        client.get(PAGE)
    site.pass_time(timedelta(days=6 * 366))
    client = site.client(AUDITOR)
    client.get(PAGE)

    with listening(site) as some:
        page = client.get(PAGE)

    assert page.text.count('name="case"') == 3
    assert len(some.statements) == len(none.statements)
