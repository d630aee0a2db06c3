"""A pack says in its own words what Samplan's pages say: drafted, released, and nowhere else."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from html import unescape
from io import BytesIO
from uuid import UUID

import polib
import pytest
from httpx2 import Response
from pypdf import PdfReader

from base import lang
from base.phrases import PHRASES
from casework.cases import store as cases
from casework.programmes import actions as programmes
from casework.programmes import store as programme_store
from engine import releases
from engine.packs import SAMPLAN, places, texts_of_phrases, with_translations
from tests.web.reading import fields
from tests.web.test_routines import OWNER
from tests.web.world import Site

SARA = "sara.lindqvist"
CASES, NAMED = "w:sv:samplan#case.many/phrase", "w:sv:samplan#lead.named/phrase"
OWN = {CASES: "Akter & mer", NAMED: "Processledare: %(name)s"}
OTHER = b'id = "other"\ntitle = "Annat"\nlanguage = "sv"\nlanguages = ["sv"]\n'


def send(site: Site, **sent: str):
    client = site.client(OWNER, "sv")
    page = client.get(f"/routines/words?file={SAMPLAN}")
    [mark] = re.findall('name="mark" value="([^"]*)"', page.text)
    return client.post("/routines/words", data={"file": SAMPLAN, "mark": mark} | sent)


def heading(site: Site, path: str, language: str = "sv") -> str:
    [found] = re.findall("<h1>(.*?)</h1>", site.client(SARA, language).get(path).text)
    return unescape(found)


def coordinators(site: Site, case_id: UUID) -> list[str]:
    """What the page of the case calls whoever leads it."""
    text = site.client(SARA, "sv").get(f"/cases/{case_id}").text
    return re.findall("<span>(Samordnare|Processledare): ", text)


@pytest.mark.both("wide")
def test_what_the_owner_writes_is_said_once_it_is_in_use(site: Site) -> None:
    answer = send(site, **OWN)

    assert "said=words" in answer.headers["location"]
    shown = fields(site.client(OWNER, "sv").get(f"/routines/words?file={SAMPLAN}"))
    assert {name: shown[name] for name in shown if shown[name] and name != "mark"} == (
        OWN | {"file": SAMPLAN}
    )
    assert heading(site, "/cases") == "Ärenden"
    with site.database.transaction() as tx:
        drafted = releases.draft_files(tx, "arena")
        releases.publish(tx, drafted, by="test")
    assert heading(site, "/cases") == "Akter & mer"
    assert heading(site, "/cases", "de") == "Fälle"
    with site.database.reading() as tx:
        pack = site.application.pack(tx)
    assert pack.files == drafted
    assert pack.phrases("sv") == {"Cases": OWN[CASES], "Coordinator: %(name)s": OWN[NAMED]}


def test_a_page_of_a_case_follows_its_pack_and_a_list_only_one_of_its_own(site: Site) -> None:
    case_id = site.case_as_in("ac_01_arena_straight")
    said = ((text, OWN.get(f"w:sv:{text.context}", "")) for text in texts_of_phrases())
    with site.database.transaction() as tx:
        files = releases.draft_files(tx, "arena")
        files["lang/sv.po"] = with_translations(b"", "sv", said)
        releases.publish(tx, files, by="test")
    assert (heading(site, "/cases"), coordinators(site, case_id)) == (
        OWN[CASES],
        ["Processledare"],
    )

    with site.database.transaction() as tx:
        releases.publish(tx, {"pack.toml": OTHER}, by="test")
        programmes.add_programme(tx, "annat", "Annat", pack_id="other")

    assert heading(site, "/cases") == "Ärenden"
    assert coordinators(site, case_id) == ["Processledare"]
    with site.database.transaction() as tx:
        cases.by_id(tx, case_id).pack_id = "other"
    assert coordinators(site, case_id) == ["Samordnare"]


def test_words_that_do_not_fit_are_shown_where_they_stand_and_not_kept(site: Site) -> None:
    with site.database.reading() as tx:
        before = releases.draft_files(tx, "arena")

    answer = send(site, **{NAMED: "Processledare", CASES: "<b>Akter</b>"})

    assert answer.status_code == 422
    told = re.findall('data-color="danger" id="e[^"]*">([^<]*)<', answer.text)
    assert [unescape(each) for each in told] == [
        "Det som börjar med procenttecken måste stå där också, och inget annat gör det.",
        "Skriv vanliga ord på en rad, utan vinkelparenteser.",
    ]
    assert fields(answer)[CASES] == "<b>Akter</b>"
    with site.database.reading() as tx:
        assert releases.draft_files(tx, "arena") == before


PAPERS = {
    "/cases/{}/looks/print": ["CASE.LOOKS_MINE", "CASE.LOOK"],
    "/cases/{}/looks": ["CASE.LOOK"],
    "/overview/counts.csv": ["CASE.MANY", "TASK.OPEN"],
    "/protection/register/print": ["PROGRAMME.LABEL"],
    "/handbook/case_lead": ["TASK.OF_ROLE", "TASK.STEP"],
}


def test_papers_and_tables_say_it_too(site: Site) -> None:
    case_id = site.case_as_in("ac_01_arena_straight", steps=1)
    rename_everything(site)
    anybody, sara, owner = (site.client(who, "sv") for who in (None, SARA, OWNER))

    asked = [sara, sara, owner, owner, anybody]
    answers = [each.get(path.format(case_id)) for each, path in zip(asked, PAPERS, strict=True)]

    missing = [
        [word for word in words if word not in read(answer)]
        for answer, words in zip(answers, PAPERS.values(), strict=True)
    ]
    assert ([answer.status_code for answer in answers], missing) == ([200] * 5, [[]] * 5)


def rename_everything(site: Site) -> None:
    """Every phrase is its own code from now on, in Swedish; the handbook is for everybody."""
    said = ((text, f"{text.element.upper()} {places(text.source)}") for text in texts_of_phrases())
    with site.database.transaction() as tx:
        files = releases.draft_files(tx, "arena")
        files["lang/sv.po"] = with_translations(b"", "sv", said)
        files["pack.toml"] += b"\n[handbook]\npublic = true\n"
        releases.publish(tx, files, by="test")


#: What a pack renames, in the sentences of Samplan.
NOUN = re.compile(
    r"\b(cases?|coordinat\w+|tasks?|plans?|meetings?|routines?|programmes?)\b", re.IGNORECASE
)
OF_CASE = ["", "/looks", "/as", "/files", "/protection", "/disclosure", "/plan/versions"]
OF_CASE += ["/hear/consent_withdrawn", "/statistics"]
OF_ALL = ["/tasks", "/tasks?view=organisation", "/cases", "/cases/new", "/meetings"]


def test_in_a_case_no_noun_of_samplans_comes_through(site: Site) -> None:
    case_id = site.case_as_in("ac_01_arena_straight", steps=8)
    rename_everything(site)
    step = f"/tasks/{site.open_step(case_id, 'write_brief')}"
    sara, per = site.client(SARA, "sv"), site.client("per.holm", "sv")

    paths = [*OF_ALL, *(f"/cases/{case_id}{end}" for end in OF_CASE)]
    answers = [sara.get(path) for path in paths]
    answers += [each.get(step) for each in (sara, per)]
    answers += [each.post(step, data={"_key": "a", "_do": "complete"}) for each in (sara, per)]
    answers += [
        sara.post("/reports/new/deviation", data={"_key": "c", "happened": "VMO-2027-001"})
    ]
    with site.database.transaction() as tx:
        [programme] = programme_store.programmes(tx)
        programme.read_only_from = site.database.now().date()
    answers += [sara.post(step, data={"_key": "b", "_do": "complete"})]

    assert [answer.status_code for answer in answers if answer.status_code != 200] == [
        *(404, 404, 422, 404, 422, 403)
    ]
    assert "CASE.IS_NUMBER" in answers[-2].text
    assert {(said, answer.url.path) for answer in answers for said in kept(answer)} == set()


def kept(answer: Response) -> Iterator[str]:
    """Sentences of Samplan's on the page with a noun that a pack could have renamed."""
    text = " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text.partition("<main")[2])).split())
    return (said for said, shown in not_renamed().items() if shown.search(text))


@cache
def not_renamed() -> Mapping[str, re.Pattern[str]]:
    """As they read in Swedish, with whatever fills their places."""
    catalogue = {entry.msgid: entry.msgstr for entry in polib.pofile(str(lang.WORDS / "sv.po"))}
    told = {said: text for said, text in catalogue.items() if NOUN.search(said) and " " in text}
    return {
        said: re.compile(r"(?<!\w)" + re.sub(r"%\\\(\w+\\\)s", ".{1,60}?", re.escape(text)))
        for said, text in told.items()
        if said not in PHRASES.values()
    }


def read(answer: Response) -> str:
    """What stands on a page, in a table or on paper."""
    if answer.headers["content-type"] != "application/pdf":
        return answer.text
    return " ".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
