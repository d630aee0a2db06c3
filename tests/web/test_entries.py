"""What was written in a case: by milestone, corrected, commented, closed (decision 11)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import insert, select

from base.db import core
from base.settings import Settings
from casework.cases.tables import EntryNote
from tests.web.reading import said
from tests.web.test_statements import listening
from tests.web.world import Site, open_site

OWNER, PARTY, STRANGER = "sara.lindqvist", "ida.rask", "petra.lind"


@dataclass(frozen=True)
class Town:
    site: Site
    case_id: UUID

    @property
    def place(self) -> str:
        return f"/cases/{self.case_id}"

    def entry(self, client: TestClient, title: str) -> str:
        """The address of an entry by its title on the page of the case."""
        page = client.get(self.place).text
        found = re.search(rf'id="entry-(\d+)"><summary>{re.escape(title)}', page)
        assert found is not None
        return f"{self.place}/entries/{found[1]}"


@pytest.fixture(scope="module")
def town(shared_settings: Settings) -> Iterator[Town]:
    site = open_site(shared_settings)
    yield Town(site, site.case_as_in("ac_01_arena_straight", steps=8))
    site.close()


def test_an_entry_says_who_wrote_what_for_which_kind_and_version(town: Town) -> None:
    page = said(town.site.client(OWNER).get(town.place))

    assert (
        "Record who it is, Värnamo kommun Sara Lindqvist Monday 1 February 10:00 "
        "Address and phone, Name and identity number routine version 1"
    ) in page


def test_a_correction_stands_beside_what_was_written(town: Town) -> None:
    owner = town.site.client(OWNER)
    place = town.entry(owner, "Describe the need")
    before = said(owner.get(town.place))

    sent = {"kind": "correction", "text": "Sedan 2024", "why": "Jag skrev fel år"}
    answer = owner.post(f"{place}/notes", data=sent)
    page = said(owner.get(town.place))

    assert answer.headers["location"] == f"{town.place}?said=noted#entry-{place.split('/')[-1]}"
    assert "Describe the need, Värnamo kommun (corrected)" in page
    assert "Correction: Sedan 2024 Why: Jag skrev fel år Sara Lindqvist, Värnamo kommun" in page
    assert before.count("Describe the need, Värnamo kommun") == 1
    assert town.site.written_down(town.case_id)[-1] == ("entry.correction", "")


def test_who_may_not_read_an_entry_neither_corrects_nor_comments_it(town: Town) -> None:
    owner, party = town.site.client(OWNER), town.site.client(PARTY)
    place = town.entry(owner, "Record who it is")
    own = town.entry(owner, "Talk with the person")
    correction = {"kind": "correction", "text": "x", "why": "y"}

    answers = [
        party.post(f"{place}/notes", data=correction),
        party.post(f"{own}/notes", data={"kind": "comment", "text": "x"}),
        party.post(f"{place}/strike"),
        town.site.client(STRANGER).post(f"{place}/notes", data=correction),
        owner.post(f"{town.place}/entries/99999/notes", data=correction),
        owner.post(f"{place}/notes", data={"kind": "correction", "text": "x", "why": " "}),
        owner.post(f"{place}/notes", data={"kind": "praise", "text": "x"}),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403, 404, 404, 422, 422]


def test_an_entry_about_somebody_else_is_closed_and_says_who_opened_the_case(town: Town) -> None:
    owner, party = town.site.client(OWNER), town.site.client(PARTY)
    party.get(town.place)
    place = town.entry(owner, "Prepare the consent")

    struck = owner.post(f"{place}/strike")
    page = said(owner.get(town.place))

    assert struck.headers["location"] == f"{town.place}?said=closed-entry#file"
    assert "One entry was about somebody else and is closed" in page
    assert re.search(r"Opened the case while it stood there: [^:]*Ida Rask", page)
    assert "somebody else and is closed" not in said(party.get(town.place))
    assert owner.post(f"{place}/strike").status_code == 404


def test_many_notes_ask_as_much_as_one(town: Town) -> None:
    owner = town.site.client(OWNER)
    place = town.entry(owner, "Describe the need")
    owner.post(f"{place}/notes", data={"kind": "comment", "text": "En sak till"})
    owner.get(town.place)
    with listening(town.site) as few:
        owner.get(town.place)
    notes = core(EntryNote)
    with town.site.database.transaction() as tx:
        row = dict(tx.execute(select(notes).limit(1)).one()._mapping)
        del row["id"]
        tx.execute(insert(notes), [row] * 30)

    with listening(town.site) as many:
        page = owner.get(town.place)

    assert page.text.count("<strong>Correction:") + page.text.count("<strong>Comment:") >= 31
    assert len(many.statements) == len(few.statements)
