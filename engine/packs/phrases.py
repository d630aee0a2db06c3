"""What a pack says in its own words of what Samplan itself says."""

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum

from base.phrases import PHRASES
from engine.packs.words import Text, Words

#: Stands for a file in their contexts, as ``pack`` does for ``pack.toml``.
SAMPLAN = "samplan"
_ATTRIBUTE = "phrase"
_PLACE = re.compile(r"%\(\w+\)s")


class Flaw(StrEnum):
    """Why a pack's own words cannot be shown; Samplan says its own instead."""

    UNKNOWN = "unknown"
    PLACES = "places"
    MARKUP = "markup"
    LONG = "long"


def texts_of_phrases() -> tuple[Text, ...]:
    """What Samplan says that a pack may say otherwise, in English."""
    return tuple(Text(SAMPLAN, code, _ATTRIBUTE, said) for code, said in PHRASES.items())


def phrases_of(words: Words) -> Mapping[str, str]:
    """What is said otherwise in a language, by the English; nothing that has a flaw."""
    return {
        said: own for context, said, own in _found(words) if flaw_of(context, said, own) is None
    }


def flaws_of(words: Words) -> Iterator[tuple[Flaw, str, str, str]]:
    """What cannot be shown: why, the code, what Samplan says, and what the pack says."""
    for context, said, own in _found(words):
        flaw = flaw_of(context, said, own)
        if flaw is not None:
            code = context.removeprefix(f"{SAMPLAN}#").removesuffix(f"/{_ATTRIBUTE}")
            yield flaw, code, said, own


def flaw_of(context: str, said: str, own: str) -> Flaw | None:
    """Why these words cannot stand for what Samplan says there; None if they can."""
    if (context, said) not in _KNOWN:
        return Flaw.UNKNOWN
    if sorted(_PLACE.findall(said)) != sorted(_PLACE.findall(own)) or "%" in _PLACE.sub("", own):
        return Flaw.PLACES
    if set(own) & set("<>") or not own.isprintable():
        return Flaw.MARKUP
    return Flaw.LONG if len(own) > longest(said) else None


def longest(said: str) -> int:
    """How many characters fit where Samplan says this: it stands in menus and on buttons."""
    return 2 * len(said) + 20


def places(said: str) -> str:
    """What is filled in where this is said."""
    return " ".join(_PLACE.findall(said))


def _found(words: Words) -> Iterator[tuple[str, str, str]]:
    for context, (said, own) in words.entries.items():
        if context.startswith(f"{SAMPLAN}#"):
            yield context, said, own


_KNOWN = frozenset((text.context, text.source) for text in texts_of_phrases())
