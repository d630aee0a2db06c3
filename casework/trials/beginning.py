"""What a trial begins with: a new case, or as a scenario of the draft."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

from base import clock
from base.db import Session
from base.errors import Invalid
from casework.access import Actor
from casework.application import Application
from casework.releases.actions import EDITORS, require_role
from casework.releases.drawn import NoSuchRoutine
from casework.releases.tables import TrialRow
from casework.trials import courses, store
from casework.trials.ground import drafted, readable_draft
from casework.trials.handing import Alone, alone, value_of
from casework.trials.model import Beginning, TrialsPage
from casework.trials.people import people_of
from casework.trials.trying import KEPT, MOST_MOVES, NoSuchMove, line_of, require_goes
from casework.words import Words
from engine.packs import Pack

MOST_TRIALS = 20


class TooManyTrials(Invalid):
    """You have 20 trials already; end one of them first."""


@dataclass(frozen=True, slots=True)
class Begin:
    """What a new trial begins with: a new case, or the first moves of a scenario (None: all).

    Or ``process``, a diagram by itself: at one of its starts (empty: its only one), handed the
    ``values`` that are not empty, in a case whose person has ``consented`` to everything.
    """

    scenario: str
    moves: int | None
    organisation: str
    group: str
    on: date | None
    process: str = ""
    start: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    consented: bool = False


def trials_page(
    tx: Session,
    app: Application,
    actor: Actor,
    process: str = "",
    typed: Mapping[str, str] = MappingProxyType({}),
) -> TrialsPage:
    """``process``: which diagram is to begin by itself, with what was ``typed`` for it.

    Raises NoSuchRoutine, NotAllowed.
    """
    require_role(actor, EDITORS)
    readable = readable_draft(tx, app)
    pack = readable or app.pack(tx)
    if process and process not in pack.diagrams:
        raise NoSuchRoutine
    people = people_of(app.settings.processes, pack)
    words = Words(pack, actor.language)
    rows = store.trials(tx, actor.account_id, pack.id)
    return TrialsPage(
        rows=tuple(line_of(row) for row in rows),
        begins=bool(_begun_anew(pack)),
        diagrams=tuple(sorted(_diagrams(pack, words), key=lambda each: each[1].casefold())),
        alone=alone(pack, words, process, typed) if process else None,
        beginnings=tuple(_beginnings(pack, words)),
        organisations=tuple(_titles(people, "organisations")),
        groups=tuple(_titles(people, "groups")),
        today=clock.today(tx, app.zone),
        readable=readable is not None,
        full=store.count(tx, actor.account_id) >= MOST_TRIALS,
    )


def begin(app: Application, actor: Actor, asked: Begin) -> int:
    """Begin a trial with the draft as it is; its id.

    Raises DoesNotGo, NoSuchMove, NotAllowed, TooManyTrials, TrialFull.
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
    process = asked.process or _begun_anew(pack)
    if process not in pack.diagrams:
        raise NoSuchMove
    given = {
        "process": process,
        "referrer": asked.organisation,
        "group": asked.group,
        "on": asked.on or today,
        **(_by_itself(alone(pack, words, process, asked.values), asked) if asked.process else {}),
    }
    return words.process(process), {"name": words.process(process), "given": given, "step": []}


def _by_itself(form: Alone, asked: Begin) -> dict[str, Any]:
    """Raises NoSuchMove where it has no such start."""
    starts = [id for id, _ in form.starts]
    start = asked.start or (starts[0] if len(starts) == 1 else "")
    if start not in starts:
        raise NoSuchMove
    typed = {each.name: each.typed.strip() for each in form.handed}
    return {
        "start": start,
        "consented": asked.consented,
        "alone": {name: value_of(text) for name, text in typed.items() if text},
    }


def _diagrams(pack: Pack, words: Words) -> Iterator[tuple[str, str]]:
    for id in pack.diagrams:
        yield id, words.process(id)


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
