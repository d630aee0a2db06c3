"""What is wrong, or could be better, in the texts of a pack that are given to people. Pure."""

import re
from collections.abc import Iterator

from base.errors import SamplanError
from casework import personal
from casework.documents import REQUIRED, places_of
from engine.check import Finding
from engine.findings import finding
from engine.packs import LOGOS, BadLogo, Pack, read_logo

_PLACE = re.compile(r"\{\{([^{}\n]*)\}\}")
_DOCUMENT = re.compile(r"texts/([a-z][\w-]*)\.([a-z]{2,3})\.md", re.ASCII)
_POINTS_AT_ONE = {"identity_number", "case_number"}
_REACHES_ONE = {"phone", "mail"}


def document_findings(pack: Pack) -> Iterator[Finding]:
    """File by file."""
    languages: dict[str, set[str]] = {}
    for path in pack.paths(".md"):
        found = _DOCUMENT.fullmatch(path)
        if found is None:
            continue
        languages.setdefault(found[1], set()).add(found[2])
        try:
            text = pack.files[path].decode()
        except UnicodeDecodeError:
            yield finding("unreadable", path, why="The file is not UTF-8 text.")
            continue
        yield from _of_text(path, found[1], text)
    for name, written in languages.items():
        yield from _unwritten(pack, name, written)


def handed_out_findings(pack: Pack) -> Iterator[Finding]:
    """Of steps that name a text which no step gives; nothing where a diagram cannot be read."""
    try:
        diagrams = pack.diagrams.values()
    except SamplanError:
        return
    for process in diagrams:
        for element in process.nodes:
            for name in element.documents:
                if name in pack.documents and places_of(name):
                    step = " ".join(element.name.split()) or element.id
                    facts = {"name": step, "document": name}
                    yield finding("document_filled", process.file, element.id, **facts)


def logo_findings(pack: Pack) -> Iterator[Finding]:
    """Of the picture at the head of papers."""
    found = [name for name in LOGOS if name in pack.files]
    for name in found[:1]:
        try:
            read_logo(pack.files[name])
        except BadLogo as error:
            yield finding(f"logo_{error.flaw}", name, what=error.what)
    for name in found[1:]:
        yield finding("logo_twice", name)


def _of_text(path: str, name: str, text: str) -> Iterator[Finding]:
    if not text.startswith("# "):
        yield finding("document_untitled", path)
    used, known = set(_PLACE.findall(text)), places_of(name)
    for place in sorted(used - set(known)):
        yield finding("place_unknown", path, place=_said(place), known=_all(known))
    for place in sorted(REQUIRED.get(name, frozenset()) - used):
        yield finding("place_missing", path, place=_said(place))
    kinds = set(personal.found(text))
    if kinds & _POINTS_AT_ONE:
        yield finding("document_person", path)
    if kinds & _REACHES_ONE:
        yield finding("document_reach", path)


def _unwritten(pack: Pack, name: str, written: set[str]) -> Iterator[Finding]:
    """A finding of the file that is to be written."""
    for language in pack.config.languages:
        if language not in written:
            own = language == pack.config.language
            rule = "document_missing" if own else "document_untranslated"
            path = f"texts/{name}.{language}.md"
            yield finding(rule, path, name=name, language=language)


def _said(place: str) -> str:
    return "{{" + place + "}}"


def _all(places: tuple[str, ...]) -> str:
    return ", ".join(map(_said, places)) or "–"
