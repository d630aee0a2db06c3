"""A reader of a language that the pack does not speak gets its words in English."""

import re

from tests.web.reading import addresses, heading, said
from tests.web.words_in_use import ROOT
from tests.web.world import Site


def test_a_reader_of_italian_reads_the_packs_words_in_english(site: Site) -> None:
    case_id = site.case_as_in("ac_01_arena_straight", steps=8)
    task_id = site.open_step(case_id, "write_brief")
    client = site.client("sara.lindqvist")
    client.post("/language", data={"language": "it"})

    step, diagram = client.get(f"/tasks/{task_id}"), client.get(f"/cases/{case_id}/diagram")
    case = client.get(f"/cases/{case_id}")

    assert '<html lang="it"' in step.text
    assert '<div class="sp-guide" lang="en"><h2 lang="it">' in step.text
    assert '<h1 lang="en">' in step.text
    assert heading(step) == "Write the brief for the meeting"
    assert "Write the brief for the meeting" in said(diagram)
    assert addresses(case, r"/paper\?language=(\w+)") == ["de", "en", "sv"]


GERMAN = [
    ROOT / "base/words/de.po",
    ROOT / "processes/arena/lang/de.po",
    *sorted((ROOT / "processes/arena/texts").glob("*.de.md")),
]


def test_german_is_spelt_in_one_way():
    swiss = r"\w*(?:schliess|massnahm|heiss|ausser|weiss|gross|strass|mässig)\w*"
    found = {file.name: re.findall(swiss, file.read_text(), re.I) for file in GERMAN}

    assert {name: words for name, words in found.items() if words} == {}
