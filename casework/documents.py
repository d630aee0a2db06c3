"""Texts that are put before the person: the consent, in their words and in sentences.

The text comes from the pack; its places are filled here and nowhere else.
"""

from collections.abc import Callable, Mapping
from datetime import date

from base import lang
from base.db import Session
from casework import formbook
from casework.access import REGISTER_PURPOSES, Party
from casework.application import Application
from casework.consent import store as consents
from casework.consent.rules import CATEGORIES, Scope, Texts
from casework.consent.tables import Consent
from casework.organisations import store as organisations
from casework.words import Words

_EMPTY_LINE = "______________________________"


def consent_text(
    tx: Session, app: Application, consent: Consent, texts: Texts, language: str = ""
) -> str:
    """The consent as the person reads it, markdown; name and number are empty lines to fill in.

    ``texts``: what the person does not want shared, in their own words, and guests by name.
    Without a language in the pack's own.
    """
    language = language or app.pack(tx).config.language
    words = Words(app.pack(tx), language)
    scope = consents.scope(tx, consent)
    kinds = formbook.options(words, "consent", "categories")
    shared = [kinds.get(code, code) for code in CATEGORIES if code in scope.categories]
    hidden = [kinds.get(code, code) for code in CATEGORIES if code in scope.excluded_categories]
    say = app.translator(language)
    pairs = _exceptions(tx, scope, kinds, say)
    purposes = formbook.options(words, "consent", "purpose")
    places = {
        "person": _EMPTY_LINE,
        "organisations": "; ".join([*party_titles(tx, sorted(scope.parties)), *texts.guests]),
        "purpose": purposes.get(consent.purpose, consent.purpose),
        "categories": "; ".join(shared),
        "excluded": "; ".join([*hidden, *pairs, *_own_words(texts.exclusions)])
        or say("nothing in particular"),
        "until": _day(consent.valid_until, language),
    }
    text = words.pack.texts[f"{text_for(consent.purpose)}.{language}"]
    for name, value in places.items():
        text = text.replace("{{" + name + "}}", value)
    return text


def text_for(purpose: str) -> str:
    """Which of the pack's texts words a consent: a register's has one of its own."""
    return "statistics" if purpose in REGISTER_PURPOSES else "consent"


def _exceptions(
    tx: Session, scope: Scope, kinds: Mapping[str, str], say: Callable[[str], str]
) -> list[str]:
    """What one of those named must not tell another, a sentence each."""
    ids = {end for one in scope.exceptions for end in (one.teller_id, one.reader_id)}
    titles = {id_: each.title for id_, each in organisations.organisations_by_id(tx, ids).items()}
    everything = say("%(teller)s tells %(reader)s nothing at all")
    one_kind = say("%(teller)s does not tell %(reader)s about this: %(kind)s")
    return sorted(
        (one_kind if one.category else everything)
        % {
            "teller": titles[one.teller_id],
            "reader": titles[one.reader_id],
            "kind": kinds.get(one.category, one.category),
        }
        for one in scope.exceptions
    )


def party_titles(tx: Session, parties: list[Party]) -> list[str]:
    """“Värnamo kommun (Ekonomiskt bistånd)”; two statements however many."""
    named = organisations.organisations_by_id(tx, {party.organisation_id for party in parties})
    units = organisations.units_by_id(tx, {p.unit_id for p in parties if p.unit_id is not None})
    return [
        named[party.organisation_id].title
        + (f" ({units[party.unit_id].title})" if party.unit_id is not None else "")
        for party in parties
    ]


def _own_words(exclusions: str) -> list[str]:
    return [f"”{exclusions.strip()}”"] if exclusions.strip() else []


def _day(day: date, language: str) -> str:
    return lang.say_day(day, language, date.min)
