"""A logo is uploaded into the draft, stands on paper once in use, and is taken away."""

from base64 import b64decode
from collections.abc import Iterator
from io import BytesIO

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from casework.printing import Document, Label, Text, printed
from casework.releases.checks import findings_of
from casework.voice import Voice, fitted
from engine import releases
from engine.packs import Logo, open_pack, read_folder, read_logo
from tests.arena import ARENA
from tests.engine.test_differences import a_pack, diagram
from tests.engine.test_logo import png, svg
from tests.web.test_routines import OWNER
from tests.web.world import Site, open_site

PAGE = "/routines/logo"
FILES = read_folder(ARENA)
SMALL = a_pack(p=diagram())
#: Grey, sixteen by eight dots.
JPEG = b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAKBueIx4ZKCMgoy0qqC+8P//8Nzc8P///////////////////////////////"
    "///////////////////////////wAALCAAIABABAREA/8QAFQABAQAAAAAAAAAAAAAAAAAAAAL/xAAUEAEAAAAAAAAAAA"
    "AAAAAAAAAA/9oACAEBAAA/AJH/2Q=="
)


@pytest.fixture(scope="module")
def site(shared_settings) -> Iterator[Site]:
    site = open_site(shared_settings)
    yield site
    site.close()


@pytest.fixture(scope="module")
def owner(site: Site) -> TestClient:
    return site.client(OWNER, "sv")


def send(client: TestClient, content: bytes) -> Response:
    return client.post(PAGE, files={"file": ("whatever.txt", content)})


def draft(site: Site) -> dict[str, bytes | None]:
    with site.database.reading() as tx:
        return {each.path: each.content for each in releases.draft(tx, "arena")}


def said_aloud(paper: bytes) -> list[str]:
    """What stands for the pictures of a document."""
    root = PdfReader(BytesIO(paper)).trailer["/Root"]
    return list(_alts(root["/StructTreeRoot"]))


def _alts(node: DictionaryObject) -> Iterator[str]:
    if "/Alt" in node:
        yield str(node["/Alt"])
    inner = node.get("/K", [])
    for each in inner if isinstance(inner, list) else [inner]:
        found = each.get_object()
        if isinstance(found, DictionaryObject):
            yield from _alts(found)


def a_paper(**logo: bytes) -> bytes:
    """Of the arena with this file as its logo."""
    files = {f"logo.{ending}": content for ending, content in logo.items()}
    voice = Voice("de", open_pack({**FILES, **files}))
    return printed(Document(Label("Blatt"), (Text("Text"),), language="de", logo=voice.logo))


def test_a_picture_is_drafted_seen_and_taken_away(site: Site, owner: TestClient):
    answer = send(owner, png() + b"more")

    assert answer.headers["location"] == f"{PAGE}?said=logo"
    assert draft(site) == {"logo.png": png()}
    seen = owner.get(f"{PAGE}/picture")
    assert (seen.headers["content-type"], seen.content) == ("image/png", png())
    assert '<img src="/routines/logo/picture" alt="' in owner.get(PAGE).text
    paper = owner.get("/routines/documents/leaflet/sv/preview.pdf").content
    assert said_aloud(paper) == [f"Logotyp: {open_pack(FILES).config.title}"]
    assert send(owner, svg()).status_code == 303
    assert set(draft(site)) == {"logo.png", "logo.svg"}
    assert draft(site)["logo.png"] is None
    assert owner.post(f"{PAGE}/remove").headers["location"] == f"{PAGE}?said=logo-gone"
    assert owner.get(f"{PAGE}/picture").status_code == 404
    assert set(draft(site).values()) == {None}
    owner.post(f"{PAGE}/discard")
    assert draft(site) == {}


def test_a_photograph_is_kept_as_dots_and_nothing_else_of_it(site: Site, owner: TestClient):
    noted = JPEG[:2] + b"\xff\xfe\x00\x0bAnna Berg" + JPEG[2:]

    assert send(owner, noted).headers["location"] == f"{PAGE}?said=logo"
    [(path, kept)] = draft(site).items()
    assert kept is not None
    found = read_logo(kept)
    owner.post(f"{PAGE}/discard")

    # Sixteen by eight dots are shown 32 mm wide, at 300 dots to the inch.
    assert (path, found.width, found.height) == ("logo.png", 378, 189)
    assert b"Anna Berg" not in kept
    broken = [JPEG[:30], JPEG.replace(b"\x00\x08\x00\x10", b"\x00\x08\x10\x00")]
    assert [send(owner, each).status_code for each in broken] == [422, 422]
    assert draft(site) == {}


def test_what_is_no_picture_or_too_large_changes_nothing(site: Site, owner: TestClient):
    told = [
        send(owner, content) for content in (b"", b"GIF89a", svg("<text>A</text>"), bytes(200_001))
    ]

    assert [each.status_code for each in told] == [422] * 4
    said = [each.text.split('id="file-problem">')[1].split("<")[0] for each in told]
    assert said == [
        "Välj en fil.",
        "Det här är ingen bild som kan skrivas ut: spara den som vanlig SVG, som PNG eller som"
        " JPEG.",
        "En logotyp innehåller bara former och färger: gör bokstäver till konturer,"
        " eller spara den som PNG.",
        "En logotyp är högst 200 kB och har högst 2 000 bildpunkter per sida.",
    ]
    assert draft(site) == {}


def test_who_approves_sees_it_and_uploads_nothing(site: Site):
    karin, sara = site.client("karin.holt"), site.client("sara.lindqvist")

    assert "<form" not in karin.get(PAGE).text.split("<main")[1]
    assert [send(each, png()).status_code for each in (karin, sara)] == [403, 403]
    assert draft(site) == {}


def test_paper_has_it_at_its_head_and_says_aloud_whose_it_is():
    pack = open_pack(FILES)

    title = pack.word("de", "pack", "", "title", pack.config.title)
    assert said_aloud(a_paper(svg=svg())) == [f"Logo: {title}"]
    assert Voice("ar", pack).says_logo == Voice("ar", pack).title
    assert Voice("de", pack).logo is None
    assert Voice("de", open_pack({**FILES, "logo.svg": b"<svg/>"})).logo is None


def test_it_is_as_large_as_the_head_takes_it():
    def sides(**logo: float) -> tuple[float, float]:
        found = fitted(Logo("logo.svg", b"", **logo), "")
        return found.width, found.height

    assert sides(width=400, height=100) == (60, 15)
    assert sides(width=2, height=4) == (8, 16)


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"logo.png": png()}, set()),
        ({"logo.png": b"GIF"}, {("logo.png", "logo_unreadable")}),
        ({"logo.svg": svg("<text/>")}, {("logo.svg", "logo_holds")}),
        ({"logo.svg": svg(), "logo.png": png()}, {("logo.png", "logo_twice")}),
    ],
    ids=["fits", "no-picture", "letters", "two"],
)
def test_the_check_says_what_is_wrong_with_it(files: dict[str, bytes], found: set):
    told = {(f.file, f.rule) for f in findings_of({**SMALL, **files}) if "logo" in f.rule}

    assert told == found
