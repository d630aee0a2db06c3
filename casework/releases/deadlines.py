"""The pack's deadlines as a plain table: how long each is, in units that people use."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

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
from casework.releases.periods import Period, Unit, read_period, write_period
from casework.words import Words
from engine import releases
from engine.decisions import BadDecisions, Decisions, read, with_result
from engine.decisions.model import DEADLINES, Rule, Table
from engine.packs import Pack
from engine.releases import DraftChanged

_MOST = 10_000


class NoDeadlines(NotFound):
    """This programme has no table of deadlines."""


class BadLength(Invalid):
    """Write a whole number from 0 to 10,000, and choose a unit from the list."""


@dataclass(frozen=True, slots=True)
class DeadlineRow:
    """One deadline: a length of time, a plain number (``unit`` empty), or else ``text`` alone.

    ``used`` is what is in use where the draft differs; ``when`` are further conditions.
    """

    rule: str
    key: str
    title: str
    when: str
    text: str
    number: int | None
    unit: str
    used: str | None = None

    @property
    def written(self) -> str:
        return f"{self.number} {self.unit}".strip()


@dataclass(frozen=True, slots=True)
class DeadlinesPage:
    """The table as drafted; ``mark`` names the content, so that nobody overwrites another."""

    rows: tuple[DeadlineRow, ...]
    mark: str
    has_draft: bool
    may_edit: bool
    process: str


def deadlines_page(tx: Session, app: Application, actor: Actor) -> DeadlinesPage:
    """Raises NoDeadlines, NotAllowed."""
    require_role(actor, READERS)
    pack = app.pack(tx)
    path, used = _file(pack)
    files = releases.draft_files(tx, pack.id)
    content = files.get(path, b"")
    words = Words(opened_draft(files) or pack, actor.language)
    now = {row.rule: row.text for row in _rows(used, words)}
    rows = tuple(
        replace(row, used=None if now.get(row.rule) == row.text else now.get(row.rule))
        for row in _rows(_read(content, path, used), words)
    )
    return DeadlinesPage(
        rows=rows,
        mark=content_mark(content),
        has_draft=content != pack.files[path],
        may_edit=bool(actor.roles & EDITORS),
        process=next(iter(pack.diagrams)),
    )


def set_deadlines(
    tx: Session, app: Application, actor: Actor, sent: Mapping[str, tuple[str, str]], *, mark: str
) -> bool:
    """Keep other lengths in the draft, by rule: number and unit; whether anything is otherwise.

    Every other byte of the file stays. Raises BadLength, DraftChanged, NoDeadlines, NotAllowed.
    """
    require_role(actor, EDITORS)
    pack = app.pack(tx)
    path, used = _file(pack)
    store.lock_pack(tx, pack.id)
    before = releases.draft_files(tx, pack.id).get(path, b"")
    if content_mark(before) != mark:
        raise DraftChanged
    content = before
    for row in _rows(_read(before, path, used), Words(pack, actor.language)):
        text = _wanted(row, *sent[row.rule]) if row.rule in sent else row.text
        if text != row.text:
            content = with_result(content, row.rule, text)
    if content == before:
        return False
    keep_draft(tx, pack.id, path, content, actor)
    return True


def discard_deadlines(tx: Session, app: Application, actor: Actor) -> None:
    """Forget what was drafted of the table. Raises NoDeadlines, NotAllowed."""
    require_role(actor, EDITORS)
    pack = app.pack(tx)
    path, _ = _file(pack)
    store.lock_pack(tx, pack.id)
    releases.discard_draft(tx, pack.id, path)
    store.remove_proposal(tx, pack.id)


def _file(pack: Pack) -> tuple[str, Decisions]:
    found = pack.decisions.get(DEADLINES)
    if found is None or not isinstance(found.decision(DEADLINES).box, Table):
        raise NoDeadlines
    return found.name, found


def _read(content: bytes, path: str, used: Decisions) -> Decisions:
    """The drafted table; the one in use where the draft holds none."""
    try:
        found = read(content, path)
    except BadDecisions:
        return used
    return found if DEADLINES in found.ids else used


def _rows(file: Decisions, words: Words) -> list[DeadlineRow]:
    table = file.decision(DEADLINES).box
    rules = table.rules if isinstance(table, Table) else ()
    return [_row(rule, words.remark(file, rule)) for rule in rules]


def _row(rule: Rule, remark: str) -> DeadlineRow:
    key, *others = (test.text for test in rule.tests)
    text = rule.results[0].text
    period = read_period(text)
    number = period.number if period else int(text) if text.isdigit() else None
    return DeadlineRow(
        rule=rule.id,
        key=key.strip('"'),
        title=remark or key.strip('"'),
        when=", ".join(other for other in others if other.strip() not in ("", "-")),
        text=text,
        number=number,
        unit=period.unit if period else "",
    )


def _wanted(row: DeadlineRow, number: str, unit: str) -> str:
    """The cell's text for what was sent. Raises BadLength."""
    if row.number is None or f"{number.strip()} {unit}".strip() == row.written:
        return row.text
    if not number.strip().isdecimal() or int(number) > _MOST:
        raise BadLength
    if not row.unit:
        return str(int(number))
    if unit not in set(Unit):
        raise BadLength
    return write_period(Period(int(number), Unit(unit)))
