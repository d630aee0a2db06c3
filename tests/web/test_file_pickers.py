"""A form that asks for a file: kept with the step, checked by what it is, shown as evidence."""

import json
import struct
import zlib
from uuid import UUID, uuid4

from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import select

from base import clock
from casework.attachments.tables import Attachment, AttachmentContent
from casework.cases.tables import CaseEntry
from casework.consent import store as consents
from engine import releases
from tests.casework.builders import a_consent
from tests.web.reading import addresses, fields, said
from tests.web.world import Site

WHO, PARTY = "sara.lindqvist", "ida.rask"


def a_picture(shade: int = 0) -> bytes:
    """A PNG of one pixel."""

    def part(name: bytes, data: bytes) -> bytes:
        crc = zlib.crc32(name + data)
        return struct.pack(">L", len(data)) + name + data + struct.pack(">L", crc)

    head = part(b"IHDR", struct.pack(">LLBBBBB", 1, 1, 8, 0, 0, 0, 0))
    pixels = part(b"IDAT", zlib.compress(bytes([0, shade])))
    return b"\x89PNG\r\n\x1a\n" + head + pixels + part(b"IEND", b"")


def a_step(site: Site) -> tuple[UUID, UUID]:
    """The case, and the step in which the signature is registered."""
    case_id = site.case_as_in("ac_01_arena_straight", steps=5)
    return case_id, site.open_step(case_id, "register_signature")


def attach(site: Site, step: UUID, content: bytes, to: str = "scan", **typed: str) -> Response:
    files = {f"_file.{to}": ("papper.pdf", content, "application/pdf")}
    sent = {"form": "paper", "original_location": "Pärm 4", "_attach": to} | typed
    return site.client(WHO).post(f"/tasks/{step}/files", files=files, data=sent)


def send(site: Site, step: UUID, **named: object) -> Response:
    typed = site.answers(WHO, step, form="paper", matches_document="yes")
    return site.client(WHO).post(f"/tasks/{step}", data=typed | named)


def kept(site: Site) -> list[Attachment]:
    with site.database.reading() as tx:
        return list(tx.scalars(select(Attachment)))


def test_the_scan_becomes_evidence_of_the_consent(site: Site) -> None:
    case_id, step = a_step(site)

    answer = attach(site, step, a_picture())
    page = site.client(WHO).get(f"/tasks/{step}")
    [scan] = kept(site)
    sent = send(site, step, scan=[str(scan.id)])

    assert answer.headers["location"] == f"/tasks/{step}?said=attached#f-scan"
    assert f'value="{scan.id}" checked' in page.text
    assert 'value="Pärm 4"' in page.text
    assert "papper.png" in said(page)
    assert (scan.media_type, scan.category, scan.task_id) == ("image/png", "own", step)
    assert sent.status_code == 303
    with site.database.reading() as tx:
        assert consents.scans(tx, case_id) == {scan.id}
        [row] = tx.scalars(select(AttachmentContent.content))
        assert b"PNG" not in row


def test_whoever_coordinates_opens_it_and_others_do_not(site: Site) -> None:
    case_id, step = a_step(site)
    attach(site, step, a_picture())
    [scan] = kept(site)
    send(site, step, scan=[str(scan.id)])
    client, place = site.client(WHO), f"/cases/{case_id}/files/{scan.id}"

    shown = said(client.get(f"/cases/{case_id}"))
    opened = client.get(place)
    struck = client.post(f"{place}/strike")
    after = client.get(f"/cases/{case_id}")

    assert "The signed paper" in shown
    assert "Example" in shown
    assert opened.content == a_picture()
    assert site.client(PARTY).get(place).status_code in {403, 404}
    assert struck.status_code == 303
    assert "The signed paper" not in said(after)
    assert client.get(place).status_code == 404
    with site.database.reading() as tx:
        assert consents.scans(tx, case_id) == set()


def test_the_scan_of_an_earlier_consent_opens_for_whoever_coordinates(site: Site) -> None:
    """What is signed now has a paper of its own; a party that it names sees neither."""
    case_id, step = a_step(site)
    attach(site, step, a_picture())
    [scan] = kept(site)
    send(site, step, scan=[str(scan.id)])
    client, place = site.client(WHO), f"/cases/{case_id}/files/{scan.id}"
    who = site.open_step(case_id, "record_person")
    client.post(f"/tasks/{who}", data=site.answers(WHO, who))
    with site.database.transaction() as tx:
        sara = site.actor(tx, WHO)
        held = consents.scope(tx, consents.of_case(tx, case_id)[0])
        a_consent(tx, sara, case_id, held, on=clock.today(tx, site.application.zone))

    page, theirs = client.get(f"/cases/{case_id}"), site.client(PARTY).get(f"/cases/{case_id}")

    assert "1 earlier consent" in said(page)
    assert addresses(page, rf"({place})\" download>The signed paper") == [place]
    assert client.get(place).content == a_picture()
    assert theirs.status_code == 200
    assert str(scan.id) not in theirs.text
    assert "earlier consent" not in said(theirs)


def test_what_it_is_counts_and_how_many_there_are(site: Site) -> None:
    _, step = a_step(site)

    words = attach(site, step, "Jag säger ja.".encode())
    nothing = attach(site, step, b"")
    elsewhere = attach(site, step, a_picture(), to="signed_on")
    attach(site, step, a_picture())
    [scan] = kept(site)
    second = attach(site, step, a_picture(1), scan=str(scan.id))

    assert [words.status_code, nothing.status_code, second.status_code] == [422, 422, 422]
    assert "A file of another kind is asked for here." in said(words)
    assert "Take one away first." in said(second)
    assert elsewhere.status_code == 404
    assert kept(site) != []
    assert len(kept(site)) == 1


def test_only_what_was_attached_to_the_step_is_an_answer(site: Site) -> None:
    _, step = a_step(site)

    made_up = send(site, step, scan=[str(uuid4())])

    assert made_up.status_code == 422
    assert addresses(made_up, r"#f-scan[\w-]*") != []


def test_a_file_that_was_chosen_and_not_attached_is_not_lost_silently(site: Site) -> None:
    _, step = a_step(site)

    answer = send(site, step, **{"_file.scan": ["papper.pdf"]})

    assert answer.status_code == 422
    assert "Attach the file that you chose, or choose none." in said(answer)


def test_a_party_attaches_nothing_to_anothers_step(site: Site) -> None:
    _, step = a_step(site)
    files = {"_file.scan": ("papper.png", a_picture(), "image/png")}

    answer = site.client(PARTY).post(f"/tasks/{step}/files", files=files, data={"_attach": "scan"})

    assert answer.status_code == 404
    assert kept(site) == []


PAPER_CAME = {
    "type": "default",
    "id": "paper_came",
    "schemaVersion": 19,
    "components": [
        {"type": "filepicker", "key": "scan", "label": "The paper", "accept": ".png"}
        | {"validate": {"required": True}, "properties": {"category": "own"}},
        {"type": "textfield", "key": "place", "label": "Where", "validate": {"required": True}},
    ],
}


def an_event_with_a_form(site: Site) -> str:
    """Where somebody tells that the paper has come; the form asks for it."""
    with site.database.transaction() as tx:
        files = releases.files_of(tx, releases.active_id(tx, "arena"))
        about = b"[actions.signed_paper_received]\n"
        files["pack.toml"] = files["pack.toml"].replace(about, about + b'form = "paper_came"\n')
        files["forms/paper_came.form"] = json.dumps(PAPER_CAME).encode()
        releases.publish(tx, files, by="test")
    case_id = site.case_as_in("ac_01_arena_straight", steps=4)
    return f"/cases/{case_id}/hear/signed_paper_received"


def bring(client: TestClient, address: str, key: str, content: bytes, **typed: str) -> Response:
    files = {"_file.scan": ("papper.pdf", content, "application/pdf")}
    sent = {"_key": key, "_attach": "scan"} | typed
    return client.post(f"{address}/files", files=files, data=sent)


def test_a_file_comes_with_an_event_and_is_kept_until_it_is_told(site: Site) -> None:
    """While other answers are put right, too; another page, or person, knows nothing of it."""
    place = an_event_with_a_form(site)
    client = site.client(WHO)
    key = fields(client.get(place))["_key"]

    wrong = bring(client, place, key, b"Jag " * 9, place="Pärm 4")
    there = [len(kept(site))]
    page = bring(client, place, key, a_picture(), place="Pärm 4")
    [scan] = kept(site)
    second = bring(client, place, key, a_picture(1), scan=str(scan.id))
    chosen = {"_key": key, "scan": str(scan.id)}
    unsaid = client.post(place, data=chosen)
    behind = client.post(place, data=chosen | {"place": "x", "_file.scan": "papper.pdf"})
    elsewhere = client.post(place, data=chosen | {"place": "x", "_key": uuid4().hex})
    told = client.post(place, data=chosen | {"place": "Pärm 4"})

    assert (wrong.status_code, there) == (422, [0])
    assert "A file of another kind is asked for here." in said(wrong)
    assert (page.status_code, fields(page)["_key"]) == (200, key)
    assert f'value="{scan.id}" checked' in page.text
    assert 'value="Pärm 4"' in page.text
    assert (second.status_code, len(kept(site))) == (422, 1)
    assert (unsaid.status_code, f'value="{scan.id}" checked' in unsaid.text) == (422, True)
    assert "Attach the file that you chose, or choose none." in said(behind)
    assert [behind.status_code, elsewhere.status_code] == [422, 422]
    assert told.headers["location"].endswith("?said=heard")
    assert (scan.category, scan.media_type) == ("own", "image/png")
    assert "papper.png" in said(client.get(place.partition("/hear")[0]))
    with site.database.reading() as tx:
        assert "paper_came" in set(tx.scalars(select(CaseEntry.form)))


def test_nothing_is_attached_to_anothers_event_nor_to_what_asks_for_none(site: Site) -> None:
    place = an_event_with_a_form(site)
    refused = place.replace("signed_paper_received", "person_refused")

    answers = [
        bring(site.client(PARTY), place, "k", a_picture()),
        bring(site.client(WHO), refused, "k", a_picture()),
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert kept(site) == []
