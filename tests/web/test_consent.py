"""Consent at the door: what a form asks, and a page that was open when the person said no."""

import hashlib
from io import BytesIO
from uuid import UUID, uuid4

from pypdf import PdfReader
from sqlalchemy import func, select

from base import clock
from casework import documents
from casework.cases import store as case_store
from casework.cases.tables import CaseEntry, DraftAnswers
from casework.consent import actions as consent
from casework.consent import store as consents
from casework.consent.tables import ConsentCategory
from casework.organisations import store as organisations
from engine import releases
from engine.tables import Task
from tests.web.reading import addresses, fields, heading, said
from tests.web.world import Site

WHO = "sara.lindqvist"
ELSEWHERE = "ida.rask"


def a_case(site: Site) -> UUID:
    """Arena, raised by Sara; consent to talk of health, money and work; on an agenda."""
    return site.case_as_in("ac_01_arena_straight", steps=8)


def of_party(site: Site, case_id: UUID, code: str) -> UUID:
    """The open step in which this organisation prepares."""
    with site.database.reading() as tx:
        place = organisations.organisation(tx, code).id
        [step] = [
            task.id
            for task in site.open_steps(tx, case_id)
            if task.element_id == "prepare_party" and task.organisation_id == place
        ]
        return step


def entries(site: Site, case_id: UUID) -> int:
    with site.database.reading() as tx:
        kept = select(func.count()).select_from(CaseEntry).where(CaseEntry.case_id == case_id)
        return tx.scalar(kept) or 0


def take_back(site: Site, case_id: UUID) -> None:
    """The record alone: as if no diagram had heard of it."""
    with site.database.transaction() as tx:
        case_store.lock_case(tx, case_id)
        facts = case_store.facts(tx, case_id)
        today = clock.today(tx, site.application.zone)
        consent.withdraw(tx, site.actor(tx, WHO), facts, on=today)


def test_a_form_offers_only_the_kinds_that_consent_names(site: Site) -> None:
    case_id = a_case(site)
    page = site.client(WHO).get(f"/tasks/{site.open_step(case_id, 'write_brief')}")

    offered = [
        kind
        for kind in ("health_function", "economy_benefits", "work_education", "plan", "treatment")
        if f'value="{kind}"' in page.text
    ]

    assert offered == ["health_function", "economy_benefits", "work_education", "plan"]


def test_an_answer_that_the_person_has_excluded_meanwhile_is_not_stored(site: Site) -> None:
    """A page opened before, sent after: 409, nothing kept, not even as a draft."""
    case_id = site.case_as_in("ac_05_sip_full", steps=10)
    task_id = site.open_step(case_id, "prepare_with_person")
    client = site.client("per.holm")
    sent = {"_key": uuid4().hex, **site.answers("per.holm", task_id, adaptations="Lugnt rum")}
    opened = client.get(f"/tasks/{task_id}")
    before = entries(site, case_id)
    with site.database.transaction() as tx:
        [held] = [one for one in case_store.facts(tx, case_id).consents if one.status == "active"]
        excluded = {"consent_id": held.consent_id, "category": "health_function"}
        tx.add(ConsentCategory(**excluded, excluded=True))

    answers = [client.post(f"/tasks/{task_id}", data={"_do": do, **sent}) for do in ("", "save")]
    after = client.get(f"/tasks/{task_id}")

    assert 'name="adaptations"' in opened.text
    assert 'name="adaptations"' not in after.text
    assert [answer.status_code for answer in answers] == [409, 409]
    assert "What the person allows has changed" in said(answers[0])
    assert entries(site, case_id) == before
    with site.database.reading() as tx:
        assert tx.get(DraftAnswers, (task_id, site.actor(tx, "per.holm").account_id)) is None


def test_a_form_held_open_when_consent_ends_stores_nothing(site: Site) -> None:
    """Whether the diagram has heard of it or not."""
    case_id = a_case(site)
    task_id = of_party(site, case_id, "fk")
    client = site.client(ELSEWHERE)
    key = fields(client.get(f"/tasks/{task_id}"))["_key"]
    before = entries(site, case_id)
    take_back(site, case_id)

    answer = client.post(f"/tasks/{task_id}", data={"_key": key, "note": "Vi har ett ärende."})

    assert answer.status_code == 409
    assert heading(answer) == "This task is no longer needed"
    assert "Vi har ett ärende." in said(answer)
    assert site.client(ELSEWHERE).get(f"/cases/{case_id}").status_code == 404
    assert entries(site, case_id) == before
    with site.database.reading() as tx:
        assert tx.get_one(Task, task_id).status == "open"


def test_the_text_put_before_the_person_says_exceptions_and_guests(site: Site) -> None:
    """What the gate will hold to stands on the paper, in the person's words and in sentences."""
    case_id = site.case_as_in("ac_01_arena_straight", steps=2)
    task_id = site.open_step(case_id, "prepare_consent")
    named = {
        "parties": ["varnamo", "fk"],
        "categories": ["health_function"],
        "exclusions": "Det som hände i fjol",
        "guests": [{"name": "Karin Ek"}],
        "exceptions": [{"teller": "varnamo", "reader": "fk", "category": "health_function"}],
    }
    client = site.client(WHO)
    for step, answers in (
        (task_id, site.answers(WHO, task_id, **named)),
        (None, {}),
    ):
        step = step or site.open_step(case_id, "inform_person")
        told = client.post(f"/tasks/{step}", data={"_key": uuid4().hex, **answers})
        assert told.status_code == 303, said(told)

    with site.database.reading() as tx:
        sara, facts = site.actor(tx, WHO), case_store.facts(tx, case_id)
        today = clock.today(tx, site.application.zone)
        presented = consents.latest(tx, case_id, "consultation")
        assert presented is not None
        text = consent.read_document(tx, sara, facts, presented, on=today)

    assert text is not None
    assert "Karin Ek talar med varandra om mig" in text
    assert "Värnamo kommun berättar inte detta för Försäkringskassan: Hälsa" in text
    assert "”Det som hände i fjol”" in text


def test_the_consent_is_printed_in_the_persons_language_with_the_offices_after_it(
    site: Site,
) -> None:
    """Decision 1: empty lines for name and number; nobody's name in what describes the file.

    A text that is changed later changes nothing of what was put before the person.
    """
    case_id = a_case(site)
    client = site.client(WHO)
    [place] = set(
        addresses(
            client.get(f"/cases/{case_id}"), rf"(/cases/{case_id}/consents/[0-9a-f-]+/paper)"
        )
    )

    paper = client.get(place, params={"language": "de"})
    reader = PdfReader(BytesIO(paper.content))
    text = " ".join(page.extract_text() for page in reader.pages)
    others = [site.client(name).get(place).status_code for name in ("jonas.wik", ELSEWHERE)]

    assert text.index("Einwilligung zur Zusammenarbeit") < text.index("Samtycke till att")
    assert reader.trailer["/Root"]["/Lang"] == "de"
    assert site.number_of(case_id) in text
    assert "Example Example" not in text
    assert client.get(place, params={"language": "xx"}).status_code == 404
    assert others == [404, 403]

    older = " ".join(text.split())
    with site.database.transaction() as tx:
        files = releases.files_of(tx, releases.active_id(tx, "arena"))
        for name in ("texts/consent.sv.md", "texts/consent.de.md"):
            files[name] = b"# Another\n\nEverything is otherwise for {{organisations}}."
        releases.publish(tx, files, by="test")
    newer = PdfReader(BytesIO(client.get(place, params={"language": "de"}).content))
    with site.database.reading() as tx:
        version = consents.of_case(tx, case_id)[0]
        shown = consent.document_of(tx, version) or ""
        wanted = documents.consent_text(
            tx, site.application, version, consent.texts_of(tx, version)
        )

    assert " ".join(" ".join(page.extract_text() for page in newer.pages).split()) == older
    assert hashlib.sha256(shown.encode()).hexdigest() == version.document_hash
    assert shown == wanted


def test_the_leaflet_is_printed_where_the_person_is_informed(site: Site) -> None:
    """In every language it is written in; it holds nothing of the case."""
    case_id = site.case_as_in("ac_01_arena_straight", steps=3)
    step = site.open_step(case_id, "inform_person")
    client, printing = site.client(WHO), r"(/leaflets/[\w-]+\?language=\w+)"
    pages = [client.get(place) for place in (f"/tasks/{step}", f"/cases/{case_id}")]

    offered = [addresses(page, printing) for page in pages]
    paper = client.get("/leaflets/leaflet?language=de")
    reader = PdfReader(BytesIO(paper.content))
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())

    assert offered == [[f"/leaflets/leaflet?language={code}" for code in ("de", "en", "sv")]] * 2
    assert "So läuft es ab" in text
    assert reader.trailer["/Root"]["/Lang"] == "de"
    assert site.number_of(case_id) not in text


def test_of_the_papers_leaflets_alone_are_printed_for_anybody(site: Site) -> None:
    """What has places to fill in is printed with its record, for whoever may read that."""
    client = site.client(WHO)
    wrong = ("consent", "statistics", "no_such", "leaflet?language=xx", "leaflet?language=..%2fsv")

    assert [client.get(f"/leaflets/{name}").status_code for name in wrong] == [404] * len(wrong)
    assert site.client("jonas.wik").get("/leaflets/leaflet").status_code == 403
