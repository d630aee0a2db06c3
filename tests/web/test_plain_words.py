"""No screen of caseworkers and managers speaks the language of machines, in any language."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir

from base import lang
from engine.findings import RULES
from tests.web.words_in_use import ROOT

#: Where owners draw, and what is read by nobody but them and those who write programs.
STUDIO = (
    "templates/pages/routine",
    "templates/pages/differences.html",
    "templates/pages/cases-of-routine.html",
    "templates/pages/deadlines.html",
    "templates/pages/editor",
    "templates/pages/form",
    "templates/pages/words",
    "templates/pages/document",
    "templates/pages/tool-box",
    "templates/pages/decision",
    "templates/components/findings.html",
    "templates/components/changes.html",
    "routes/routines.py",
    # For those who connect a program of their own.
    "templates/pages/tokens.html",
)
#: By language; word stems, so that all endings are found.
MACHINE = {
    "en": r"\b(packs?|(?<!for )instances?|tokens?|markings?|incidents?|claim(s|ed)?|workflow)\b",
    "sv": r"\b(paket\w*|instans\w*|token\w*|markering\w*|incident\w*|workflow|deploy\w*)\b",
    "de": r"\b(paket\w*|instanz\w*|token\w*|markierung\w*|incident\w*|workflow|deploy\w*)\b",
    "es": r"\b(paquetes?|instancias?|token\w*|marcado\w*|incidente\w*|workflow|despl[ei]\w*)\b",
    "it": r"\b(pacchett\w*|istanz\w*|token\w*|marcatur\w*|incident\w*|workflow|deploy\w*)\b",
}
#: The law's own word for what happened to personal data.
OF_THE_LAW = {"sv": r"\b(personuppgifts)?incident\w*\b"}


@cache
def sentences() -> frozenset[str]:
    """What templates and routes say outside the studio."""
    return frozenset(_sentences())


def _sentences() -> Iterator[str]:
    found = extract_from_dir(
        ROOT / "web",
        [("templates/**.html", "jinja2"), ("routes/**.py", "python"), ("pages.py", "python")],
        {"**.html": {"newstyle_gettext": "true", "trimmed": "false"}},
        keywords={"_": None, "gettext": None, "ngettext": (1, 2)},
        directory_filter=lambda path: "node_modules" not in str(path),
    )
    for file, _line, message, _comments, _context in found:
        if not file.startswith(STUDIO) and Path(file).suffix in {".html", ".py"}:
            yield from (message,) if isinstance(message, str) else message


@pytest.mark.parametrize("language", MACHINE)
def test_no_screen_outside_the_studio_says_a_word_of_the_machine(language: str):
    words = lang.catalogue(lang.WORDS, language)
    said = {words.gettext(each) for each in sentences()}
    law = OF_THE_LAW.get(language, r"(?!)")

    wrong = {
        each
        for each in said
        if re.search(MACHINE[language], re.sub(law, "", each, flags=re.I), re.I)
    }

    assert wrong == set()
    assert len(said) > 300


#: What is found in the file that says what a programme offers beside its diagrams.
OF_SETTINGS = {
    "action_role_unknown",
    "message_unheard",
    "report_form",
    "report_start",
    "start_unknown",
}
FILES = r"\bpacks?\b|\bpaket|\bpaquete|\bpacchett|\.toml|\.po\b"


@pytest.mark.parametrize("language", MACHINE)
def test_what_is_found_in_a_draft_sends_no_owner_to_a_file_they_cannot_change(language: str):
    words = lang.catalogue(lang.WORDS, language)

    wrong = {
        code
        for code, rule in RULES.items()
        for text in (rule.message, rule.remedy)
        if re.search(FILES, words.gettext(text) if text else "", re.I)
    }

    assert wrong == OF_SETTINGS


#: One in each language.
FOUND = {
    "en": "token",
    "sv": "Instansen",
    "de": "Instanz",
    "es": "Paquete",
    "it": "istanze",
}


def test_a_word_of_the_machine_would_be_found():
    assert FOUND.keys() == MACHINE.keys()
    assert all(
        re.search(MACHINE[language], f"The {word} waits.", re.I)
        for language, word in FOUND.items()
    )
