"""What a change does, as owners and those who approve it read it."""

from sqlalchemy import update

from engine.tables import DraftRow
from tests.casework.releases.changes import SIP, with_interpreter
from tests.web.test_routines import OWNER, SECOND, page, send, source
from tests.web.test_statements import listening


def a_draft(site):
    client = site.client(OWNER, "sv")
    send(client, with_interpreter(source(client)))
    return client


def test_a_draft_is_shown_in_words_and_on_both_diagrams(site):
    text = a_draft(site).get(f"/routines/{SIP}/differences").text

    assert "<ins>Boka tolk</ins>" in text
    assert "<ins>Fråga personen vilket språk.</ins>" in text
    assert "<del>Bestäm mötet → Bjud in varje organisation</del>" in text
    assert text.count("<svg class=") == 2
    assert text.count("node added") == 2


def test_the_annex_says_why_and_which_decision_before_and_after(site):
    client = a_draft(site)
    digest = {"digest": page(site).digest}
    told = {"reference": "SF 2027/14", "reason": "Flera har bett om tolk."}
    client.post(f"/routines/{SIP}/propose", data={**digest, **told})

    asked = client.get(f"/routines/{SIP}/differences").text
    site.client(SECOND).post(f"/routines/{SIP}/approve", data=digest)
    decided = site.client("karin.holt").get(f"/routines/{SIP}/differences/2").text

    for text in (asked, decided):
        assert "SF 2027/14" in text
        assert "Flera har bett om tolk." in text
        assert "<ins>Boka tolk</ins>" in text
    assert "Åsa Kvist" in decided


def test_a_draft_is_read_by_parties_too_and_versions_by_the_studio_alone(site):
    sara, bo = site.client("sara.lindqvist"), site.client("bo.strand")

    assert bo.get(f"/routines/{SIP}/differences").status_code == 403
    assert sara.get(f"/routines/{SIP}/differences").status_code == 200
    assert sara.get(f"/routines/{SIP}/differences/1").status_code == 403
    assert site.client(OWNER).get(f"/routines/{SIP}/differences/7").status_code == 404
    assert site.client(OWNER).get("/routines/nothing/differences").status_code == 404


def test_a_draft_that_cannot_be_read_is_said_to_be_so(site):
    client = a_draft(site)
    with site.database.transaction() as tx:
        tx.execute(update(DraftRow).values(content=b"<broken"))

    answer = client.get(f"/routines/{SIP}/differences")

    assert answer.status_code == 200
    assert "En av filerna går inte att läsa." in answer.text


def test_it_asks_no_more_of_the_database_the_more_is_changed(site):
    client = a_draft(site)
    client.get(f"/routines/{SIP}/differences")
    with listening(site) as one:
        client.get(f"/routines/{SIP}/differences")
    with site.database.transaction() as tx:
        for path in ("referral.bpmn", "closure.bpmn"):
            content = page_file(site, path).replace(b'name="', b'name="Ny ', 3)
            tx.add(
                DraftRow(
                    pack_id="arena",
                    path=path,
                    content=content,
                    rev=1,
                    by="account:1",
                    changed=site.clock.now(),
                    release_id=None,
                )
            )

    with listening(site) as three:
        text = client.get(f"/routines/{SIP}/differences").text

    assert text.count("<figure") == 6
    assert len(three.statements) == len(one.statements)


def page_file(site, path: str) -> bytes:
    with site.database.reading() as tx:
        return site.application.pack(tx).files[path]
