"""A pack is shown with what it holds, and copied whole under a new name."""

import io
from collections.abc import Iterator
from zipfile import ZipFile

import pytest

from casework.programmes import store as programmes
from casework.releases.toolbox import renamed
from engine import releases
from engine.packs import digest, open_pack, read_folder
from tests.arena import ARENA
from tests.casework.releases.changes import SIP, with_interpreter
from tests.engine.hosting import a_pack
from tests.web.reading import said
from tests.web.test_routines import OWNER, SECOND
from tests.web.test_statements import listening
from tests.web.world import Site, open_site

PAGE = "/routines/tool-box"
COPY = f"{PAGE}/arena/copy"
STUDIO = (
    *("", "/words", "/files", "/documents", "/deadlines", "/scenarios", "/replay", "/trials"),
    *("/sentences", "/logo", f"/{SIP}", f"/{SIP}/review", f"/{SIP}/impact", f"/{SIP}/differences"),
)


@pytest.fixture(scope="module")
def site(shared_settings) -> Iterator[Site]:
    site = open_site(shared_settings)
    yield site
    site.close()


def test_a_pack_says_what_it_holds(site: Site):
    text = site.client(OWNER, "de").get(PAGE).text

    assert "Arena-Zusammenarbeit" in text
    assert "Fråga varje organisation" in text
    assert "Svenska, Deutsch, English" in text


def test_a_copy_is_the_whole_pack_under_its_new_name(site: Site):
    answer = site.client(OWNER).get(f'{COPY}?id=familj&title=Familjens+"hus"')

    assert answer.headers["content-disposition"].startswith('attachment; filename="familj.zip"')
    with ZipFile(io.BytesIO(answer.content)) as archive:
        files = {name.removeprefix("familj/"): archive.read(name) for name in archive.namelist()}
    was, copy = open_pack(read_folder(ARENA)), open_pack(files)
    assert (copy.id, copy.config.title) == ("familj", 'Familjens "hus"')
    assert dict(copy.config.programme) == {"code": "familj", "title": 'Familjens "hus"'}
    assert {k: v for k, v in files.items() if k != "pack.toml"} == {
        k: v for k, v in was.files.items() if k != "pack.toml"
    }
    assert copy.config.roles == was.config.roles
    assert copy.config.unknown == ()


def test_a_pack_can_be_taken_along_as_it_is(site: Site):
    answer = site.client(OWNER).get(f"{PAGE}/arena/folder")

    with ZipFile(io.BytesIO(answer.content)) as archive:
        files = {name.removeprefix("arena/"): archive.read(name) for name in archive.namelist()}
    assert files == read_folder(ARENA)
    assert site.client(OWNER).get(f"{PAGE}/nothing/folder").status_code == 404


@pytest.mark.parametrize(
    "asked", ["", "?id=familj", "?id=Familj+1&title=A", "?id=arena&title=A", "?title=A&id=../x"]
)
def test_a_name_that_will_not_do_is_asked_for_again(site: Site, asked: str):
    answer = site.client(OWNER).get(f"{COPY}{asked}")

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text


def test_who_approves_reads_owners_copy_and_nobody_else_sees_it(site: Site):
    karin, sara = site.client("karin.holt"), site.client("sara.lindqvist")
    asked = f"{COPY}?id=familj&title=A"

    assert COPY not in karin.get(PAGE).text
    assert [karin.get(PAGE).status_code, karin.get(asked).status_code] == [200, 403]
    named = {"id": "familj", "title": "A"}
    assert [each.get(f"{PAGE}/arena/folder").status_code for each in (karin, sara)] == [403, 403]
    assert karin.post(f"{PAGE}/arena/begin", data=named).status_code == 403
    assert karin.post(f"{PAGE}/arena/work").status_code == 303
    assert sara.post(f"{PAGE}/arena/work").status_code == 403
    assert [sara.get(PAGE).status_code, sara.get(asked).status_code] == [403, 403]
    assert site.client(OWNER).get(f"{PAGE}/other/copy?id=b&title=A").status_code == 404


def test_a_programme_begun_here_is_for_whoever_works_on_it(site: Site):
    owner, other = site.client(OWNER), site.client(SECOND)
    named = {"id": "familj", "title": "Familjens hus"}

    begun = owner.post(f"{PAGE}/arena/begin", data=named)
    again = owner.post(f"{PAGE}/arena/begin", data=named)

    assert (begun.status_code, again.status_code) == (303, 422)
    assert "There is a pack with this short name already." in said(again)
    assert "You work on “Familjens hus”, which is not in use yet." in said(owner.get("/routines"))
    assert "You work on" not in said(other.get("/routines"))
    assert "Familjens hus" in said(other.get(PAGE))
    with site.database.reading() as tx:
        assert releases.active(tx, "familj").is_begun
        assert site.application.pack(tx).id == "arena"
        assert [each.pack_id for each in programmes.programmes(tx)] == ["arena"]


@pytest.mark.soak
def test_a_programme_begun_here_is_changed_and_approved_and_touches_no_other(site: Site):
    owner, second = site.client(OWNER), site.client(SECOND)
    owner.post(f"{PAGE}/arena/begin", data={"id": "barn", "title": "Barn"})
    drawn = with_interpreter(owner.get(f"/routines/{SIP}/file").content)
    owner.post(f"/routines/{SIP}/upload", files={"file": ("p.bpmn", drawn, "application/xml")})
    with site.database.reading() as tx:
        seen = {"digest": digest(releases.draft_files(tx, "barn"))}

    pages = {path: owner.get(f"/routines{path}").status_code for path in STUDIO}
    asked = owner.post(f"/routines/{SIP}/propose", data={**seen, "reference": "FH 2027/1"})
    elsewhere = second.post(f"/routines/{SIP}/approve", data=seen)
    chosen = second.post(f"{PAGE}/barn/work")
    approved = second.post(f"/routines/{SIP}/approve", data=seen)

    assert pages == dict.fromkeys(STUDIO, 200)
    assert elsewhere.status_code == 409
    assert [each.status_code for each in (asked, chosen, approved)] == [303, 303, 303]
    with site.database.reading() as tx:
        copy, arena = releases.active(tx, "barn"), releases.active(tx, "arena")
        assert (copy.number, releases.load(tx, copy.id).files[f"{SIP}.bpmn"]) == (1, drawn)
        assert (arena.number, releases.draft(tx, "arena")) == (1, [])


@pytest.mark.soak
def test_a_programme_begun_here_is_tried_with_the_people_its_scenarios_know(site: Site):
    owner = site.client(OWNER)
    owner.post(f"{PAGE}/arena/begin", data={"id": "hus", "title": "Hus"})

    new = owner.get("/routines/trials")
    owner.post(f"{PAGE}/arena/work")

    assert "You work on “Hus”" in said(new)
    assert '<option value="varnamo">Värnamo kommun</option>' in new.text
    assert "You work on" not in said(owner.get("/routines"))
    assert owner.post(f"{PAGE}/nothing/work").status_code == 404


def test_only_id_title_and_programme_change():
    config = (
        '# id = "no"\nid = "a"\ntitle = "A"\n\n[programme]\ncode = "x"\n\n[roles.r]\ntitle = "R"\n'
    )

    assert renamed(config, "b", "B\\") == (
        '# id = "no"\nid = "b"\ntitle = "B\\\\"\n\n[programme]\ncode = "b"\ntitle = "B\\\\"\n\n'
        '[roles.r]\ntitle = "R"\n'
    )


def test_the_page_asks_no_more_of_the_database_the_more_packs_there_are(site: Site):
    client = site.client(OWNER)
    client.get(PAGE)
    with listening(site) as few:
        client.get(PAGE)
    with site.database.transaction() as tx:
        for id in ("one", "two"):
            files = a_pack()
            toml = renamed(files["pack.toml"].decode(), id, id.title()).encode()
            releases.publish(tx, files | {"pack.toml": toml}, by="test")
    client.get(PAGE)
    with listening(site) as many:
        assert "Two" in client.get(PAGE).text

    assert len(many.statements) == len(few.statements)
