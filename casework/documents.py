"""Texts that are put before the person: the consent, in their words and in sentences.

The text comes from the pack; its places are filled here and nowhere else.
"""

from collections.abc import Callable, Mapping
from datetime import date
from uuid import UUID

from base import lang, markdown
from base.db import Session
from casework import formbook
from casework.access import REGISTER_PURPOSES, Party
from casework.application import Application
from casework.consent import actions as consent
from casework.consent import store as consents
from casework.consent.actions import Presented
from casework.consent.rules import CATEGORIES, Scope, Texts
from casework.consent.tables import Consent
from casework.organisations import store as organisations
from casework.printing import Document, Label, written
from casework.voice import Voice
from casework.words import Words
from engine import releases
from engine.packs import Pack

LINE = "______________________________"
_CONSENT = ("person", "organisations", "purpose", "categories", "excluded", "until")
#: What is filled in by itself, by the name of the text, and what of it must not be left out.
PLACES: Mapping[str, tuple[str, ...]] = {"consent": _CONSENT, "statistics": _CONSENT}
REQUIRED: Mapping[str, frozenset[str]] = {
    "consent": frozenset(_CONSENT) - {"person"},
    "statistics": frozenset({"organisations", "until"}),
}
#: Nobody: organisations of no country, for what is printed as an example.
_NOBODY = ("Solberga kommun", "Region Solberga")


def present(tx: Session, app: Application, consent_id: UUID, *, by: str) -> Presented:
    """Put the pack's own text before the person. Raises NotSpecific, WrongState."""
    version = consents.by_id(tx, consent_id)
    text = consent_text(tx, app, version, consent.texts_of(tx, version))
    release_id = releases.active_id(tx, app.pack_id)
    return consent.present(tx, consent_id, text, by=by, release_id=release_id)


def pack_of(tx: Session, app: Application, version: Consent) -> Pack:
    """The version of the pack whose words it is in; before it was presented, the one in use."""
    return releases.load(tx, version.release_id) if version.release_id else app.pack(tx)


def consent_text(
    tx: Session, app: Application, version: Consent, texts: Texts, language: str = ""
) -> str:
    """The consent as the person reads it, markdown; name and number are empty lines to fill in.

    ``texts``: what the person does not want shared, in their own words, and guests by name.
    Without a language in the pack's own.
    """
    pack = pack_of(tx, app, version)
    language = language or pack.config.language
    words = Words(pack, language)
    scope = consents.scope(tx, version)
    kinds = formbook.options(words, "consent", "categories")
    shared = [kinds.get(code, code) for code in CATEGORIES if code in scope.categories]
    hidden = [kinds.get(code, code) for code in CATEGORIES if code in scope.excluded_categories]
    say = Voice(language, pack)
    pairs = _exceptions(tx, scope, kinds, say)
    purposes = formbook.options(words, "consent", "purpose")
    places = {
        "organisations": "; ".join([*party_titles(tx, sorted(scope.parties)), *texts.guests]),
        "purpose": purposes.get(version.purpose, version.purpose),
        "categories": "; ".join(shared),
        "excluded": "; ".join([*hidden, *pairs, *_own_words(texts.exclusions)])
        or say("nothing in particular"),
        "until": _day(version.valid_until, language),
    }
    return filled(pack.texts[f"{text_for(version.purpose)}.{language}"], places)


def places_of(name: str) -> tuple[str, ...]:
    """What is filled in by itself in the text of this name."""
    return PLACES.get(name, ())


def example(words: Words, say: Callable[[str], str], until: date) -> dict[str, str]:
    """What fills the places of a text that is printed as an example."""
    kinds = list(formbook.options(words, "consent", "categories").values())
    purposes = list(formbook.options(words, "consent", "purpose").values())
    return {
        "organisations": "; ".join(_NOBODY),
        "purpose": next(iter(purposes), "…"),
        "categories": "; ".join(kinds[:3]) or "…",
        "excluded": "; ".join(kinds[3:4]) or say("nothing in particular"),
        "until": _day(until, words.language),
    }


def filled(text: str, places: Mapping[str, str]) -> str:
    """The text with its places filled; what fills them is never read as marks.

    The person's name stays a line to write on.
    """
    for name, value in places.items():
        text = text.replace("{{" + name + "}}", markdown.in_line(value))
    return text.replace("{{person}}", LINE)


def parted(text: str) -> tuple[str, str]:
    """The title, which is the first line, and what follows it."""
    title, _, rest = text.removeprefix("# ").partition("\n")
    return title.strip(), rest


def as_printed(text: str, voice: Voice, *, foot: str) -> Document:
    """A text of its own on paper, under its title."""
    title, rest = parted(text)
    return Document(
        kind=Label(title),
        blocks=tuple(written(rest)),
        language=voice.language,
        foot=foot,
        logo=voice.logo,
    )


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
