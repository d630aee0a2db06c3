"""All that is held, for the person, by two people; and what was told to others."""

from io import BytesIO
from uuid import UUID

import pytest
from pypdf import PdfReader

from casework.accounts import store as account_store
from casework.accounts.tables import Account
from casework.disclosure.rules import masked
from tests.casework.arena import a_colleague
from tests.web.reading import said
from tests.web.world import Site

LEAD, OTHER = "sara.lindqvist", "ulf.malm"
WANTED = {"kind": "access", "identity": "known"}
OWN = ("19870412-2384", "070-174 06 05")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Hennes nummer är 870412-2384.", "Hennes nummer är 870412-2384."),
        ("Brodern, 19900214-2389, flyttade.", "Brodern, ••••, flyttade."),
        ("Ring 070-174 06 05 eller 08-123 45 67.", "Ring 070-174 06 05 eller ••••."),
        ("Skriv till bror@exempel.example.", "Skriv till ••••."),
        ("Möte 2027-02-18 kl 13:00, 3 000 kr.", "Möte 2027-02-18 kl 13:00, 3 000 kr."),
        ("AHV 756.1234.5678.97", "AHV ••••"),
    ],
)
def test_numbers_of_others_are_masked_and_the_persons_own_are_not(text: str, left: str) -> None:
    assert masked(text, OWN) == left


def a_case(site: Site) -> tuple[UUID, str]:
    case_id = site.case_as_in("ac_01_arena_straight", steps=8)
    colleague = a_colleague(site.application, LEAD, "Ulf Malm")
    with site.database.transaction() as tx:
        model = account_store.by_user_name(tx, LEAD)
        assert model is not None
        tx.get_one(Account, colleague).password_hash = model.password_hash
    return case_id, f"/cases/{case_id}/disclosure"


def test_two_people_give_the_person_all_that_is_held(site: Site) -> None:
    case_id, path = a_case(site)
    lead, second = site.client(LEAD), site.client(OTHER)
    assert lead.post(f"{path}/requests", data={"kind": "access"}).status_code == 422
    assert lead.post(f"{path}/requests", data=WANTED).is_redirect
    asked = f"{path}/requests/1"

    assert lead.get(f"{asked}/data").status_code == 409
    assert lead.post(f"{asked}/release").status_code == 403
    assert second.get(f"{asked}/data").status_code == 200, "whoever releases it reads it first"
    assert second.post(f"{asked}/release").is_redirect

    data = lead.get(f"{asked}/data").json()
    assert data["person"]["given_name"] == "Example"
    assert len(data["entries"]) > 4
    assert data["left_out"] == 0
    paper = lead.get(f"{asked}/print")
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(paper.content)).pages)
    assert data["entries"][0]["title"] in text
    assert lead.post(f"{asked}/close").is_redirect
    assert "answered" in said(lead.get(path))
    rows = [action for action, _ in site.written_down(case_id)]
    assert [row for row in rows if "request" in row] == [
        "request.register",
        "refused.release-request",
        "request.release",
        "request.close",
    ]


def test_what_tells_of_others_is_left_out(site: Site) -> None:
    _, path = a_case(site)
    lead, second = site.client(LEAD), site.client(OTHER)
    lead.post(f"{path}/requests", data={**WANTED, "leave_out": ["1", "2"]})

    data = second.get(f"{path}/requests/1/data").json()

    assert data["left_out"] == 2
    assert "was left out" in " ".join(
        page.extract_text()
        for page in PdfReader(BytesIO(second.get(f"{path}/requests/1/print").content)).pages
    ).replace("\n", " ")


def test_it_is_for_whoever_coordinates(site: Site) -> None:
    _, path = a_case(site)

    assert site.client("tomas.bly").get(path).status_code == 403
    assert site.client("karl.moberg").get(path).status_code == 404
    assert site.client("karl.moberg").post(f"{path}/requests", data=WANTED).status_code == 404


def test_what_is_told_outside_rests_on_consent_or_on_a_rule(site: Site) -> None:
    case_id, path = a_case(site)
    lead = site.client(LEAD)
    told = {"to": "Hyresvärden Bo Gren", "channel": "phone", "kind": "health_function"}

    assert lead.post(f"{path}/told", data={**told, "kind": "family"}).status_code == 422
    assert lead.post(f"{path}/told", data={**told, "channel": "mail"}).status_code == 422
    assert lead.post(f"{path}/told", data=told).is_redirect
    law = {**told, "kind": "family", "law": "OSL 10 kap. 27 §"}
    assert lead.post(f"{path}/told", data=law).is_redirect

    page = said(lead.get(path))
    assert "Hyresvärden Bo Gren" in page
    assert "The person's consent" in page
    assert "OSL 10 kap. 27 §" in page
    rows = [action for action, _ in site.written_down(case_id)]
    assert rows.count("disclosure.tell") == 2
