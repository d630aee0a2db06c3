"""What is begun in the browser: diagrams, tables, forms, whole programmes; over HTTP."""

import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from base.settings import Settings
from casework.releases import adding, listing, titles
from casework.releases.titles import NoTitle
from casework.releases.toolbox import renamed
from engine import decisions, diagram, releases
from engine.packs import digest
from tests.engine.drawing import call, end, path, start
from tests.web.reading import said
from tests.web.test_routines import EDITOR, OWNER, SECOND
from tests.web.test_thirty_mistakes import SOUND, asked, need
from tests.web.test_thirty_mistakes import drawn as in_lanes
from tests.web.world import Site, open_site

NEW = "boka_tolk"
PAGE = f"/routines/{NEW}"
CALLER = "/routines/routine"
TABLE = asked(("< 10", '"small"'), (">= 10", '"big"'))
CALLS = in_lanes(start(), need(), call("ask", NEW), end(), path("start", "need", "ask", "end"))


@pytest.fixture(scope="module")
def site(shared_settings: Settings) -> Iterator[Site]:
    """Where a small pack is in use, quick to check."""
    site = open_site(shared_settings)
    with site.database.transaction() as tx:
        releases.publish(tx, {**SOUND, "size.dmn": TABLE}, by="owner")
    yield site
    site.close()


@pytest.fixture(scope="module")
def owner(site: Site) -> TestClient:
    return site.client(OWNER)


def drafted(site: Site) -> dict[str, bytes]:
    with site.database.reading() as tx:
        return releases.draft_files(tx, "arena")


def save(client: TestClient, page: str, content: bytes) -> Response:
    [rev] = re.findall('data-rev="([^"]*)"', client.get(page).text)
    headers = {**EDITOR, "If-Match": rev}
    return client.post(f"{page}/draft", content=content, headers=headers)


def errors(answer: Response) -> list[tuple[str, str | None]]:
    return [
        (found["rule"], found["element"])
        for found in answer.json()["findings"]
        if found["severity"] == "error"
    ]


def into_use(site: Site, owner: TestClient, page: str) -> None:
    seen = {"digest": digest(drafted(site))}
    asked = owner.post(f"{page}/propose", data={**seen, "reference": "SF 2027/14"})
    approved = site.client(SECOND).post(f"{page}/approve", data=seen)
    assert [asked.status_code, approved.status_code] == [303, 303], said(asked)


def test_a_diagram_begun_in_the_browser_comes_into_use_and_is_called_and_goes(
    site: Site, owner: TestClient
):
    begun = owner.post("/routines", data={"title": " Boka  tolk"})

    assert begun.headers["location"] == f"{PAGE}?said=diagram-begun"
    assert "It is not in use yet." in said(owner.get(PAGE))
    assert "not in use yet" in said(owner.get("/routines"))
    drawn = owner.get(f"{PAGE}/file").content
    [process] = diagram.read(drawn, f"{NEW}.bpmn")
    assert (process.id, process.name, [each.kind for each in process.nodes]) == (
        *(NEW, "Boka tolk"),
        ["start_event", "user_task", "end_event"],
    )
    assert process.layout.shapes.keys() | process.layout.edges.keys() == {
        *process.elements,
        *process.flows,
    }
    lacking = save(owner, PAGE, drawn.replace(b'step" name="', b'step" name="Ring och '))
    assert errors(lacking) == [("no_role", f"{NEW}_step")]
    whose = b'<zeebe:userTask /><zeebe:assignmentDefinition candidateGroups="case_lead" />'
    settled = owner.get(f"{PAGE}/file").content.replace(b"<zeebe:userTask />", whose)
    assert errors(save(owner, PAGE, settled)) == []
    choice = {"value": NEW, "label": "Boka tolk"}
    assert choice in owner.get("/routines/choices.json").json()["routines"]
    changed = said(owner.get(f"{PAGE}/differences"))
    assert "There was no such diagram." in changed
    assert "Ring och" in changed
    pages = (f"{PAGE}/impact", f"{PAGE}/review", f"/routines/trials?alone={NEW}")
    assert [owner.get(page).status_code for page in pages] == [200, 200, 200]
    assert errors(save(owner, CALLER, CALLS)) == []
    kept = owner.post(f"{PAGE}/remove")
    assert kept.status_code == 409
    assert kept.text.count('data-place="diagram"') == 1
    assert f'href="{CALLER}"' in kept.text
    assert "boka_tolk”" not in said(kept)
    with site.database.reading() as tx:
        assert f"{NEW}.bpmn" not in releases.export(tx, "arena")
    into_use(site, owner, PAGE)
    with site.database.reading() as tx:
        export = releases.export(tx, "arena")
    assert (export[f"{NEW}.bpmn"], export["routine.bpmn"]) == (settled, CALLS)
    assert "Version 1 is in use since" in said(owner.get(PAGE))

    save(owner, CALLER, SOUND["routine.bpmn"])
    assert owner.post(f"{PAGE}/remove").status_code == 303
    assert "goes with the draft" in said(owner.get("/routines"))
    gone = said(owner.get(f"{PAGE}/differences"))
    assert "There will be no such diagram." in gone
    assert "Routines / Boka tolk" in gone
    assert "Boka tolk" in said(owner.get(f"{PAGE}/impact"))
    assert owner.get(f"{PAGE}/known.json").json() == {"variables": {}, "at": {}}
    assert owner.get(f"{PAGE}/file").content == settled
    into_use(site, owner, PAGE)
    assert owner.get(PAGE).status_code == 404
    with site.database.reading() as tx:
        assert f"{NEW}.bpmn" not in releases.export(tx, "arena")


def test_one_begun_as_another_is_drawn_the_same_under_its_own_id(site: Site, owner: TestClient):
    begun = owner.post("/routines", data={"title": "Need", "like": "routine"})

    assert begun.headers["location"] == "/routines/need_2?said=diagram-begun"
    [copy] = diagram.read(drafted(site)["need_2.bpmn"], "need_2.bpmn")
    [other] = diagram.read(drafted(site)["routine.bpmn"], "routine.bpmn")
    assert (copy.name, copy.elements.keys()) == ("Need", other.elements.keys())
    assert copy.layout == other.layout
    assert owner.post("/routines/need_2/remove").status_code == 303
    assert "need_2.bpmn" not in drafted(site)


def test_a_name_that_will_not_do_is_asked_for_again(site: Site, owner: TestClient):
    before = drafted(site)
    sent = [
        *(("/routines", {"title": title}) for title in ("", "?", "a" * 101, "routine!")),
        *(("/routines/files", {"title": title, "what": ".dmn"}) for title in ("", "Size")),
        ("/routines", {"title": "\x01 a"}),
    ]

    answers = [owner.post(page, data=data) for page, data in sent]

    assert [each.status_code for each in answers] == [422] * len(sent)
    assert all('aria-invalid="true"' in each.text for each in answers)
    assert "There is one with this name already." in said(answers[3])
    assert owner.post("/routines", data={"title": "B", "like": "../pack"}).status_code == 404
    assert drafted(site) == before


def test_a_table_begun_in_the_browser_can_be_read_and_is_offered(site: Site, owner: TestClient):
    made = owner.post("/routines/files", data={"title": "Hur snabbt & hur?", "what": ".dmn"})

    assert made.headers["location"] == "/routines/files/hur_snabbt_hur.dmn"
    read = decisions.read(drafted(site)["hur_snabbt_hur.dmn"], "hur_snabbt_hur.dmn")
    assert [read.title(id) for id in read.ids] == ["Hur snabbt & hur?"]
    assert owner.get("/routines/files/hur_snabbt_hur.dmn").status_code == 200
    choice = {"value": "hur_snabbt_hur", "label": "Hur snabbt & hur?"}
    assert choice in owner.get("/routines/choices.json").json()["decisions"]
    assert owner.post("/routines/files/hur_snabbt_hur.dmn/remove").status_code == 303
    assert "hur_snabbt_hur.dmn" not in drafted(site)


def test_a_form_goes_when_no_step_asks_with_it_and_can_be_kept_after_all(
    site: Site, owner: TestClient
):
    kept = owner.post("/routines/files/need.form/remove")
    gone = owner.post("/routines/files/size.dmn/remove")

    assert (kept.status_code, gone.status_code) == (409, 303)
    assert f'href="{CALLER}"' in kept.text
    assert "size.dmn" not in drafted(site)
    assert "goes with the draft" in said(owner.get("/routines/files"))
    assert "The draft takes it out." in said(owner.get("/routines/files/size.dmn"))
    assert owner.get("/routines/files/size.dmn/file").content == TABLE
    owner.post("/routines/files/size.dmn/discard")
    assert drafted(site)["size.dmn"] == TABLE


def test_a_programme_begun_in_the_browser_is_a_draft_until_a_second_person_agrees(site: Site):
    owner, second = site.client(OWNER), site.client(SECOND)
    named = {"id": "familj", "title": "Familjens hus"}
    owner.post("/routines/tool-box/arena/begin", data=named)

    studio = ("", "/files", "/documents", "/words", "/routine", "/routine/review")
    studio += ("/routine/differences", "/routine/impact", "/routine/move", "/files/need.form")
    pages = [said(owner.get(f"/routines{page}")) for page in studio]

    assert all("Draft: nobody is affected." in page for page in pages)
    assert not any("In use." in page or "Version 0" in page for page in pages)
    assert "not in use yet" in pages[0]
    assert "Draft: nobody is affected." in said(second.get("/routines/tool-box"))
    with site.database.reading() as tx:
        seen = {"digest": releases.active(tx, "familj").digest}
    own = owner.post("/routines/routine/approve", data=seen)
    asked = owner.post("/routines/routine/propose", data={**seen, "reference": "FH 2027/1"})
    assert [own.status_code, asked.status_code] == [409, 303]
    assert "waits for a yes" in said(second.get("/routines/tool-box"))
    second.post("/routines/tool-box/familj/work")
    approved = second.post("/routines/routine/approve", data=seen)
    assert approved.headers["location"] == "/routines?said=approved"
    with site.database.reading() as tx:
        release = releases.active(tx, "familj")
        assert (release.number, release.reference) == (1, "FH 2027/1")
        assert set(releases.versions(tx, release.id).values()) == {1}


def test_what_no_programme_follows_is_not_said_to_be_in_use(site: Site):
    owner = site.client(OWNER)
    with site.database.transaction() as tx:
        toml = renamed(SOUND["pack.toml"].decode(), "grannar", "Grannar").encode()
        releases.publish(tx, {**SOUND, "pack.toml": toml}, by="owner")
    owner.post("/routines/tool-box/grannar/work")

    studio = ("", "/files", "/routine", "/routine/review", "/routine/differences/1")
    pages = [owner.get(f"/routines{page}").text for page in (*studio, "/files/need.form")]

    assert all("o programme follows it" in page for page in pages)
    assert not any(
        each in page for page in pages for each in ("In use.", ">in use<", "is in use since")
    )
    with site.database.reading() as tx:
        rows = listing.published(tx, site.actor(tx, OWNER))
    used = {row.pack for row in rows if row.in_use}
    assert used == {"arena"}


def test_no_diagram_takes_the_address_of_a_page(site: Site):
    addresses = (route.path.split("/") for route in site.app.routes if hasattr(route, "path"))
    pages = {parts[2] for parts in addresses if parts[1:2] == ["routines"] and len(parts) > 2}

    assert {page for page in pages if page.isidentifier()} == adding.RESERVED


def test_an_id_is_made_of_letters_and_is_free():
    called = ["Väg framåt?", "Words", "2 steg", "Встреча", "../../pack"]

    found = [titles.free_id(each, {"words", "other"}, otherwise="routine") for each in called]

    assert found == ["vag_framat", "words_2", "steg", "routine", "pack"]


@pytest.mark.parametrize(
    "title",
    ["", " ", "?!", "a\x01b", "a" * 101],
    ids=["none", "blank", "signs", "control", "long"],
)
def test_a_title_has_letters_and_is_short(title: str):
    with pytest.raises(NoTitle):
        titles.checked(title)
