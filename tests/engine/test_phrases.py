"""A pack says in its own words what Samplan says, as far as they fit where they stand."""

import pytest

from base.phrases import PHRASES
from engine.check import check_files
from engine.packs import SAMPLAN, Text, flaw_of, open_pack, texts_of_phrases, with_translations

CONFIG = b'id = "small"\ntitle = "Small"\nlanguage = "sv"\nlanguages = ["sv", "de"]\n'
PATH = "lang/sv.po"


def a_text(code: str) -> Text:
    return next(text for text in texts_of_phrases() if text.element == code)


def files_saying(*said: tuple[Text, str]) -> dict[str, bytes]:
    return {"pack.toml": CONFIG, PATH: with_translations(b"", "sv", said)}


FITTING = {
    "another word": ("case.many", "Aktualiseringar", None),
    "a sign": ("case.many", "Ärenden & mer", None),
    "its place": ("lead.named", "Koordinator: %(name)s", None),
    "no place": ("lead.named", "Koordinator", "places"),
    "a place twice": ("lead.named", "%(name)s och %(name)s", "places"),
    "another place": ("lead.named", "Koordinator: %(who)s", "places"),
    "a percent sign": ("lead.named", "%(name)s till 100 %", "places"),
    "a nameless place": ("lead.named", "%(name)s %s", "places"),
    "markup": ("case.many", "<b>Ärenden</b>", "markup"),
    "two lines": ("case.many", "Ärenden\nmed mera", "markup"),
    "just fitting": ("case.many", "Ä" * 30, None),
    "too long": ("case.many", "Ä" * 31, "long"),
}
UNKNOWN = {
    "another phrase": Text(SAMPLAN, "case.many", "phrase", "Files"),
    "another code": Text(SAMPLAN, "no.such", "phrase", "Cases"),
    "another attribute": Text(SAMPLAN, "case.many", "label", "Cases"),
}


@pytest.mark.parametrize(("code", "own", "flaw"), FITTING.values(), ids=FITTING)
def test_own_words_fit_where_samplans_stand(code: str, own: str, flaw: str | None) -> None:
    text = a_text(code)

    assert flaw_of(text.context, text.source, own) == flaw
    found = [each.rule for each in check_files(files_saying((text, own)), forms=None, services={})]
    assert [rule for rule in found if rule.startswith("phrase")] == (
        [f"phrase_{flaw}"] if flaw else []
    )
    pack = open_pack(files_saying((text, own)))
    assert pack.phrases("sv") == ({} if flaw else {text.source: own})
    assert pack.phrases("de") == {}


@pytest.mark.parametrize("text", UNKNOWN.values(), ids=UNKNOWN)
def test_what_samplan_does_not_say_there_is_found_and_left_alone(text: Text) -> None:
    files = files_saying((text, "Filer"))

    found = check_files(files, forms=None, services={})

    assert [(each.rule, each.severity) for each in found if each.file == PATH] == [
        ("phrase_unknown", "warning")
    ]
    assert open_pack(files).phrases("sv") == {}


def test_the_words_of_a_pack_and_those_for_samplan_stand_side_by_side() -> None:
    title = Text("pack", "", "title", "Small")
    case = a_text("case.many")

    begun = with_translations(b"", "de", [(title, "Klein"), (case, "Dossiers")])
    pack = open_pack({"pack.toml": CONFIG, "lang/de.po": begun})

    assert pack.phrases("de") == {"Cases": "Dossiers"}
    assert pack.word("de", "pack", "", "title", "Small") == "Klein"
    assert b'msgctxt "samplan#case.many/phrase"\nmsgid "Cases"\nmsgstr "Dossiers"\n' in begun
    assert with_translations(begun, "de", [(case, "")]) == with_translations(
        b"", "de", [(title, "Klein")]
    )


def test_words_that_cannot_be_read_leave_what_samplan_says() -> None:
    pack = open_pack({"pack.toml": CONFIG, PATH: b'msgid "broken'})

    assert pack.phrases("sv") == {}


def test_no_two_phrases_say_the_same() -> None:
    assert len(set(PHRASES.values())) == len(PHRASES)
