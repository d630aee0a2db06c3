"""Who has looked: for the person, for the organisation, and why somebody looks at all."""

import re
from datetime import timedelta
from io import BytesIO
from time import process_time
from uuid import UUID

import pytest
from httpx2 import Response
from pypdf import PdfReader
from sqlalchemy import insert, select

from base.db import core
from casework.audit.tables import AccessListed, AccessLog
from tests.web.reading import heading, said
from tests.web.test_statements import listening
from tests.web.world import Site

LEAD, PARTY, MANAGER = "sara.lindqvist", "tomas.bly", "eva.lund"
SCENARIO = "ac_01_arena_straight"
CHECK = "/protection/log-check"


def looks_at(site: Site, case_id: UUID, user_name: str, reason: str = "call") -> None:
    client = site.client(user_name)
    client.post(f"/cases/{case_id}/looks/why", data={"reason": reason})
    assert client.get(f"/cases/{case_id}").status_code == 200


def a_shared_case(site: Site) -> UUID:
    return site.case_as_in(SCENARIO, steps=8)


def test_the_person_reads_which_organisation_looked_when_and_at_what(site: Site) -> None:
    case_id = a_shared_case(site)
    looks_at(site, case_id, PARTY)
    looks_at(site, case_id, PARTY)

    page = site.client(LEAD).get(f"/cases/{case_id}/looks")

    assert "Arbetsförmedlingen Read the case, 2 times" in said(page)
    assert "Bly" not in said(page)
    with site.database.reading() as tx:
        kinds = tx.scalars(select(AccessLog.kind).where(AccessLog.case_id == case_id)).all()
    assert kinds[-1] == "trace", "this look is noted too"
    assert site.client(PARTY).get(f"/cases/{case_id}/looks").status_code == 403
    assert site.client("karl.moberg").get(f"/cases/{case_id}/looks").status_code == 404


def test_it_is_printed_in_the_readers_language_without_names(site: Site) -> None:
    case_id = a_shared_case(site)
    looks_at(site, case_id, PARTY)

    answer = site.client(LEAD, language="sv").get(f"/cases/{case_id}/looks/print")

    assert answer.headers["content-type"] == "application/pdf"
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
    assert "Vem har tittat på mitt ärende" in text
    assert "läste ärendet" in text
    assert "Bly" not in text


def test_names_stand_there_when_the_organisation_wants_it(site: Site) -> None:
    case_id = a_shared_case(site)
    looks_at(site, case_id, PARTY)

    assert site.client("rolf.vik").post(f"{CHECK}/names", data={"told": "true"}).is_redirect

    assert "Read the case: Tomas Bly" in said(site.client(LEAD).get(f"/cases/{case_id}/looks"))


def fill_the_log(site: Site, case_id: UUID) -> None:
    """Ten thousand rows more, of forty accounts on three hundred days."""
    log = core(AccessLog)
    with site.database.transaction() as tx:
        row = dict(tx.execute(select(log).where(log.c.case_id == case_id)).first()._mapping)  # type: ignore[union-attr]
        del row["id"]
        rows = [
            {**row, "account_id": n % 40, "day": row["day"] - timedelta(n % 300)}
            for n in range(10_000)
        ]
        tx.execute(insert(log), rows)


@pytest.mark.parametrize("path", ["looks", "looks/print"])
def test_ten_thousand_looks_ask_the_database_no_more_than_one(site: Site, path: str) -> None:
    case_id = a_shared_case(site)
    lead = site.client(LEAD)
    lead.get(f"/cases/{case_id}/{path}")
    with listening(site) as few:
        lead.get(f"/cases/{case_id}/{path}")
    fill_the_log(site, case_id)

    with listening(site) as many:
        answer = lead.get(f"/cases/{case_id}/{path}")

    assert len(many.statements) == len(few.statements)
    assert days_on(answer) > 40


def days_on(answer: Response) -> int:
    """How many days a page or a paper names."""
    if answer.headers["content-type"] != "application/pdf":
        return answer.text.count("<section")
    paper = PdfReader(BytesIO(answer.content))
    return len(set(re.findall(r"\d+ \w+ 20\d\d", "".join(p.extract_text() for p in paper.pages))))


@pytest.mark.soak
@pytest.mark.parametrize("path", ["looks", "looks/print"])
def test_ten_thousand_looks_are_told_within_two_seconds(site: Site, path: str) -> None:
    case_id = a_shared_case(site)
    lead = site.client(LEAD)
    lead.get(f"/cases/{case_id}/{path}")
    fill_the_log(site, case_id)

    begun = process_time()
    answer = lead.get(f"/cases/{case_id}/{path}")

    assert answer.status_code == 200
    assert process_time() - begun < 2.0


def test_lists_note_each_case_once_a_day(site: Site) -> None:
    case_id = a_shared_case(site)
    client = site.client(LEAD)

    for path in ("/cases", "/tasks", "/cases?q=VMO", "/cases"):
        client.get(path)
    site.pass_time(timedelta(days=1))
    site.client(LEAD).get("/cases")

    with site.database.reading() as tx:
        days = tx.scalars(select(AccessListed.day).where(AccessListed.case_id == case_id)).all()
    assert len(days) == len(set(days)) == 2


def test_whoever_looks_without_a_step_says_why_once_a_day(site: Site) -> None:
    case_id = site.case_as_in("ac_05_sip_full", steps=9)
    client = site.client(LEAD)
    path = f"/cases/{case_id}"
    with site.database.transaction() as tx:
        for task in site.open_steps(tx, case_id):
            task.status = "done"

    assert heading(client.get(path)) == "Why do you open the case?"
    assert heading(client.get(f"{path}/files")) == "Why do you open the case?"
    assert client.post(f"{path}/looks/why", data={"reason": "bored"}).status_code == 422
    assert client.post(f"{path}/looks/why", data={"reason": "colleague"}).is_redirect
    assert heading(client.get(path)) != "Why do you open the case?"
    assert heading(site.client("per.holm").get(path)) != "Why do you open the case?"
    site.pass_time(timedelta(days=1))
    assert heading(site.client(LEAD).get(path)) == "Why do you open the case?"
    outsider = site.client("karl.moberg")
    assert outsider.post(f"{path}/looks/why", data={"reason": "call"}).status_code == 404


def test_a_month_of_the_log_is_gone_through(site: Site) -> None:
    case_id = a_shared_case(site)
    looks_at(site, case_id, LEAD)
    looks_at(site, case_id, PARTY)
    manager = site.client(MANAGER)
    assert "No month is over yet" in said(manager.get(CHECK))
    site.pass_time(timedelta(days=31))
    manager = site.client(MANAGER)

    page = manager.get(CHECK)
    without = manager.post(f"{CHECK}/review", data={"month": "2027-02-01", "note": " "})
    done = manager.post(f"{CHECK}/review", data={"month": "2027-02-01", "note": "In order."})

    assert "1 month has not been gone through." in said(page)
    assert "Sara Lindqvist" in said(page)
    assert (without.status_code, done.status_code) == (422, 303)
    assert "not been gone through" not in said(manager.get(CHECK))
    of_the_party = said(site.client("rolf.vik").get(CHECK))
    assert "1 month has not been gone through." in of_the_party, "each organisation its own"
    assert ("log.review", "") in site.written_down()
    assert site.client(LEAD).get(CHECK).status_code == 403
    future = manager.post(f"{CHECK}/review", data={"month": "2027-03-01", "note": "x"})
    assert future.status_code == 422
