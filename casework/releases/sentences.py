"""The sentences that a pack's diagrams must keep: shown with what became of each, and changed."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from base import lang
from base.db import Session
from base.errors import Invalid, NotFound
from casework.access import Actor
from casework.application import Application
from casework.releases import store
from casework.releases.actions import (
    EDITORS,
    READERS,
    content_mark,
    keep_draft,
    require_role,
)
from casework.releases.drawn import opened_draft
from casework.words import Words
from engine import releases
from engine.diagram import Element, Process
from engine.packs import Pack
from engine.releases import DraftChanged
from engine.sentences import (
    FILE,
    FORMS,
    Sentence,
    Status,
    Verdict,
    judge_all,
    read_sentences,
    write_sentences,
)

LONGEST = 300
_MOST = 100
#: What people call a step; gateways are chosen by nobody.
_OFFERED = frozenset(
    {"end_event", "intermediate_catch_event", "intermediate_throw_event", "boundary_event"}
)


class NoSuchSentence(NotFound):
    """There is no such sentence."""


class NoWords(Invalid):
    """Write the sentence in your own words, in 300 letters at most."""


class NothingNamed(Invalid):
    """Choose at least one thing in each list."""


class TooMany(Invalid):
    """A hundred sentences are enough; take one away first."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A part of the path that breaks a sentence: what was passed in one diagram, and the last."""

    process: Process
    passed: frozenset[str]
    last: str


@dataclass(frozen=True, slots=True)
class SentenceRow:
    """A sentence in the reader's words; ``parts`` are its places by their names."""

    code: str
    text: str
    form: str
    parts: Mapping[str, tuple[str, ...]]
    status: Status
    path: tuple[str, ...]
    shown: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class SentencesPage:
    """All sentences as drafted; ``mark`` names the file's content."""

    rows: tuple[SentenceRow, ...]
    mark: str
    has_draft: bool
    may_edit: bool
    process: str
    words: Words


@dataclass(frozen=True, slots=True)
class Offered:
    """A process and what may be named in it, as value and name."""

    title: str
    places: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SentencePage:
    """One sentence to be written; ``code`` is empty for a new one."""

    code: str
    form: str
    parts: Mapping[str, tuple[str, ...]]
    texts: Mapping[str, str]
    offered: tuple[Offered, ...]
    mark: str


def sentences_page(tx: Session, app: Application, actor: Actor) -> SentencesPage:
    """Raises NotAllowed."""
    require_role(actor, READERS)
    pack = app.pack(tx)
    files = releases.draft_files(tx, pack.id)
    drafted = opened_draft(files) or pack
    words = Words(drafted, actor.language)
    content = files.get(FILE, b"")
    verdicts = judge_all(read_sentences(content), drafted.diagrams, begun=drafted.config.start)
    return SentencesPage(
        rows=tuple(_row(verdict, words) for verdict in verdicts),
        mark=content_mark(content),
        has_draft=content != pack.files.get(FILE, b""),
        may_edit=bool(actor.roles & EDITORS),
        process=next(iter(pack.diagrams)),
        words=words,
    )


def sentence_page(
    tx: Session, app: Application, actor: Actor, *, code: str, form: str
) -> SentencePage:
    """One that is there, or an empty one of this form. Raises NoSuchSentence, NotAllowed."""
    require_role(actor, EDITORS)
    pack = app.pack(tx)
    files = releases.draft_files(tx, pack.id)
    content = files.get(FILE, b"")
    found = next((each for each in read_sentences(content) if each.code == code), None)
    form = found.form if found else form
    if (code and found is None) or form not in FORMS:
        raise NoSuchSentence
    drafted = opened_draft(files) or pack
    return SentencePage(
        code=code,
        form=form,
        parts=found.parts if found else dict.fromkeys(FORMS[form], ()),
        texts=found.texts if found else {},
        offered=tuple(_offered(drafted, Words(drafted, actor.language))),
        mark=content_mark(content),
    )


def save_sentence(
    tx: Session,
    app: Application,
    actor: Actor,
    *,
    code: str,
    form: str,
    parts: Mapping[str, tuple[str, ...]],
    texts: Mapping[str, str],
    mark: str,
) -> None:
    """Keep a sentence in the draft, a new one where ``code`` is empty.

    Raises NothingNamed, NoWords, TooMany, NoSuchSentence, DraftChanged, NotAllowed.
    """
    require_role(actor, EDITORS)
    pack_id, sentences = _locked(tx, app, mark)
    if form not in FORMS or (code and code not in {each.code for each in sentences}):
        raise NoSuchSentence
    said = {name: " ".join(texts.get(name, "").split()) for name in lang.LANGUAGES}
    said = {name: text for name, text in said.items() if text}
    if not said or any(len(text) > LONGEST for text in said.values()):
        raise NoWords
    named = {part: tuple(dict.fromkeys(parts.get(part, ()))) for part in FORMS[form]}
    if not all(named.values()) or (form == "ends" and len(named["of"]) > 1):
        raise NothingNamed
    if not code and len(sentences) >= _MOST:
        raise TooMany
    new = Sentence(code or _code(next(iter(said.values())), sentences), form, named, said)
    kept = [new if each.code == code else each for each in sentences]
    _keep(tx, pack_id, kept if code else [*kept, new], actor)


def remove_sentence(tx: Session, app: Application, actor: Actor, *, code: str, mark: str) -> None:
    """Take a sentence out of the draft. Raises NoSuchSentence, DraftChanged, NotAllowed."""
    require_role(actor, EDITORS)
    pack_id, sentences = _locked(tx, app, mark)
    kept = [each for each in sentences if each.code != code]
    if len(kept) == len(sentences):
        raise NoSuchSentence
    _keep(tx, pack_id, kept, actor)


def discard_sentences(tx: Session, app: Application, actor: Actor) -> None:
    """Forget what was drafted of the sentences. Raises NotAllowed."""
    require_role(actor, EDITORS)
    pack = app.pack(tx)
    store.lock_pack(tx, pack.id)
    releases.discard_draft(tx, pack.id, FILE)
    store.remove_proposal(tx, pack.id)


def _locked(tx: Session, app: Application, mark: str) -> tuple[str, tuple[Sentence, ...]]:
    pack = app.pack(tx)
    store.lock_pack(tx, pack.id)
    content = releases.draft_files(tx, pack.id).get(FILE, b"")
    if content_mark(content) != mark:
        raise DraftChanged
    return pack.id, read_sentences(content)


def _keep(tx: Session, pack_id: str, sentences: Iterable[Sentence], actor: Actor) -> None:
    keep_draft(tx, pack_id, FILE, write_sentences(sentences), actor)


def _code(text: str, sentences: Iterable[Sentence]) -> str:
    """A name for the file, from the words."""
    letters = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    base = re.sub(r"[^a-z0-9]+", "_", letters).strip("_")[:40].strip("_")
    base = base if base[:1].isalpha() else f"s_{base}".strip("_")
    taken = {each.code for each in sentences}
    free = (f"{base}_{number}" for number in range(2, _MOST + 2))
    return base if base not in taken else next(code for code in free if code not in taken)


def _row(verdict: Verdict, words: Words) -> SentenceRow:
    sentence = verdict.sentence
    named = (_named(each.process, each.element, words) for each in verdict.path)
    return SentenceRow(
        code=sentence.code,
        text=sentence.text(words.language, words.spoken, words.pack.config.language),
        form=sentence.form,
        parts={
            part: tuple(place_name(place, words) for place in sentence.parts[part])
            for part in FORMS[sentence.form]
        },
        status=verdict.status,
        path=tuple(dict.fromkeys(filter(None, named))),
        shown=tuple(_shown(verdict, words.pack)),
    )


def place_name(place: str, words: Words) -> str:
    """What people call a process or ``process/element``; with both where it is an element."""
    process, _, element = place.partition("/")
    if not element:
        return words.process(process)
    return f"{_named(process, element, words) or element} ({words.process(process)})"


def _named(process: str, element: str, words: Words) -> str:
    """The name of a step, on one line; empty where it has none."""
    drawn = words.pack.diagrams.get(process)
    found = drawn.elements.get(element) if drawn else None
    return " ".join(words.element(process, element).split()) if found and found.name else ""


def _shown(verdict: Verdict, pack: Pack) -> Iterator[Shown]:
    """The diagrams that the path leads through, where it ends first."""
    if not verdict.path:
        return
    by_process: dict[str, list[str]] = {}
    for each in reversed(verdict.path):
        by_process.setdefault(each.process, []).append(each.element)
    for process, passed in by_process.items():
        if len(passed) > 1 or process == verdict.path[-1].process:
            yield Shown(pack.diagrams[process], frozenset(passed), passed[0])


def _offered(pack: Pack, words: Words) -> Iterator[Offered]:
    """Every process, and in it the steps and events that have a name."""
    found = [
        Offered(
            words.process(process.id),
            (
                (process.id, words.process(process.id)),
                *(
                    (f"{process.id}/{each.id}", _named(process.id, each.id, words))
                    for each in process.nodes
                    if _is_offered(each)
                ),
            ),
        )
        for process in pack.diagrams.values()
    ]
    yield from sorted(found, key=lambda each: each.title.casefold())


def _is_offered(element: Element) -> bool:
    return bool(element.name) and (element.is_activity or element.kind in _OFFERED)
