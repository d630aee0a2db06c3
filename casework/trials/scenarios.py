"""Play a draft's scenarios: on a database of their own, with fictional people and no mails."""

import json
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic

from base import clock, jobs
from base.db import Database, Session
from casework import otherwise
from casework.access import Actor
from casework.application import Application
from casework.releases import store
from casework.releases.actions import (
    EDITORS,
    READERS,
    require_role,
)
from casework.releases.drawn import NoSuchRoutine
from casework.releases.tables import ScenarioRun
from casework.scenarios import Failure, Played
from casework.stage import Stage
from casework.trials.ground import drafted, ground_of
from casework.trials.saying import Speaker, speaker_for
from casework.words import Words
from engine.coverage import Met, never_met
from engine.diagram import Process
from engine.packs import Pack
from engine.releases import DraftChanged

JOB = "scenarios"
#: For one job; timers and mails come between two.
_SECONDS = 2.0
_PAUSE = timedelta(seconds=1)
#: Without getting further: whoever played has died, and may be asked anew.
_STUCK = timedelta(minutes=10)


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
    #: It goes on in the background.
    playing: bool

    @property
    def waiting(self) -> int:
        return sum(not row.played for row in self.rows)

    @property
    def failed(self) -> int:
        return sum(row.failed is not None for row in self.rows)


@dataclass(frozen=True, slots=True)
class CoveragePage:
    """One diagram with how often the scenarios that were played pass each of its parts."""

    title: str
    drawn: Process
    words: Words
    counts: Mapping[str, int]
    never: tuple[str, ...]
    played: int


def scenarios_page(tx: Session, app: Application, actor: Actor) -> ScenariosPage:
    """Raises NotAllowed."""
    require_role(actor, READERS)
    pack = drafted(tx, app)
    runs = {run.path: run for run in store.scenario_runs(tx, pack.id, pack.digest)}
    found = _met(runs.values())
    speaker = speaker_for(app, pack, actor)
    words = speaker.words
    covered = [_covered(process, words, found) for process in pack.diagrams.values() if runs]
    return ScenariosPage(
        rows=tuple(_row(path, name, runs.get(path), speaker) for path, name in _scenarios(pack)),
        covered=tuple(sorted(covered, key=lambda each: (each.met / each.total, each.title))),
        mark=pack.digest,
        may_play=bool(actor.roles & EDITORS),
        playing=_is_played(tx, pack),
    )


def coverage_page(tx: Session, app: Application, actor: Actor, process_id: str) -> CoveragePage:
    """Raises NoSuchRoutine, NotAllowed."""
    require_role(actor, READERS)
    pack = drafted(tx, app)
    process = pack.diagrams.get(process_id)
    if process is None:
        raise NoSuchRoutine
    runs = list(store.scenario_runs(tx, pack.id, pack.digest))
    found, words = _met(runs), Words(pack, actor.language)
    return CoveragePage(
        title=words.process(process_id),
        drawn=process,
        words=words,
        counts=found.of(process_id),
        never=tuple(_said(process, id, words) for id in never_met(process, found)),
        played=len(runs),
    )


def ask(tx: Session, app: Application, actor: Actor, *, mark: str, again: bool) -> None:
    """Have what has not been played with the draft of this mark played, or all ``again``.

    Nothing is asked twice while it gets further. Raises DraftChanged, NotAllowed.
    """
    require_role(actor, EDITORS)
    pack = drafted(tx, app)
    if pack.digest != mark:
        raise DraftChanged
    if _is_played(tx, pack, lock=True):
        return
    if again:
        store.forget_scenario_runs(tx, pack.id)
    store.put_scenario_round(tx, pack.id, pack.digest, clock.now(tx))
    jobs.defer(tx, JOB, {"digest": pack.digest, "pack": pack.id})


def staff(app: Application) -> jobs.Staff:
    """Who plays scenarios in the background."""
    return jobs.Staff({JOB: jobs.Errand(_Round(app).play)})


@dataclass(frozen=True, slots=True)
class _Round:
    """Plays some scenarios, then makes room for other work; the rest comes as another job."""

    app: Application

    def play(self, database: Database, payload: jobs.Payload) -> None:
        """Each result is kept by itself: nobody waits for the lock while one is played."""
        app = self.app.with_pack(payload["pack"])
        with database.reading() as tx:
            pack = drafted(tx, app)
            done = {run.path for run in store.scenario_runs(tx, pack.id, pack.digest)}
        if pack.digest != payload["digest"]:
            return
        waiting = [path for path, _ in _scenarios(pack) if path not in done]
        ground = ground_of(app, pack)
        until = monotonic() + _SECONDS
        while waiting and monotonic() < until:
            path = waiting.pop(0)
            played = _played(ground.stage, pack, path)
            with database.transaction() as tx:
                store.put_scenario_run(tx, _run(tx, pack, path, played))
                store.put_scenario_round(tx, pack.id, pack.digest, clock.now(tx))
        with database.transaction() as tx:
            if waiting:
                jobs.defer(tx, JOB, payload, due=clock.now(tx) + _PAUSE)
            else:
                store.end_scenario_round(tx, pack.id)


def _is_played(tx: Session, pack: Pack, *, lock: bool = False) -> bool:
    """Whether this very draft is being played, and has got further lately."""
    row = store.scenario_round(tx, pack.id, lock=lock)
    return row is not None and row.digest == pack.digest and clock.now(tx) - row.at < _STUCK


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
        return Played(_name(pack.files[path]) or path, 0, Failure.of(0, error))


def _run(tx: Session, pack: Pack, path: str, played: Played) -> ScenarioRun:
    failure = played.failure
    return ScenarioRun(
        pack_id=pack.id,
        path=path,
        digest=pack.digest,
        name=played.name,
        steps=played.steps,
        failed=failure.step if failure else None,
        why=otherwise.write(failure.why) if failure else "",
        met=json.dumps(dict(played.met.counts)),
        at=clock.now(tx),
    )


def _row(path: str, name: str, run: ScenarioRun | None, speaker: Speaker) -> ScenarioRow:
    if run is None:
        return ScenarioRow(path, name, played=False)
    why = speaker.why(otherwise.read(run.why)) if run.why else ""
    return ScenarioRow(path, name, True, run.failed, run.steps, why)


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
