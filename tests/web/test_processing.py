"""The register of processing comes from the pack; a breach has 72 hours."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path

from pypdf import PdfReader

from casework.processing.rules import RISKS
from tests.web.reading import said
from tests.web.world import Site

ROOT = Path(__file__).parents[2]
AUDITOR, OWNER = "mats.ode", "sara.lindqvist"
REGISTER, BREACHES = "/protection/register", "/protection/breaches"


def test_law_and_consent_are_told_apart_for_each_purpose(site: Site) -> None:
    page = site.client(OWNER).get(REGISTER)
    data = site.client(OWNER).get(f"{REGISTER}/data").json()
    paper = site.client(AUDITOR, language="sv").get(f"{REGISTER}/print")

    assert len(data["entries"]) == 2
    for entry in data["entries"]:
        assert "artikel 6.1" in entry["legal_basis"]
        assert "amtycke" not in entry["legal_basis"]
        assert "amtycke" in entry["secrecy"]
        assert len(entry["steps"]) > 2
    assert "Värnamo kommun" in data["parties"]
    assert len(data["kept"]) == 4
    assert "Legal basis" in said(page)
    assert "GDPR consent" not in said(page)
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(paper.content)).pages)
    assert "Rättslig grund" in text


def test_kinds_that_a_form_lets_people_choose_are_in_the_register(site: Site) -> None:
    data = site.client(OWNER, language="sv").get(f"{REGISTER}/data").json()
    [consultation, planning] = data["entries"]

    assert "Vård och behandling" in consultation["kinds"]
    assert "Vård och behandling" in planning["kinds"]
    assert consultation["recipients"] == ["Den som samordnar", "Organisationen"]


def test_the_annex_names_each_risk_with_what_holds_it(site: Site) -> None:
    page = said(site.client(OWNER).get("/protection/assessment"))
    kept = site.client(OWNER).get(f"{REGISTER}/data").json()["kept"]
    paper = site.client(AUDITOR, language="sv").get("/protection/assessment/print")

    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(paper.content)).pages)
    for risk in RISKS:
        assert risk.what in page
        assert risk.control in page
        assert all(test in page.replace("_ ", "_").replace("/ ", "/") for test in risk.tests)
    assert all(title in page for title, _, _ in kept)
    assert "Risker och vad som håller dem" in text


def test_the_tests_that_the_annex_names_exist() -> None:
    named = {test for risk in RISKS for test in risk.tests}

    assert {test for test in named if not exists(*test.split("::"))} == set()


def exists(file: str, test: str) -> bool:
    return f"def {test}(" in (ROOT / file).read_text()


def test_the_register_tells_what_the_programme_decided(site: Site) -> None:
    decided = {"code": "log", "after": "P7Y", "reference": "BG 2027/3"}
    assert site.client("karin.holt").post("/protection/periods", data=decided).is_redirect

    kept = site.client(OWNER).get(f"{REGISTER}/data").json()["kept"]

    assert ["P7Y", "BG 2027/3"] in [row[1:] for row in kept]


def test_a_breach_is_told_within_72_hours(site: Site) -> None:
    client = site.client(AUDITOR)
    pointing = {"what": "Brevet till 19870412-2384 kom fel.", "people": 1}
    assert client.post(BREACHES, data=pointing).status_code == 422
    noted = {"what": "Ett brev kom till fel adress.", "people": 1}
    assert client.post(BREACHES, data=noted).is_redirect
    assert "72 hours left" in said(client.get(BREACHES))
    site.pass_time(timedelta(hours=73))
    client = site.client(AUDITOR)
    assert "the 72 hours are over" in said(client.get(BREACHES))

    assert client.post(f"{BREACHES}/1/report", data={"reference": ""}).status_code == 422
    assert client.post(f"{BREACHES}/1/report", data={"reference": "IMY 1"}).is_redirect
    assert client.post(f"{BREACHES}/1/report", data={"reference": "x"}).status_code == 409

    assert "IMY 1" in said(client.get(BREACHES))
    rows = [action for action, _ in site.written_down()]
    assert [row for row in rows if row.startswith("breach.")] == ["breach.note", "breach.report"]
    assert site.client(OWNER).get(BREACHES).status_code == 403
