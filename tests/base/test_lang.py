"""Every language that Samplan offers says days its own way, and is chosen as the reader asks."""

from datetime import UTC, date, datetime

import pytest

from base import lang

TODAY = date(2027, 3, 1)
SOON = date(2027, 9, 7)
LATER = date(2028, 9, 7)
#: By language: a near day and a far one, in full and briefly.
SAID = {
    "sv": ("tisdag 7 september", "torsdag 7 september 2028", "tis 7 sep", "tors 7 sep 2028"),
    "de": (
        "Dienstag, 7. September",
        "Donnerstag, 7. September 2028",
        "Di., 7. Sept.",
        "Do., 7. Sept. 2028",
    ),
    "es": (
        "martes, 7 de septiembre",
        "jueves, 7 de septiembre de 2028",
        "mar, 7 sept",
        "jue, 7 sept 2028",
    ),
    "it": ("martedì 7 settembre", "giovedì 7 settembre 2028", "mar 7 set", "gio 7 set 2028"),
    "en": ("Tuesday 7 September", "Thursday 7 September 2028", "Tue 7 Sep", "Thu 7 Sep 2028"),
}


def test_days_are_told_of_every_language():
    assert SAID.keys() == lang.LANGUAGES.keys()


@pytest.mark.parametrize("language", lang.LANGUAGES)
def test_a_day_is_said_as_people_say_it(language: str):
    near, far, near_briefly, far_briefly = SAID[language]

    assert lang.say_day(SOON, language, TODAY) == near
    assert lang.say_day(LATER, language, TODAY) == far
    assert lang.say_day_briefly(SOON, language, TODAY) == near_briefly
    assert lang.say_day_briefly(LATER, language, TODAY) == far_briefly


@pytest.mark.parametrize("language", lang.LANGUAGES)
def test_a_moment_is_a_day_and_the_time_by_24_hours(language: str):
    moment = datetime(2027, 9, 7, 12, 5, tzinfo=UTC)

    said = lang.say_moment(moment, language, "Europe/Stockholm", TODAY)

    assert said == f"{SAID[language][0]} 14:05"


@pytest.mark.parametrize(
    ("wanted", "accept", "chosen"),
    [
        ("it", "es", "it"),
        (None, "es-MX,es;q=0.9,en;q=0.8", "es"),
        (None, "fi, it-CH;q=0.5", "it"),
        ("fi", "fi", "sv"),
        (None, "", "sv"),
    ],
)
def test_the_language_is_the_readers_choice_then_the_browsers(
    wanted: str | None, accept: str, chosen: str
):
    assert lang.choose(wanted, accept) == chosen


@pytest.mark.parametrize(
    ("title", "language", "said"),
    [
        ("Hälsa och funktion", "sv", "hälsa och funktion"),
        ("Gesundheit und Belastbarkeit", "de", "Gesundheit und Belastbarkeit"),
        ("SIP och andra planer", "sv", "SIP och andra planer"),
        ("Å", "sv", "å"),
        ("", "en", ""),
    ],
)
def test_a_title_inside_a_sentence_is_small_where_the_language_has_it_so(
    title: str, language: str, said: str
) -> None:
    assert lang.within(title, language) == said


def test_what_somebody_said_stands_in_the_marks_of_the_readers_language() -> None:
    said = {language: lang.quote("Blå", language) for language in lang.LANGUAGES}

    assert said == {"sv": "”Blå”", "de": "„Blå“", "es": "«Blå»", "it": "«Blå»", "en": "“Blå”"}
    assert all(lang.is_quoted(each) for each in said.values())
    assert not lang.is_quoted("Blå")
