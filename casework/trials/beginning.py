"""What a trial begins with: a new case, or as a scenario of the draft."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from base import clock
from base.db import Session
from base.errors import Invalid
from casework.access import Actor
from casework.application import Application
from casework.releases.actions import EDITORS, require_role
from casework.releases.tables import TrialRow
from casework.trials import courses, store
from casework.trials.ground import directory_of, drafted, readable_draft
from casework.trials.model import Beginning, TrialsPage
from casework.trials.trying import KEPT, MOST_MOVES, NoSuchMove, line_of, require_goes
from casework.words import Words
from engine.packs import Pack

MOST_TRIALS = 20


class TooManyTrials(Invalid):
    """You have 20 trials already; end one of them first."""


@dataclass(frozen=True, slots=True)
class Begin:
    """What a new trial begins with: a new case, or the first moves of a scenario (None: all)."""

    scenario: str
    moves: int | None
    organisation: str
    group: str
    on: date | None


def trials_page(tx: Session, app: Application, actor: Actor) -> TrialsPage:
    """Raises NothingToPlay, NotAllowed."""
    require_role(actor, EDITORS)
    readable = readable_draft(tx, app)
    pack = readable or app.pack(tx)
    people = tomllib.loads(directory_of(app, pack).read_text(encoding="utf-8"))
    words = Words(pack, actor.language)
    rows = store.trials(tx, actor.account_id, pack.id)
    return TrialsPage(
        rows=tuple(line_of(row) for row in rows),
        beginnings=tuple(_beginnings(pack, words)),
        organisations=tuple(_titles(people, "organisations")),
        groups=tuple(_titles(people, "groups")),
        today=clock.today(tx, app.zone),
        readable=readable is not None,
        full=store.count(tx, actor.account_id) >= MOST_TRIALS,
    )


def begin(app: Application, actor: Actor, asked: Begin) -> int:
    """Begin a trial with the draft as it is; its id.

    Raises DoesNotGo, NoSuchMove, NothingToPlay, NotAllowed, TooManyTrials, TrialFull.
    """
    require_role(actor, EDITORS)
    with app.database.reading() as tx:
        pack = drafted(tx, app)
        today = clock.today(tx, app.zone)
    title, course = _course(pack, asked, today, Words(pack, actor.language))
    require_goes(app, pack, actor, course)
    with app.database.transaction() as tx:
        if store.count(tx, actor.account_id) >= MOST_TRIALS:
            raise TooManyTrials
        now = clock.now(tx)
        row = TrialRow(
            account_id=actor.account_id,
            pack_id=pack.id,
            title=title,
            course=courses.write(course),
            rev=1,
            changed=now,
            ends=today + KEPT,
        )
        return store.add(tx, row)


def _course(pack: Pack, asked: Begin, today: date, words: Words) -> tuple[str, dict[str, Any]]:
    """Title and course of a new trial. Raises NoSuchMove."""
    if asked.scenario:
        content = pack.files.get(asked.scenario, b"")
        if not asked.scenario.startswith("scenarios/") or not content:
            raise NoSuchMove
        course = courses.without_expectations(courses.read(content.decode()))
        count = len(courses.moves(course)) if asked.moves is None else asked.moves
        return str(course.get("name", asked.scenario)), courses.cut(course, min(count, MOST_MOVES))
    process = _begun_anew(pack)
    given = {
        "process": process,
        "referrer": asked.organisation,
        "group": asked.group,
        "on": asked.on or today,
    }
    return words.process(process), {"name": words.process(process), "given": given, "step": []}


def _begun_anew(pack: Pack) -> str:
    """The diagram that a new case begins with."""
    starts = pack.config.start.values()
    return next((start.process for start in starts if start.case == "new"), "")


def _beginnings(pack: Pack, words: Words) -> Iterator[Beginning]:
    for path in pack.paths(".toml"):
        if not path.startswith("scenarios/"):
            continue
        try:
            course = courses.read(pack.files[path].decode())
            process = str(course["given"]["process"])
        except (ValueError, KeyError, TypeError):
            continue
        name, moves = str(course.get("name", path)), len(courses.moves(course))
        yield Beginning(path, name, words.process(process), moves)


def _titles(people: Mapping[str, Any], kind: str) -> Iterator[tuple[str, str]]:
    for each in people.get(kind, ()):
        yield str(each["code"]), str(each["title"])
