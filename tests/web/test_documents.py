"""Texts for people are changed in a plain field, checked, seen as they print, and compared."""

from collections.abc import Iterator
from io import BytesIO

import pytest
from pypdf import PdfReader

from base import lang, markdown
from casework import documents
from casework.releases.papers import document_findings, handed_out_findings
from casework.releases.telling import changed_files
from casework.words import Words
from engine import releases
from engine.packs import open_pack, read_folder
from tests.arena import ARENA
from tests.engine.test_differences import a_pack, diagram
from tests.web.reading import fields
from tests.web.test_routines import OWNER
from tests.web.test_statements import listening
from tests.web.world import Site, open_site

LIST = "/routines/documents"
LEAFLET = f"{LIST}/leaflet/sv"
FILES = read_folder(ARENA)


@pytest.fixture(scope="module")
def site(shared_settings) -> Iterator[Site]:
    site = open_site(shared_settings)
    yield site
    site.close()


def draft(site: Site) -> dict[str, bytes | None]:
    with site.database.reading() as tx:
        return {each.path: each.content for each in releases.draft(tx, "arena")}


def send(site: Site, place: str, text: str, **more: str):
    client = site.client(OWNER)
    return client.post(place, data={"text": text, "mark": mark(client.get(place))} | more)


def mark(page) -> str:
    return dict(fields(page))["mark"]


def test_a_text_is_changed_in_the_draft_alone_and_told_in_words(site: Site):
    before = FILES["texts/leaflet.sv.md"].decode()
    after = before.replace("Fråga den som gav dig bladet.", "Fråga **oss**.")

    answer = send(site, LEAFLET, after.replace("\n", "\r\n"))

    assert answer.headers["location"] == f"{LEAFLET}?said=document"
    assert draft(site) == {"texts/leaflet.sv.md": after.encode()}
    assert "nothing-changed" in send(site, LEAFLET, after).headers["location"]
    site.client(OWNER).post(f"{LEAFLET}/discard")
    assert draft(site) == {}


def test_a_changed_text_is_told_paragraph_by_paragraph():
    before = a_pack(p=diagram()) | {"texts/letter.sv.md": b"# A\n\nB\n\nC"}
    after = a_pack(p=diagram()) | {"texts/letter.sv.md": b"# A\n\nD"}

    [file] = changed_files(open_pack(before), open_pack(after), "en", first="p")

    assert file.title == "letter (Svenska)"
    assert [(thing.kind, thing.name) for thing in file.things] == [
        ("changed", "D"),
        ("removed", "C"),
    ]
    assert [(line.before, line.after) for line in file.things[0].lines] == [("B", "D")]


def test_what_is_overtaken_too_long_or_nowhere_changes_nothing(site: Site):
    assert send(site, LEAFLET, "x", mark="another").status_code == 409
    assert send(site, LEAFLET, "x" * 50_001).status_code == 422
    client = site.client(OWNER)
    for place in (f"{LIST}/no_such/sv", f"{LIST}/leaflet/xx", f"{LIST}/leaflet/..%2fsv"):
        assert client.get(place).status_code == 404
        assert client.post(place, data={"text": "x", "mark": ""}).status_code == 404
    assert draft(site) == {}


def test_who_approves_reads_and_nobody_else(site: Site):
    karin, sara = site.client("karin.holt"), site.client("sara.lindqvist")

    assert "<textarea" not in karin.get(LEAFLET).text
    assert karin.post(LEAFLET, data={"text": "x", "mark": ""}).status_code == 403
    assert karin.post(LIST, data={"title": "Brev"}).status_code == 403
    assert [sara.get(place).status_code for place in (LIST, LEAFLET)] == [403, 403]
    assert sara.get(f"{LEAFLET}/preview.pdf").status_code == 403


def test_a_document_is_begun_named_once_and_written_in_another_language(site: Site):
    client = site.client(OWNER, "sv")

    begun = client.post(LIST, data={"title": "Brev till alla"})
    again = client.post(LIST, data={"title": "Brev till alla"})
    nameless = client.post(LIST, data={"title": "  "})

    assert begun.headers["location"] == f"{LIST}/brev_till_alla/sv"
    assert (again.status_code, nameless.status_code) == (422, 422)
    assert "Brev till alla" in client.get(LIST).text
    chosen = client.get(f"{LIST}/brev_till_alla?language=ar")
    assert chosen.headers["location"] == f"{LIST}/brev_till_alla/ar"
    assert 'lang="ar" dir="rtl"' in client.get(f"{LIST}/brev_till_alla/ar").text
    yes = "موافقة"
    arabic = f"# {yes}\n\n**{yes}**."
    assert send(site, f"{LIST}/brev_till_alla/ar", arabic).status_code == 303
    paper = client.get(f"{LIST}/brev_till_alla/ar/preview.pdf")
    assert PdfReader(BytesIO(paper.content)).trailer["/Root"]["/Lang"] == "ar"
    assert client.get(f"{LIST}/brev_till_alla/ar/file").content.decode() == f"{arabic}\n"
    send(site, f"{LIST}/brev_till_alla/ar", " ")
    assert draft(site)["texts/brev_till_alla.ar.md"] is None
    assert client.get(f"{LIST}/brev_till_alla/ar/preview.pdf").status_code == 404
    for code in ("ar", "sv"):
        client.post(f"{LIST}/brev_till_alla/{code}/discard")
    assert draft(site) == {}


def test_the_draft_of_a_consent_prints_with_what_nobody_is(site: Site):
    place = f"{LIST}/consent/de"
    text = FILES["texts/consent.de.md"].decode().replace("# ", "# Neu: ", 1)
    send(site, place, text)

    paper = PdfReader(BytesIO(site.client(OWNER).get(f"{place}/preview.pdf").content))

    said = " ".join(" ".join(page.extract_text() for page in paper.pages).split())
    assert said.startswith("Neu: Einwilligung")
    assert "Solberga kommun; Region Solberga" in said
    assert not set("{}*#") & set(said)
    assert lang.catalogue(lang.WORDS, "de").gettext("A draft, with made-up details") in said
    site.client(OWNER).post(f"{place}/discard")


def test_every_place_of_a_text_is_filled(site: Site):
    words = Words(open_pack(FILES), "sv")
    filled = documents.example(words, str, site.database.now().date())

    for name, places in documents.PLACES.items():
        text = " ".join("{{" + place + "}}" for place in places)
        assert "{{" not in documents.filled(text, filled), name


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        ("texts/leaflet.sv.md", "# A\n\nB", []),
        ("texts/leaflet.sv.md", "A", ["document_untitled"]),
        ("texts/leaflet.sv.md", "# A\n\n{{person}}", ["place_unknown"]),
        ("texts/leaflet.de.md", "# A\n\n19900101-0017", ["document_person"]),
        ("texts/leaflet.de.md", "# A\n\nVÄR-2027-014", ["document_person"]),
        ("texts/leaflet.de.md", "# A\n\n0980-319 200 och a@b.example", ["document_reach"]),
        (
            "texts/statistics.en.md",
            "# A\n\n{{organisation}}",
            ["place_unknown", "place_missing", "place_missing"],
        ),
        ("texts/letter.de.md", "# A", ["document_missing", "document_untranslated"]),
        ("texts/letter.sv.md", "# A", ["document_untranslated", "document_untranslated"]),
    ],
)
def test_what_is_wrong_in_a_text_is_found(path: str, text: str, found: list[str]):
    pack = open_pack({**FILES, path: text.encode()})

    assert [each.rule for each in document_findings(pack)] == found


def test_a_step_that_hands_out_what_is_filled_in_is_found():
    named = "consent, leaflet, statistics, nowhere"
    files = a_pack(p=diagram("ask", properties={"documents": named}))
    texts = {f"texts/{name}.sv.md": b"# A" for name in ("consent", "leaflet")}

    found = handed_out_findings(open_pack({**files, **texts}))

    assert [(each.element, each.rule, each.facts["document"]) for each in found] == [
        ("ask", "document_filled", "consent")
    ]


def test_what_fills_a_place_is_never_read_as_marks():
    text = documents.filled("Nej: {{excluded}}.", {"excluded": "*allt*\n\n# [x](y) {{person}}"})

    [part] = markdown.parts(text)
    assert part == markdown.Paragraph(
        (markdown.Run("Nej: *allt* # [x](y) " + documents.LINE + "."),)
    )


def test_the_list_asks_no_more_of_the_database_the_longer_it_is(site: Site):
    client = site.client(OWNER)
    client.get(LIST)
    with listening(site) as short:
        client.get(LIST)
    for title in ("Ett", "Ett till", "Och ett till"):
        client.post(LIST, data={"title": title})
    client.get(LIST)
    with listening(site) as long:
        client.get(LIST)

    assert len(long.statements) == len(short.statements)
