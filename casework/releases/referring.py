"""What in a draft refers to a file, told by where owners go to change it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from casework.releases.checks import say
from casework.words import Words
from engine.check import Finding
from engine.packs import BadPack
from engine.sentences import FILE as SENTENCES
from engine.sentences import Sentence, read_sentences

_SETTINGS = "pack.toml"
_ABOUT_SENTENCES = frozenset({"sentence_broken", "sentence_lost"})


@dataclass(frozen=True, slots=True)
class Referring:
    """One place that refers to the file, and what there does: steps, sentences, what people begin.

    ``kind`` says what the place is: ``diagram``, ``sentences``, ``settings``, which nobody changes
    in the studio, or ``file``; ``process`` and ``title`` are a diagram's.
    """

    kind: str
    process: str
    title: str
    names: tuple[str, ...]


def referring(
    found: Iterable[Finding], words: Words, translate: Callable[[str], str]
) -> tuple[Referring, ...]:
    """What would be found wrong without the file, by place; diagrams first, each by title.

    ``words`` are those of the draft that still has the file.
    """
    drawn = {each.file: each.id for each in words.pack.diagrams.values()}
    known = _sentences(words)
    places: dict[tuple[str, str, str], dict[str, None]] = {}
    for each in found:
        if each.rule in _ABOUT_SENTENCES:
            place, name = ("sentences", "", ""), _sentence(each, known, words)
        elif each.file in drawn:
            process = _process_of(each, words) or drawn[each.file]
            place = ("diagram", process, words.process(process))
            name = words.element(process, each.element) if each.element else ""
        elif each.file == _SETTINGS:
            place, name = ("settings", "", ""), _offered(each.element, words)
        else:
            file = PurePosixPath(each.file).name
            place, name = ("file", "", file), say(each, translate)[0]
        places.setdefault(place, {})[" ".join(name.split())] = None
    told = [Referring(*place, tuple(filter(None, names))) for place, names in places.items()]
    return tuple(sorted(told, key=lambda one: (one.kind, one.title.casefold())))


def _process_of(found: Finding, words: Words) -> str:
    """Which diagram of the file has the element; empty where none has."""
    drawn = (each for each in words.pack.diagrams.values() if each.file == found.file)
    return next((each.id for each in drawn if found.element in each.elements), "")


def _sentences(words: Words) -> tuple[Sentence, ...]:
    """None where those of the draft cannot be read: the check says so."""
    try:
        return read_sentences(words.pack.files.get(SENTENCES, b""))
    except BadPack:
        return ()


def _sentence(found: Finding, known: Iterable[Sentence], words: Words) -> str:
    """What a sentence says to this reader."""
    said = found.facts["sentence"]
    own = words.pack.config.language
    for each in known:
        if said in each.texts.values():
            return each.text(words.language, words.spoken, own)
    return said


def _offered(place: str, words: Words) -> str:
    """What people begin or tell, as they read it: ``reports.…``, ``actions.…``, ``start.…``."""
    section, _, code = place.partition(".")
    if section == "reports":
        return words.report(code)
    if section == "actions" and code in words.pack.config.actions:
        return words.action(code)
    return words.process(code) if section == "start" else ""
