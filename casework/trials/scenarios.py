"""Play a draft's scenarios: on a database of their own, with fictional people and no mails."""

import json
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from time import monotonic

from base import clock
from base.db import Session
from casework.access import Actor
from casework.application import Application
from casework.releases import store
from casework.releases.actions import (
    EDITORS,
    READERS,
    NoSuchRoutine,
    require_role,
)
from casework.releases.tables import ScenarioRun
from casework.scenarios import Failure, Played
from casework.stage import Stage
from casework.trials.ground import drafted, ground_of
from casework.words import Words
from engine.coverage import Met, never_met
from engine.diagram import Process
from engine.packs import Pack
from engine.releases import DraftChanged

#: For one click; what is left is played at the next.
MOST_SECONDS = 8.0


@dataclass(frozen=True, slots=True)
class ScenarioRow:
    """A scenario and how it went with this draft; ``played`` is False where nobody has asked."""

    path: str
    name: str
    played: bool
    failed: int | None = None
    steps: int = 0
    why: str = ""


@dataclass(frozen=True, slots=True)
class Covered:
    """How much of a diagram the played scenarios meet."""

    process: str
    title: str
    met: int
    total: int


@dataclass(frozen=True, slots=True)
class ScenariosPage:
    """All scenarios of the draft that ``mark`` names, and what they meet of each diagram."""

    rows: tuple[ScenarioRow, ...]
    covered: tuple[Covered, ...]
    mark: str
    may_play: bool

    @property
    def waiting(self) -> int:
        return sum(not row.played for row in self.rows)

    @property
    def failed(self) -> int:
        return sum(row.failed is not None for row in self.rows)


@dataclass(frozen=True, slots=True)
class CoveragePage:
    """One diagram with how often the scenarios pass each of its parts."""

    title: str
    drawn: Process
    words: Words
    counts: Mapping[str, int]
    never: tuple[str, ...]


def scenarios_page(tx: Session, app: Application, actor: Actor) -> ScenariosPage:
    """Raises NotAllowed."""
    require_role(actor, READERS)
    pack = drafted(tx, app)
    runs = {run.path: run for run in store.scenario_runs(tx, pack.id, pack.digest)}
    found = _met(runs.values())
    words = Words(pack, actor.language)
    covered = [_covered(process, words, found) for process in pack.diagrams.values() if runs]
    return ScenariosPage(
        rows=tuple(_row(path, name, runs.get(path)) for path, name in _scenarios(pack)),
        covered=tuple(sorted(covered, key=lambda each: (each.met / each.total, each.title))),
        mark=pack.digest,
        may_play=bool(actor.roles & EDITORS),
    )


def coverage_page(tx: Session, app: Application, actor: Actor, process_id: str) -> CoveragePage:
    """Raises NoSuchRoutine, NotAllowed."""
    require_role(actor, READERS)
    pack = drafted(tx, app)
    process = pack.diagrams.get(process_id)
    if process is None:
        raise NoSuchRoutine
    found = _met(store.scenario_runs(tx, pack.id, pack.digest))
    words = Words(pack, actor.language)
    return CoveragePage(
        title=words.process(process_id),
        drawn=process,
        words=words,
        counts=found.of(process_id),
        never=tuple(_said(process, id, words) for id in never_met(process, found)),
    )


def play(
    app: Application, actor: Actor, *, mark: str, again: bool, seconds: float = MOST_SECONDS
) -> None:
    """Play what has not been played with the draft of this mark, or all ``again``, for so long.

    Each result is kept by itself. Raises NothingToPlay, DraftChanged, NotAllowed.
    """
    require_role(actor, EDITORS)
    with app.database.reading() as tx:
        pack = drafted(tx, app)
        if pack.digest != mark:
            raise DraftChanged
        done = (
            set() if again else {run.path for run in store.scenario_runs(tx, pack.id, pack.digest)}
        )
    ground = ground_of(app, pack)
    until = monotonic() + seconds
    for path, _ in _scenarios(pack):
        if path in done:
            continue
        played = _played(ground.stage, pack, path)
        with app.database.transaction() as tx:
            store.put_scenario_run(tx, _run(tx, pack, path, played))
        if monotonic() > until:
            return


def _scenarios(pack: Pack) -> Iterator[tuple[str, str]]:
    """Path and name; the path again where a file cannot be read."""
    for path in pack.paths(".toml"):
        if path.startswith("scenarios/"):
            yield path, _name(pack.files[path]) or path


def _name(content: bytes) -> str:
    try:
        return str(tomllib.loads(content.decode()).get("name", ""))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return ""


def _played(stage: Stage, pack: Pack, path: str) -> Played:
    try:
        return stage.play(pack.files[path].decode())
    except (ValueError, KeyError, TypeError) as error:
        why = f"{type(error).__name__}: {error}"
        return Played(_name(pack.files[path]) or path, 0, Failure(0, why))


def _run(tx: Session, pack: Pack, path: str, played: Played) -> ScenarioRun:
    failure = played.failure
    return ScenarioRun(
        pack_id=pack.id,
        path=path,
        digest=pack.digest,
        name=played.name,
        steps=played.steps,
        failed=failure.step if failure else None,
        why=failure.message[:1000] if failure else "",
        met=json.dumps(dict(played.met.counts)),
        at=clock.now(tx),
    )


def _row(path: str, name: str, run: ScenarioRun | None) -> ScenarioRow:
    if run is None:
        return ScenarioRow(path, name, played=False)
    return ScenarioRow(path, name, True, run.failed, run.steps, run.why)


def _met(runs: Iterable[ScenarioRun]) -> Met:
    counts: Counter[str] = Counter()
    for run in runs:
        counts.update(json.loads(run.met))
    return Met(counts)


def _covered(process: Process, words: Words, found: Met) -> Covered:
    total = len(process.nodes) + len(process.flows)
    missed = len(never_met(process, found))
    return Covered(process.id, words.process(process.id), total - missed, max(total, 1))


def _said(process: Process, id: str, words: Words) -> str:
    """What people call an element; a flow by its ends."""
    flow = process.flows.get(id)
    if flow is None:
        return " ".join(words.element(process.id, id).split())
    ends = (" ".join(words.element(process.id, end).split()) for end in (flow.source, flow.target))
    return " → ".join(ends)
