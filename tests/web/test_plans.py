"""The plan of a case: read, printed, compared, followed (AC-05, K-11)."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from pypdf import PdfReader

from base.settings import Settings
from casework.plans import actions as plans
from casework.plans import store
from casework.plans.actions import PlanAltered
from engine import releases
from engine.packs import places, texts_of_phrases, with_translations
from tests.web.reading import said, title
from tests.web.test_statements import listening
from tests.web.world import Site, open_site

LEAD, PARTY, STRANGER = "per.holm", "sara.lindqvist", "petra.lind"


@dataclass(frozen=True)
class Planned:
    """A case whose first plan is in force and whose second is a draft."""

    site: Site
    case_id: UUID


@pytest.fixture(scope="module")
def planned(shared_settings: Settings) -> Iterator[Planned]:
    site = open_site(shared_settings)
    case_id = site.case_as_in("ac_05_sip_full", steps=28)
    yield Planned(site, case_id)
    site.close()


def revise(site: Site, case_id: UUID, **changed: object) -> None:
    with site.database.transaction() as tx:
        newest = store.latest(tx, case_id)
        assert newest is not None
        content = {**plans.read_plan(tx, newest), **changed}
        plans.record_plan(tx, case_id, site.actor(tx, LEAD).account_id, content)


def states(site: Site, case_id: UUID) -> list[str]:
    with site.database.reading() as tx:
        plan = store.adopted(tx, case_id)
        assert plan is not None
        return [measure.state for measure in store.measures(tx, plan.id)]


def test_the_plan_is_printed_in_the_persons_language_with_the_offices_beside(
    planned: Planned,
) -> None:
    page = planned.site.client(LEAD, "sv").get(
        f"/cases/{planned.case_id}/plan.pdf", params={"language": "de", "version": 1}
    )

    document = PdfReader(io.BytesIO(page.content))
    text = " ".join(" ".join(p.extract_text() for p in document.pages).split())
    assert page.headers["content-disposition"].startswith(
        'attachment; filename="plan-VMO-2027-001-1-de.pdf"'
    )
    assert page.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert document.trailer["/Root"]["/Lang"] == "de"
    assert "Jag vill kunna sova och klara praktik" in text
    assert "Das ist mir wichtig Det här är viktigt för mig" in text
    assert "Sömnbehandling" in text
    assert "Example" not in str(document.metadata)


def test_a_draft_says_in_plain_words_what_it_lacks(planned: Planned) -> None:
    revise(planned.site, planned.case_id, coordinator="", own_voice="")

    page = planned.site.client(LEAD).get(f"/cases/{planned.case_id}")

    assert (
        "Before this plan can be decided it must still say: "
        "what matters to the person, in their own words who coordinates"
    ) in said(page)


def test_versions_say_what_changed_and_stay_readable(planned: Planned) -> None:
    revise(planned.site, planned.case_id, coordinator="Ida Rask", own_voice="Jag vill sova")
    client = planned.site.client(LEAD)

    history = client.get(f"/cases/{planned.case_id}/plan/versions")
    first = client.get(f"/cases/{planned.case_id}/plan", params={"version": 1})

    assert title(history) == "Versions of the plan, VMO-2027-001 – Samplan"
    assert "Jag vill kunna sova och klara praktik Jag vill sova" in said(history) or (
        "New: Jag vill sova" in said(history)
    )
    assert "“Jag vill kunna sova och klara praktik”" in said(first)
    assert client.get(f"/cases/{planned.case_id}/plan?version=99").status_code == 404


def test_what_was_written_stands_below_the_milestone_it_was_written_at(planned: Planned) -> None:
    page = said(planned.site.client(LEAD).get(f"/cases/{planned.case_id}"))

    written = page.partition("What has been written")[2]
    assert written.startswith(" Planning "), written[:100]
    assert "Write the plan, Psykiatriska kliniken" in written


def test_an_organisation_tells_how_its_own_measure_goes(planned: Planned) -> None:
    site, place = planned.site, f"/cases/{planned.case_id}/plan/measures"
    client = site.client(PARTY)

    begun = client.post(f"{place}/2", data={"state": "under_way"})
    stuck = client.post(f"{place}/3", data={"state": "not_possible", "reason": "Ingen plats"})
    other = client.post(f"{place}/1", data={"state": "done"})
    silent = client.post(f"{place}/2", data={"state": "not_possible", "reason": " "})
    missing = client.post(f"{place}/9", data={"state": "done"})
    stranger = site.client(STRANGER).post(f"{place}/2", data={"state": "done"})

    assert begun.headers["location"] == f"/cases/{planned.case_id}?said=tracked#plan"
    assert [a.status_code for a in (stuck, other, silent, missing, stranger)] == [
        303,
        403,
        422,
        404,
        404,
    ]
    assert states(site, planned.case_id) == ["confirmed", "under_way", "not_possible", "confirmed"]
    trace = site.written_down(planned.case_id)[-2:]
    asked = said(client.get(f"/cases/{planned.case_id}/plan"))
    client.post(f"/cases/{planned.case_id}/looks/why", data={"reason": "prepare"})
    page = said(client.get(f"/cases/{planned.case_id}/plan", params={"version": 1}))
    assert "Why do you open the case?" in asked
    assert "Boendestöd på morgonen" in page
    assert trace == [
        ("measure.track", ""),
        ("refused.track-measure", "not_yours"),
    ]


def test_what_was_decided_cannot_be_altered_unnoticed(planned: Planned) -> None:
    revise(planned.site, planned.case_id, coordinator="Eva Lund")
    with planned.site.database.transaction() as tx:
        plan = store.adopted(tx, planned.case_id)
        draft = store.latest(tx, planned.case_id)
        assert plan is not None
        assert draft is not None
        plan.content = draft.content
        tx.flush()

        with pytest.raises(PlanAltered):
            plans.read_plan(tx, plan)
        tx.rollback()


def test_the_list_of_versions_asks_as_much_for_many_as_for_few(planned: Planned) -> None:
    client, place = planned.site.client(LEAD), f"/cases/{planned.case_id}/plan/versions"
    client.get(place)
    with listening(planned.site) as few:
        client.get(place)
    for number in range(4):
        revise(planned.site, planned.case_id, coordinator=f"Nummer {number}")

    with listening(planned.site) as many:
        client.get(place)

    assert len(many.statements) == len(few.statements)


def test_who_may_not_read_plans_sees_none(planned: Planned) -> None:
    client = planned.site.client(STRANGER)

    answers = [
        client.get(f"/cases/{planned.case_id}/{end}")
        for end in ("plan", "plan.pdf", "plan/versions")
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]


def test_on_paper_it_says_what_the_pack_calls_things(planned: Planned) -> None:
    site = planned.site
    own = ((text, f"{text.element.upper()} {places(text.source)}") for text in texts_of_phrases())
    with site.database.transaction() as tx:
        files = releases.draft_files(tx, "arena")
        files["lang/sv.po"] = with_translations(b"", "sv", own)
        releases.publish(tx, files, by="test")

    page = site.client(LEAD, "de").get(
        f"/cases/{planned.case_id}/plan.pdf", params={"language": "sv"}
    )

    document = PdfReader(io.BytesIO(page.content))
    text = " ".join(" ".join(p.extract_text() for p in document.pages).split())
    assert "PLAN.TITLE Koordinierter individueller Plan" in text
    assert [word for word in ("PLAN.WHOSE", "LEAD.NAME") if word not in text] == []
