"""Samplan speaks Swedish and German as completely as English."""

import re
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from base import lang
from tests.web.words_in_use import templates, words_in_use

_PLACES = re.compile(r"%\((\w+)\)s|\{(\w+)\}")


def a_catalogue(language: str) -> Catalog:
    with (lang.WORDS / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


@pytest.mark.parametrize("language", ["sv", "de"])
def test_every_sentence_is_translated_and_nothing_else_is(language: str) -> None:
    catalogue = a_catalogue(language)

    said = {message.id for message in catalogue if message.id and all(strings(message.string))}

    assert said == words_in_use()


@pytest.mark.parametrize("language", ["sv", "de"])
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


@pytest.mark.parametrize("language", ["sv", "de"])
def test_a_finding_is_said_with_the_same_facts(language: str) -> None:
    words = lang.catalogue(lang.WORDS, language)

    changed = [each for each in templates() if facts(words.gettext(each)) != facts(each)]

    assert changed == []


@pytest.mark.parametrize("language", ["sv", "de"])
def test_the_catalogue_is_what_a_page_reads(language: str) -> None:
    words = lang.catalogue(lang.WORDS, language)

    assert words.gettext("My tasks") != "My tasks"
    assert words.ngettext("%(num)s day late", "%(num)s days late", 1) != words.ngettext(
        "%(num)s day late", "%(num)s days late", 2
    )


def strings(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def places(text: str) -> set[str]:
    """The names in a text, the number left out: a singular may say “one” instead."""
    found = {name for pair in _PLACES.findall(text) for name in pair if name}
    return found - {"num"}


def facts(template: str) -> list[str]:
    """The facts that a template of a finding is filled with, each as often as it stands."""
    return sorted(name for _text, name, _spec, _how in Formatter().parse(template) if name)
