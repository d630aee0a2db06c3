"""Samplan speaks every language that it offers as completely as English."""

import re
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from base import lang
from base.phrases import PHRASES
from tests.web.words_in_use import templates, words_in_use
from tools.words import in_order

#: All that is said is looked for once.
pytestmark = pytest.mark.xdist_group("words")
TRANSLATED = [language for language in lang.LANGUAGES if language != lang.SOURCE]
_PLACES = re.compile(r"%\((\w+)\)s|\{(\w+)\}")


def a_catalogue(language: str) -> Catalog:
    with (lang.WORDS / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_sentence_is_translated_and_nothing_else_is(language: str) -> None:
    catalogue = a_catalogue(language)

    said = {message.id for message in catalogue if message.id and all(strings(message.string))}

    assert said == words_in_use()


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_keeps_the_places_that_are_filled_in(language: str) -> None:
    catalogue = a_catalogue(language)

    changed = [
        message.id
        for message in catalogue
        if message.id
        and any(
            places(text) != places(strings(message.id)[-1]) for text in strings(message.string)
        )
    ]

    assert changed == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_finding_is_said_with_the_same_facts(language: str) -> None:
    words = lang.catalogue(lang.WORDS, language)

    changed = [each for each in templates() if facts(words.gettext(each)) != facts(each)]

    assert changed == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_catalogue_is_what_a_page_reads(language: str) -> None:
    words = lang.catalogue(lang.WORDS, language)

    assert words.gettext("My tasks") != "My tasks"


@pytest.mark.parametrize("language", lang.LANGUAGES)
def test_one_is_said_otherwise_than_none_and_several(language: str) -> None:
    words = lang.catalogue(lang.WORDS, language)

    said = [words.ngettext("%(num)s day late", "%(num)s days late", num) for num in range(4)]

    assert said[1] not in said[2:]
    assert said[0] == said[2] == said[3]
    assert language == lang.SOURCE or set(said).isdisjoint(
        {"%(num)s day late", "%(num)s days late"}
    )


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_plural_has_as_many_forms_as_the_catalogue_says(language: str) -> None:
    catalogue = a_catalogue(language)

    forms = {len(message.string) for message in catalogue if message.id and message.pluralizable}

    assert forms == {catalogue.num_plurals}


def strings(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def places(text: str) -> set[str]:
    """The names in a text, the number left out: a singular may say “one” instead."""
    found = {name for pair in _PLACES.findall(text) for name in pair if name}
    return found - {"num"}


def facts(template: str) -> list[str]:
    """The facts that a template of a finding is filled with, each as often as it stands."""
    return sorted(name for _text, name, _spec, _how in Formatter().parse(template) if name)


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_stands_in_its_one_order(language: str) -> None:
    path = lang.WORDS / f"{language}.po"

    assert path.read_text("utf-8") == in_order(path)


def test_what_a_pack_may_say_otherwise_is_said_somewhere() -> None:
    said = {text for each in words_in_use() for text in strings(each)}

    assert set(PHRASES.values()) - said == set()
