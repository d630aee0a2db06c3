"""Deadlines are changed in plain units, and nothing else of their file with them."""

import pytest

from engine import releases
from engine.decisions import BadDecisions, read, with_result
from engine.decisions.model import Table
from engine.packs import open_pack, texts_of_decisions
from tests.web.test_routines import OWNER

PATH = "deadline_policy.dmn"
REMARK = "Svar från en organisation på om den är med"
RULE = "deadline_policy_rule_2"


def draft(site) -> bytes:
    with site.database.reading() as tx:
        return releases.draft_files(tx, "arena")[PATH]


def in_use(site) -> bytes:
    with site.database.reading() as tx:
        return site.application.pack(tx).files[PATH]


def sent(site, number: str, unit: str) -> dict[str, str]:
    text = site.client(OWNER).get("/routines/deadlines").text
    mark = text.partition('name="mark" value="')[2].partition('"')[0]
    return {"mark": mark, f"n:{RULE}": number, f"u:{RULE}": unit}


def test_a_length_is_read_and_changed_in_plain_units(site):
    client = site.client(OWNER)
    before = in_use(site)

    answer = client.post("/routines/deadlines", data=sent(site, "12", "working_days"))

    assert answer.headers["location"] == "/routines/deadlines?said=deadlines"
    cell = b"add working days(today(), 12) - today()"
    start = before.index(b'<rule id="deadline_policy_rule_2">')
    assert draft(site) == before[:start] + before[start:].replace(b'duration("P10D")', cell, 1)
    text = client.get("/routines/deadlines").text
    assert "In use: 10 days" in text
    assert "P10D" not in text
    assert in_use(site) == before


@pytest.mark.parametrize(
    ("number", "unit"), [("-1", "days"), ("ten", "days"), ("10001", "days"), ("3", "moons")]
)
def test_what_is_no_length_changes_nothing(site, number: str, unit: str):
    before = in_use(site)

    answer = site.client(OWNER).post("/routines/deadlines", data=sent(site, number, unit))

    assert answer.status_code == 422
    assert "Write a whole number" in answer.text
    assert draft(site) == before


def test_the_same_lengths_begin_no_draft_and_a_draft_can_be_thrown_away(site):
    client = site.client(OWNER)

    same = client.post("/routines/deadlines", data=sent(site, "10", "days"))
    assert same.headers["location"].endswith("nothing-changed")
    client.post("/routines/deadlines", data=sent(site, "2", "months"))
    overtaken = client.post("/routines/deadlines", data={"mark": "old", f"n:{RULE}": "3"})
    client.post("/routines/deadlines/discard")

    assert overtaken.status_code == 409
    assert draft(site) == in_use(site)


def test_who_approves_reads_and_nobody_else(site):
    karin, sara = site.client("karin.holt"), site.client("sara.lindqvist")

    assert karin.get("/routines/deadlines").status_code == 200
    assert karin.post("/routines/deadlines", data={"mark": ""}).status_code == 403
    assert sara.get("/routines/deadlines").status_code == 403


def test_one_cell_is_written_with_any_prefix_and_escaped():
    file = TABLE % (b"1", b"2")

    assert with_result(file, "b", "x < 3", output=0) == TABLE % (b"1", b"x &lt; 3")
    assert cell(with_result(file, "b", "3 < 4")) == "3 < 4"
    with pytest.raises(BadDecisions):
        with_result(file, "c", "1")
    with pytest.raises(BadDecisions):
        with_result(file, "a", "1", output=1)


def cell(file: bytes) -> str:
    """The result of the second rule, as it is read."""
    table = read(file, "d.dmn").decision("d").box
    assert isinstance(table, Table)
    return table.rules[1].results[0].text


TABLE = (
    b'<m:definitions xmlns:m="https://www.omg.org/spec/DMN/20191111/MODEL/" namespace="n"'
    b' name="n" id="n"><!-- kept --><m:decision id="d" name="d">'
    b'<m:decisionTable id="t"><m:output id="o" name="value"/>'
    b'<m:rule id="a"><m:outputEntry id="oa"><m:text>%s</m:text></m:outputEntry></m:rule>'
    b'<m:rule id="b"><m:outputEntry id="ob"><m:text>%s</m:text></m:outputEntry></m:rule>'
    b"</m:decisionTable></m:decision></m:definitions>"
)


def test_what_is_noted_beside_a_length_is_said_in_the_readers_language(site):
    said = {"sv": REMARK, "de": "Antwort einer Organisation, ob sie dabei ist"}

    for language, remark in said.items():
        text = site.client(OWNER, language).get("/routines/deadlines").text
        assert [remark in text for remark in said.values()] == [
            each == remark for each in said.values()
        ]


def test_what_is_noted_anew_lacks_its_translation(site):
    with site.database.reading() as tx:
        files = releases.draft_files(tx, "arena")

    assert untranslated(files) == []
    anew = files[PATH].replace(REMARK.encode(), b"Nytt", 1)
    assert untranslated({**files, PATH: anew}) == ["Nytt"]


def untranslated(files: dict[str, bytes]) -> list[str]:
    pack = open_pack(files)
    texts = texts_of_decisions(pack.decisions["deadline_policy"])
    return [text.source for text in texts if pack.words["de"].find(text) is None]
