"""The editors say everything in every language that Samplan offers, with the same gaps."""

import re
from pathlib import Path

import pytest

from base.lang import LANGUAGES, SOURCE

WORDS = Path(__file__).parents[2] / "web" / "editor" / "src" / "words"
TRANSLATED = [language for language in LANGUAGES if language != SOURCE]
#: A key before its colon, or a text; what stands within a text is never taken for a key.
_TOKEN = re.compile(r"('(?:[^'\\]|\\.)*'|[A-Za-z]\w*)(\s*:)?")


def said(script: str) -> list[tuple[str, str]]:
    """Keys in their order, each with its text; an empty one where it holds others."""
    found: list[tuple[str, str]] = []
    for token, colon in _TOKEN.findall(script):
        if colon:
            found.append((token.strip("'"), ""))
        elif token.startswith("'") and found:
            found[-1] = (found[-1][0], token.strip("'"))
    return found


def part(script: str, begin: str) -> list[tuple[str, str]]:
    """What stands between this line and the end of its object."""
    _, found, rest = script.partition(f"{begin} {{\n")
    assert found
    indent = re.match(" *", begin)
    return said(rest.partition(f"\n{indent[0] if indent else ''}}}")[0])


def gaps(words: list[tuple[str, str]]) -> list[tuple[str, list[str]]]:
    return [(key, sorted(re.findall(r"{\w+}", text))) for key, text in words]


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_diagram_editor_says_everything(language: str):
    own, english = (
        part((WORDS / f"{each}.js").read_text(), "  screen:") for each in (language, SOURCE)
    )

    assert gaps(own) == gaps(english)
    assert [key for key, text in own if not text] == []
    assert f"{language}: () => import('./{language}.js')" in (WORDS / "index.js").read_text()


@pytest.mark.parametrize("language", sorted(set(TRANSLATED) - {"sv"}))
def test_palette_menus_and_panel_are_translated_as_in_swedish(language: str):
    own, swedish = (
        part((WORDS / f"{each}.js").read_text(), "  drawing:") for each in (language, "sv")
    )

    assert [key for key, _ in own] == [key for key, _ in swedish]
    assert [key for key, text in own if not text] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_form_editor_says_everything(language: str):
    script = (WORDS / "forms.js").read_text()
    own, english = (part(script, f"const {each} =") for each in (language, SOURCE))

    assert gaps(own) == gaps(english)
    assert [text == "" for _, text in own] == [text == "" for _, text in english]
    assert f" {language}" in chosen_from(script)


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_editor_of_decisions_says_everything(language: str):
    script = (WORDS / "decisions.js").read_text()
    own, swedish = (part(script, f"const {each} =") for each in (language, "sv"))

    assert gaps(own) == gaps(swedish)
    assert {key for key, _ in part(script, f"const {SOURCE} =")} <= {key for key, _ in own}
    assert f" {language}" in chosen_from(script)


def chosen_from(script: str) -> str:
    """The languages that the last function of a script knows."""
    return script.partition("return {")[2].partition("}")[0]
