"""A pack's texts as a plain table: one row each, one column for each language."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import forms
from base import lang
from base.db import Session
from base.errors import Invalid, NotFound, SamplanError
from casework import formbook
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
from engine.decisions import Decisions
from engine.packs import (
    SAMPLAN,
    Flaw,
    Pack,
    Text,
    flaw_of,
    texts_of,
    texts_of_config,
    texts_of_decisions,
    texts_of_phrases,
    with_translations,
)
from engine.releases import DraftChanged
from forms import BadForm

CONFIG = "pack.toml"
LONGEST = 10_000


class NoSuchTexts(NotFound):
    """There is no such file with words."""


class BadWords(Invalid):
    """Nothing has been changed."""

    def __init__(self, problems: Mapping[tuple[str, str], str]) -> None:
        """``problems``: what is wrong with each, by language and context."""
        super().__init__()
        self.problems = problems


def _(text: str) -> str:
    """Marks a text for translation; the template translates it."""
    return text


_TOO_LONG = _("A translation is longer than 10,000 characters.")
_FLAWS = {
    Flaw.PLACES: _("What begins with a percent sign must stand there too, and nothing else does."),
    Flaw.MARKUP: _("Write plain words on one line, without angle brackets."),
    Flaw.LONG: _("This is too long for where it stands."),
}


@dataclass(frozen=True, slots=True)
class TextRow:
    """A text, its kind or noun, and what it is in each other language; empty where missing.

    ``usual``: what Samplan says where the pack says nothing, by language.
    """

    context: str
    attribute: str
    source: str
    translations: Mapping[str, str]
    usual: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file of the pack, what it is called, and how many of its texts each language lacks."""

    path: str
    title: str
    missing: Mapping[str, int]

    @property
    def lacks(self) -> int:
        return sum(self.missing.values())


@dataclass(frozen=True, slots=True)
class WordsPage:
    """The texts of one file; ``mark`` names what all languages hold, so that nobody overwrites.

    ``samplans``: they are what Samplan itself says, none of which needs to be said otherwise.
    """

    files: tuple[TextFile, ...]
    chosen: TextFile
    languages: Mapping[str, str]
    source_language: str
    rows: tuple[TextRow, ...]
    mark: str
    has_draft: bool
    may_edit: bool
    process: str
    samplans: bool


def words_page(
    tx: Session, app: Application, actor: Actor, path: str, *, missing: bool = False
) -> WordsPage:
    """The texts of one file, of the draft; ``missing``: only those that a language lacks.

    An empty path is the first file. Raises NoSuchTexts, NotAllowed.
    """
    require_role(actor, READERS)
    pack, files = _drafted(tx, app)
    by_file = _texts(pack)
    path = path or CONFIG
    if path not in by_file:
        raise NoSuchTexts
    listed = tuple(
        TextFile(name, _title(app, pack, name, actor.language), _missing(pack, name, texts))
        for name, texts in by_file.items()
    )
    samplans = path == SAMPLAN
    rows = [_row(app, pack, text, actor.language) for text in by_file[path]]
    if missing:
        rows = [row for row in rows if not samplans and not all(row.translations.values())]
    return WordsPage(
        files=tuple(sorted(listed, key=_place)),
        chosen=next(file for file in listed if file.path == path),
        languages={code: lang.LANGUAGES.get(code, code) for code in _spoken(pack, path)},
        source_language=lang.LANGUAGES.get(pack.config.language, pack.config.language),
        rows=tuple(rows),
        mark=_mark(files, pack.config.languages),
        has_draft=any(draft.path.endswith(".po") for draft in releases.draft(tx, app.pack_id)),
        may_edit=bool(actor.roles & EDITORS),
        process=next(iter(pack.diagrams)),
        samplans=samplans,
    )


def set_words(
    tx: Session,
    app: Application,
    actor: Actor,
    path: str,
    sent: Mapping[tuple[str, str], str],
    *,
    mark: str,
) -> bool:
    """Keep translations in the draft, by language and context; whether anything is otherwise.

    Only texts of this file are looked at. Raises BadWords, DraftChanged, NoSuchTexts, NotAllowed.
    """
    require_role(actor, EDITORS)
    store.lock_pack(tx, app.pack_id)
    pack, files = _drafted(tx, app)
    texts = _texts(pack).get(path)
    if texts is None:
        raise NoSuchTexts
    if _mark(files, pack.config.languages) != mark:
        raise DraftChanged
    _require_fit(texts, sent)
    spoken = _spoken(pack, path)
    changed = [_set_language(tx, app, actor, pack, code, texts, sent) for code in spoken]
    return any(changed)


def discard_words(tx: Session, app: Application, actor: Actor) -> None:
    """Forget the drafted words of all languages. Raises NotAllowed."""
    require_role(actor, EDITORS)
    store.lock_pack(tx, app.pack_id)
    for draft in releases.draft(tx, app.pack_id):
        if draft.path.endswith(".po"):
            releases.discard_draft(tx, app.pack_id, draft.path)
    store.remove_proposal(tx, app.pack_id)


def copy_words(
    tx: Session, app: Application, actor: Actor, of: str, to: str, renamed: Mapping[str, str]
) -> None:
    """Have a file that is a copy say in other languages what the one it was copied from says.

    ``renamed``: ids that are others in the copy, and what they were. Whoever calls has locked
    the pack.
    """
    pack, _ = _drafted(tx, app)
    texts = _texts(pack).get(to, [])
    before = {
        text: Text(of, renamed.get(text.element, text.element), text.attribute, text.source)
        for text in texts
    }
    for language in _spoken(pack, to):
        said = {(language, text.context): _said(pack, language, before[text]) for text in texts}
        _set_language(tx, app, actor, pack, language, texts, said)


def drop_words(tx: Session, app: Application, actor: Actor, path: str) -> None:
    """Forget what a file that goes says in other languages; whoever calls has locked the pack."""
    pack, _ = _drafted(tx, app)
    texts = _texts(pack).get(path, [])
    for language in _spoken(pack, path):
        gone = {(language, text.context): "" for text in texts}
        _set_language(tx, app, actor, pack, language, texts, gone)


def _require_fit(texts: list[Text], sent: Mapping[tuple[str, str], str]) -> None:
    """Raises BadWords."""
    known = {text.context: text for text in texts}
    problems = {
        place: problem
        for place, value in sent.items()
        if place[1] in known and (problem := _problem(known[place[1]], _plain(value) or ""))
    }
    if problems:
        raise BadWords(problems)


def _problem(text: Text, value: str) -> str:
    if len(value) > LONGEST:
        return _TOO_LONG
    flaw = flaw_of(text.context, text.source, value) if value and text.file == SAMPLAN else None
    return _FLAWS[flaw] if flaw else ""


def _set_language(
    tx: Session,
    app: Application,
    actor: Actor,
    pack: Pack,
    language: str,
    texts: list[Text],
    sent: Mapping[tuple[str, str], str],
) -> bool:
    wanted = [(text, _plain(sent.get((language, text.context)))) for text in texts]
    changes = [
        (text, value)
        for text, value in wanted
        if value is not None and value != _said(pack, language, text)
    ]
    if not changes:
        return False
    path = _file_of(pack, language)
    content = with_translations(pack.files.get(path, b""), language, changes)
    if content == app.pack(tx).files.get(path):
        releases.discard_draft(tx, app.pack_id, path)
        store.remove_proposal(tx, app.pack_id)
    else:
        keep_draft(tx, app.pack_id, path, content, actor)
    return True


def _plain(value: str | None) -> str | None:
    """As a file holds it: a browser sends line ends of its own."""
    return None if value is None else value.replace("\r\n", "\n").strip()


def _drafted(tx: Session, app: Application) -> tuple[Pack, Mapping[str, bytes]]:
    """The draft, or what is in use where the draft cannot be read."""
    pack = opened_draft(releases.draft_files(tx, app.pack_id)) or app.pack(tx)
    return pack, pack.files


def _spoken(pack: Pack, path: str) -> list[str]:
    """The languages that a file's texts are said in beside the one they stand in."""
    languages = dict.fromkeys((pack.config.language, *pack.config.languages))
    return [code for code in languages if path == SAMPLAN or code != pack.config.language]


def _file_of(pack: Pack, language: str) -> str:
    """The file that a language has, however its name is written, or is to get."""
    return next(
        (path for path in pack.paths(".po") if _language(path) == language), f"lang/{language}.po"
    )


def _language(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".po").replace("_", "-")


def _mark(files: Mapping[str, bytes], languages: Collection[str]) -> str:
    held = (files[path] for path in sorted(files) if path.endswith(".po"))
    return content_mark(b"\0".join((*held, ",".join(languages).encode())))


def _texts(pack: Pack) -> dict[str, list[Text]]:
    """Every text of the pack by its file; what cannot be read has none."""
    found = {CONFIG: list(texts_of_config(pack.config))}
    for process in pack.diagrams.values():
        found.setdefault(process.file, []).extend(texts_of(process))
    for file in _decisions(pack):
        found[file.name] = list(texts_of_decisions(file))
    for form_id, path in pack.forms.items():
        found[path] = list(_texts_of_form(pack, form_id, path))
    found[SAMPLAN] = list(texts_of_phrases())
    return {path: texts for path, texts in found.items() if texts}


def _decisions(pack: Pack) -> list[Decisions]:
    """The files with decision tables, each once; none where one cannot be read."""
    try:
        return list({file.name: file for file in pack.decisions.values()}.values())
    except SamplanError:
        return []


def _texts_of_form(pack: Pack, form_id: str, path: str) -> Iterator[Text]:
    try:
        form = formbook.form(pack, form_id)
    except BadForm:
        return
    for field in forms.walk(form.fields):
        for place, source in forms.sources(field):
            element, _, attribute = place.rpartition("/")
            yield Text(path, element, attribute, source)


def _said(pack: Pack, language: str, text: Text) -> str:
    words = pack.words.get(language)
    return (words.find(text) if words else None) or ""


def _row(app: Application, pack: Pack, text: Text, language: str) -> TextRow:
    translations = {code: _said(pack, code, text) for code in _spoken(pack, text.file)}
    if text.file != SAMPLAN:
        kind = text.attribute.partition(".")[0]
        return TextRow(text.context, kind, text.source, translations, {})
    return TextRow(
        context=text.context,
        attribute=text.element.partition(".")[0],
        source=app.translator(language)(text.source),
        translations=translations,
        usual={code: app.translator(code)(text.source) for code in translations},
    )


def _missing(pack: Pack, path: str, texts: list[Text]) -> dict[str, int]:
    if path == SAMPLAN:
        return {}
    spoken = _spoken(pack, path)
    return {code: sum(not _said(pack, code, text) for text in texts) for code in spoken}


def _place(file: TextFile) -> tuple[int, str]:
    """The pack itself first, then what is the whole application's, then the rest by title."""
    first = (CONFIG, SAMPLAN)
    return first.index(file.path) if file.path in first else len(first), file.title.casefold()


def _title(app: Application, pack: Pack, path: str, language: str) -> str:
    if path == SAMPLAN:
        return app.translator(language)(_("What Samplan itself calls things"))
    words = Words(pack, language)
    for process in pack.diagrams.values():
        if process.file == path:
            return words.process(process.id)
    for decided in _decisions(pack):
        if decided.name == path:
            return next((words.decision(decided, id) for id in decided.ids), path)
    for form_id, file in pack.forms.items():
        if file == path:
            return f"{formbook.step_title(words, form_id)} ({form_id})"
    return pack.config.title
