"""A pack is shown with what it holds, and copied whole under a new name."""

import io
from collections.abc import Iterator
from zipfile import ZipFile

import pytest

from casework.releases.toolbox import renamed
from engine import releases
from engine.packs import open_pack, read_folder
from tests.arena import ARENA
from tests.engine.hosting import a_pack
from tests.web.test_routines import OWNER
from tests.web.test_statements import listening
from tests.web.world import Site, open_site

PAGE = "/routines/tool-box"
COPY = f"{PAGE}/arena/copy"


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
    assert [sara.get(PAGE).status_code, sara.get(asked).status_code] == [403, 403]
    assert site.client(OWNER).get(f"{PAGE}/other/copy?id=b&title=A").status_code == 404


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
