"""Every word of the pack arena has been said in German and in English."""

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import polib
import pytest
from lxml import etree

from engine.xml import parse

ARENA = Path(__file__).parents[2] / "processes/arena"
LANGUAGES = ("de", "en")
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
UNREAD = {f"{BPMN}dataObject", f"{BPMN}dataObjectReference", f"{BPMN}dataStoreReference"}
FORM_ATTRIBUTES = ("label", "dateLabel", "timeLabel", "description", "text")
FORM_PROPERTIES = ("error", "hint", "add", "item")
SLOT = re.compile(r"\{\{.*?\}\}")

Words = Iterator[tuple[str, str]]


def of_diagrams() -> Words:
    """Names and guidance; what tables and data are called is for owners alone."""
    for path in sorted(ARENA.glob("*.bpmn")):
        root = parse(path.read_bytes(), name=path.name)
        for process in root.iter(f"{BPMN}process"):
            for element in process.iter():
                if str(element.tag).startswith(BPMN) and element.tag not in UNREAD:
                    yield from of_element(path.name, element)


def of_element(file: str, element: etree._Element) -> Words:
    place = f"{file}#{element.get('id')}"
    if element.get("id") and element.get("name"):
        yield f"{place}/name", str(element.get("name"))
    guidance = (element.findtext(f"{BPMN}documentation") or "").strip()
    if guidance:
        yield f"{place}/documentation", guidance


def of_decisions() -> Words:
    for path in sorted(ARENA.glob("*.dmn")):
        root = parse(path.read_bytes(), name=path.name)
        for element in root.iter():
            if str(element.tag).endswith("}decision") and element.get("name"):
                yield f"{path.name}#{element.get('id')}/name", str(element.get("name"))
            if str(element.tag).endswith("}input") and element.get("label"):
                yield f"{path.name}#{element.get('id')}/label", str(element.get("label"))
            if str(element.tag).endswith("}rule"):
                yield from of_rule(path.name, element)


def of_rule(file: str, rule: etree._Element) -> Words:
    remark = rule.findtext("{*}description")
    if remark:
        yield f"{file}#{rule.get('id')}/remark", remark.strip()


def of_forms() -> Words:
    for path in sorted((ARENA / "forms").glob("*.form")):
        form = json.loads(path.read_text(encoding="utf-8"))
        yield from of_components(f"forms/{path.name}#", form["components"])


def of_components(prefix: str, components: list[Mapping[str, Any]]) -> Words:
    for component in components:
        place = prefix + (component.get("key") or component.get("path") or component["id"])
        for attribute, words in of_component(component):
            if words:
                yield f"{place}/{attribute}", words
        yield from of_components(f"{place}.", component.get("components", []))


def of_component(component: Mapping[str, Any]) -> Words:
    for name in FORM_ATTRIBUTES:
        yield ("label" if name.endswith("Label") else name), component.get(name, "")
    for name in FORM_PROPERTIES:
        yield name, component.get("properties", {}).get(name, "")
    for end in ("prefix", "suffix"):
        yield end, component.get("appearance", {}).get(f"{end}Adorner", "")
    for option in component.get("values", []):
        yield f"values.{option['value']}", option["label"]


def of_pack() -> Words:
    path = ARENA / "pack.toml"
    yield from of_table("", tomllib.loads(path.read_text(encoding="utf-8")))


def of_table(place: str, table: Mapping[str, Any]) -> Words:
    for key, value in table.items():
        inside = f"{place}.{key}" if place else key
        if isinstance(value, dict):
            yield from of_table(inside, value)
        elif isinstance(value, list):
            for row in value:
                if isinstance(row, dict):
                    yield from of_table(f"{inside}.{row['code']}", row)
        elif key in {"title", "help"} or (key == "description" and not place):
            yield f"pack#{place}/{key}", value


SOURCES = [*of_pack(), *of_diagrams(), *of_decisions(), *of_forms()]


@pytest.fixture(scope="module", params=LANGUAGES)
def catalogue(request: pytest.FixtureRequest) -> polib.POFile:
    return polib.pofile(str(ARENA / f"lang/{request.param}.po"))


def test_the_pack_has_words_of_every_kind():
    kinds = Counter(re.sub(r"^[^#.]*", "", context.partition("#")[0]) for context, _ in SOURCES)

    assert set(kinds) == {"", ".bpmn", ".dmn", ".form"}


def test_each_place_says_one_thing():
    twice = [context for context, count in Counter(c for c, _ in SOURCES).items() if count > 1]

    assert twice == []


def test_every_word_is_translated_from_what_it_says_today(catalogue: polib.POFile):
    known = {(entry.msgctxt, entry.msgid) for entry in catalogue if entry.translated()}

    assert [source for source in SOURCES if source not in known] == []


def test_no_translation_is_uncertain_or_left_over(catalogue: polib.POFile):
    said = set(SOURCES)

    assert [entry.msgctxt for entry in catalogue if entry.fuzzy or entry.obsolete] == []
    assert [e.msgctxt for e in catalogue if (e.msgctxt, e.msgid) not in said] == []


def test_what_is_filled_in_later_is_in_the_translation_too(catalogue: polib.POFile):
    for entry in catalogue:
        assert sorted(SLOT.findall(entry.msgstr)) == sorted(SLOT.findall(entry.msgid)), (
            entry.msgctxt
        )


@pytest.mark.parametrize("name", ["consent", "leaflet"])
def test_what_the_person_reads_says_the_same_in_every_language(name: str):
    texts = {
        language: (ARENA / f"texts/{name}.{language}.md").read_text(encoding="utf-8")
        for language in ("sv", *LANGUAGES)
    }

    slots = {language: sorted(SLOT.findall(text)) for language, text in texts.items()}
    headings = {language: text.count("\n## ") for language, text in texts.items()}
    points = {language: text.count("\n- ") for language, text in texts.items()}
    assert len({tuple(found) for found in slots.values()}) == 1
    assert len(set(headings.values())) == 1
    assert len(set(points.values())) == 1


def test_the_consent_says_who_what_why_what_not_and_until_when():
    consent = (ARENA / "texts/consent.sv.md").read_text(encoding="utf-8")

    assert {slot.strip("{}") for slot in SLOT.findall(consent)} == {
        "person",
        "organisations",
        "categories",
        "excluded",
        "until",
        "purpose",
    }


def test_consent_is_never_called_after_the_regulation():
    files = [*ARENA.glob("texts/*.md"), *ARENA.glob("forms/*.form"), *ARENA.glob("lang/*.po")]

    assert [
        path.name for path in files if "gdpr" in path.read_text(encoding="utf-8").lower()
    ] == []


def test_every_ending_has_a_title():
    """Of cases about a person; whatever else ends is called as its end event."""
    table = parse((ARENA / "closure_path.dmn").read_bytes(), name="closure_path.dmn")
    space = "{https://www.omg.org/spec/DMN/20191111/MODEL/}"
    told = [
        entry.findtext(f"{space}text", "")
        for entry in table.iter(f"{space}outputEntry")
        if str(entry.get("id")).endswith("_out_path")
    ]
    scenarios = "\n".join(path.read_text("utf-8") for path in (ARENA / "scenarios").glob("*.toml"))
    named = set(re.findall(r'"(\w+)"', " ".join(told)))
    named |= set(re.findall(r'\bended = "(\w+)"', scenarios))
    events = {place.partition("#")[2].partition("/")[0] for place, _ in of_diagrams()}
    pack = tomllib.loads((ARENA / "pack.toml").read_text("utf-8"))

    assert named - events - pack["endings"].keys() == set()
    assert "no_consent" in named
