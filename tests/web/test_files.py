"""Files of a case: who may add, see and open them, and what becomes of them on disk."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import insert, select

from base.db import core
from base.settings import Settings
from casework.attachments.tables import Attachment
from tests.web.reading import addresses, said
from tests.web.test_statements import listening
from tests.web.world import Site, open_site

OWNER, PARTY, STRANGER = "sara.lindqvist", "ida.rask", "petra.lind"
CONTENT = b"Hyran \xc3\xa4r tre m\xc3\xa5nader sen. " * 100_000
SHARED = {"category": "economy_benefits", "purpose": "consultation"}


@dataclass(frozen=True)
class Town:
    site: Site
    case_id: UUID

    @property
    def place(self) -> str:
        return f"/cases/{self.case_id}/files"


@pytest.fixture(scope="module")
def town(shared_settings: Settings) -> Iterator[Town]:
    site = open_site(shared_settings)
    yield Town(site, site.case_as_in("ac_01_arena_straight", steps=8))
    site.close()


def send(
    client: TestClient, town: Town, content: bytes = CONTENT, *, name: str, **fields: str
) -> Response:
    sent = {"file": (name, content, "text/html")}
    return client.post(town.place, files=sent, data=fields or SHARED)


def address_of(client: TestClient, town: Town, name: str) -> str:
    page = client.get(town.place).text
    found = re.search(rf'href="({town.place}/[0-9a-f-]+)" download>{re.escape(name)}<', page)
    assert found is not None
    return found[1]


def test_a_file_reaches_those_whom_consent_names_and_nobody_else(town: Town) -> None:
    owner, party = town.site.client(OWNER), town.site.client(PARTY)

    sent = send(owner, town, name="Hyra.html")
    place = address_of(party, town, "Hyra.txt")
    got = party.get(place)

    assert sent.headers["location"] == f"{town.place}?said=attached"
    assert got.content == CONTENT
    assert got.headers["content-type"].startswith("text/plain")
    assert got.headers["content-disposition"].startswith('attachment; filename="Hyra.txt"')
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert town.site.client(STRANGER).get(place).status_code == 404
    assert town.site.client(STRANGER).get(town.place).status_code == 404


def test_what_is_only_for_ones_own_organisation_stays_there(town: Town) -> None:
    owner, party = town.site.client(OWNER), town.site.client(PARTY)
    send(owner, town, name="Egen anteckning.txt", category="own")

    place = address_of(owner, town, "Egen anteckning.txt")
    refused = party.get(place)

    assert owner.get(place).status_code == 200
    assert refused.status_code == 403
    assert "Egen anteckning" not in said(party.get(town.place))
    assert "Not for you: the consent does not cover it." in said(party.get(town.place))


@pytest.mark.parametrize(
    ("fields", "status", "why"),
    [
        ({"category": "treatment", "purpose": "consultation"}, 403, "category_not_named"),
        ({"category": "economy_benefits", "purpose": "planning"}, 403, "purpose"),
        ({"category": "gossip", "purpose": "consultation"}, 422, "kind of information"),
    ],
)
def test_what_consent_does_not_cover_is_not_taken(
    town: Town, fields: dict[str, str], status: int, why: str
) -> None:
    answer = send(town.site.client(OWNER), town, name="x.txt", **fields)

    assert answer.status_code == status
    assert why in said(answer)


def test_hostile_and_empty_files_change_nothing(town: Town) -> None:
    client = town.site.client(OWNER)
    before = addresses(client.get(town.place), rf"{town.place}/[0-9a-f-]{{36}}")

    hostile = send(client, town, b"<script>alert(1)</script>", name="x.pdf")
    empty = send(client, town, b"", name="x.pdf")
    none = client.post(town.place, data=SHARED)
    large = send(client, town, b"a" * 10_000_001, name="x.txt")
    huge = send(client, town, b"a" * 14_000_000, name="x.txt")

    answers = (hostile, empty, none, large, huge)
    assert [answer.status_code for answer in answers] == [422, 422, 400, 422, 413]
    assert "Only PDF, PNG, JPEG, plain text" in said(hostile)
    after = addresses(client.get(town.place), rf"{town.place}/[0-9a-f-]{{36}}")
    assert after == before


def test_nothing_of_a_file_lies_open_in_the_database(town: Town) -> None:
    send(town.site.client(OWNER), town, b"kanariefageln Nisse", name="Nisse.txt")

    url = town.site.database.engine.url
    if url.get_backend_name() == "sqlite":
        folder = Path(str(url.database)).parent
        assert not any(b"Nisse" in file.read_bytes() for file in folder.iterdir())
    with town.site.database.reading() as tx:
        names = tx.scalars(select(Attachment.name)).all()
    assert not any(b"Nisse" in name for name in names)


def test_a_file_of_somebody_else_is_struck_by_whoever_attached_it(town: Town) -> None:
    owner, party = town.site.client(OWNER), town.site.client(PARTY)
    send(owner, town, name="Fel person.txt")
    place = address_of(owner, town, "Fel person.txt")

    refused = party.post(f"{place}/strike")
    struck = owner.post(f"{place}/strike")

    assert refused.status_code == 403
    assert struck.status_code == 303
    assert [owner.get(place).status_code, party.get(place).status_code] == [404, 404]
    assert owner.post(f"{place}/strike").status_code == 404
    assert ("file.strike", "") in town.site.written_down(town.case_id)


def test_many_files_ask_as_much_as_one(town: Town) -> None:
    client = town.site.client(OWNER)
    send(client, town, name="En.txt")
    client.get(town.place)
    with listening(town.site) as few:
        client.get(town.place)
    one = UUID(address_of(client, town, "En.txt").rpartition("/")[2])
    files = core(Attachment)
    with town.site.database.transaction() as tx:
        row = dict(tx.execute(select(files).where(files.c.id == one)).one()._mapping)
        more = [{**row, "id": UUID(int=n), "category": "treatment"} for n in range(1, 30)]
        tx.execute(insert(files), more)

    party = town.site.client(PARTY)
    party.get(town.place)
    with listening(town.site) as many:
        page = party.get(town.place)

    assert page.text.count("Not for you") >= 29
    assert len(many.statements) == len(few.statements)
