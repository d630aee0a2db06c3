"""Every pair of commands at the same moment on one case: one of the two orders explains it all.

The orders are played alone in the same world first and undone. Then the two race, on threads and
connections of their own: let go at once, or the second while the first holds what it has changed.
"""

import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import product
from pprint import pformat
from typing import Any

import psycopg
import pytest

from base.clock import Fixed
from base.db import Session
from base.errors import Conflict, NotAllowed, NotFound
from casework.consent.actions import NothingToWithdraw, PartyNotNamed
from tests.conftest import KINDS, NOON, a_copy
from tests.robustness.arena import PATIENCE, Arena, open_arena
from tests.robustness.commands import WAYS, Act, AskedAgain, Busy, Side, World, a_town, a_world
from tests.robustness.standing import Kept, Standing, standing, trace_end

NAMES = list(WAYS)
_BLOCKED = (
    "select exists (select from pg_stat_activity"
    " where datname = current_database() and wait_event_type = 'Lock')"
)
CLEAR = (Conflict, NotFound, NotAllowed, NothingToWithdraw, PartyNotNamed, AskedAgain)
#: What each of the two gave, by name, and how the case stands then.
Outcome = tuple[dict[str, Any], Standing]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two commands on one instance, or ``apart`` on two instances of one case."""

    one: str
    other: str
    apart: bool

    @property
    def turned(self) -> "Pair":
        return Pair(self.other, self.one, self.apart)


@dataclass
class Track:
    """One database with one world, which every race leaves as it was, but for a longer trace."""

    arena: Arena
    world: World
    kept: Kept
    pool: ThreadPoolExecutor
    known: dict[tuple[Pair, bool], Outcome]
    #: A connection beside those that race; None on SQLite.
    watching: psycopg.Connection[Any] | None

    def prepared(self, tx: Session, pair: Pair) -> list[Act]:
        """What each of the two will do. Whoever needs the case at rest prepares last."""
        sides = {
            number: Side(tx, self.world, self.world.instances[number * pair.apart], number)
            for number in (0, 1)
        }
        names = {0: pair.one, 1: pair.other}
        acts = {n: WAYS[names[n]](sides[n]) for n in sorted(names, key=lambda n: _place(names[n]))}
        return [acts[0], acts[1]]

    def alone(self, pair: Pair, *, turned: bool) -> Outcome:
        """One after the other, in this order, and all undone."""
        key = (pair, turned)
        if key not in self.known:
            self.known[key] = self._alone(pair, turned)
        return self.known[key]

    def _alone(self, pair: Pair, turned: bool) -> Outcome:
        given: dict[str, Any] = {}
        with suppress(_Undo), self.arena.transaction() as tx:
            since = trace_end(tx, self.world)
            acts = self.prepared(tx, pair)
            for number in (1, 0) if turned else (0, 1):
                given[str(number)] = _tried(tx, acts[number])
                tx.flush()
                tx.expunge_all()
            found = standing(tx, self.world, since=since)
            raise _Undo
        return given, found

    def race(self, pair: Pair, *, held: bool) -> Outcome:
        """Both at once; ``held``: the first keeps its transaction until the second waits."""
        with self.arena.transaction() as tx:
            since = trace_end(tx, self.world)
            acts = self.prepared(tx, pair)
        given = self._held(acts) if held else self._at_once(acts)
        with self.arena.transaction() as tx:
            found = standing(tx, self.world, since=since)
        with self.arena.transaction() as tx:
            self.kept.restore(tx)
        return given, found

    def _at_once(self, acts: Sequence[Act]) -> dict[str, Any]:
        gate = threading.Barrier(2)
        running = [self.pool.submit(self._run, act, gate=gate) for act in acts]
        return {str(n): done.result(timeout=PATIENCE) for n, done in enumerate(running)}

    def _held(self, acts: Sequence[Act]) -> dict[str, Any]:
        hold, busy = Hold(), threading.Event()
        first = self.pool.submit(self._run, acts[0], hold=hold)
        assert hold.reached.wait(PATIENCE)
        second = self.pool.submit(self._run, acts[1], busy=busy)
        try:
            while not (second.done() or first.done() or busy.is_set() or self._blocked()):
                pass
            early = second.done() and not first.done()
        finally:
            hold.go.set()
        assert not early, "the second did not wait for the first"
        return {"0": first.result(timeout=PATIENCE), "1": second.result(timeout=PATIENCE)}

    def _blocked(self) -> bool:
        """Whether somebody waits for a lock; SQLite cannot say, there a moment must do."""
        time.sleep(0.004)
        return self.watching is None or self.watching.execute(_BLOCKED).fetchone() == (True,)

    def _run(
        self,
        act: Act,
        *,
        gate: threading.Barrier | None = None,
        hold: "Hold | None" = None,
        busy: threading.Event | None = None,
    ) -> Any:
        """What the command gave, or the name of its refusal; anything else is raised."""
        if gate is not None:
            gate.wait(PATIENCE)
        try:
            return self._until_free(act, hold, busy or threading.Event())
        except CLEAR as refused:
            return type(refused).__name__
        finally:
            if hold is not None:
                hold.reached.set()

    def _until_free(self, act: Act, hold: "Hold | None", busy: threading.Event) -> Any:
        """As the worker does: what finds the case busy comes again."""
        while True:
            try:
                with self.arena.transaction() as tx:
                    given = act(tx)
                    tx.flush()
                    if hold is not None:
                        hold.keep()
                    return given
            except Busy:
                busy.set()
                time.sleep(0.002)


@dataclass
class Hold:
    """Keeps a transaction open between its last statement and its commit."""

    reached: threading.Event = field(default_factory=threading.Event)
    go: threading.Event = field(default_factory=threading.Event)

    def keep(self) -> None:
        self.reached.set()
        assert self.go.wait(PATIENCE)


class _Undo(Exception):
    """Ends a transaction without a trace."""


def _place(name: str) -> int:
    return NAMES.index(name)


def _tried(tx: Session, act: Act) -> Any:
    try:
        with tx.begin_nested():
            return act(tx)
    except CLEAR as refused:
        return type(refused).__name__


@pytest.fixture(scope="module")
def known() -> dict[tuple[Pair, bool], Outcome]:
    """What the orders lead to: the same on both databases."""
    return {}


@pytest.fixture(scope="module", params=KINDS)
def track(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    known: dict[tuple[Pair, bool], Outcome],
) -> Iterator[Track]:
    """A case with two instances, an hour after their timers fell due."""
    clock = Fixed(NOON)
    with a_copy(request, request.param, tmp_path_factory.mktemp("pairs")) as settings:
        app = open_arena(settings, clock)
        arena = Arena(app, clock)
        town = a_town(arena)
        with arena.transaction() as tx:
            world = a_world(tx, town)
        with arena.transaction() as tx:
            kept = Kept.of(tx)
        clock.move(timedelta(hours=2))
        with ExitStack() as stack:
            pool = stack.enter_context(ThreadPoolExecutor(2))
            address = settings.database_url.replace("+psycopg", "")
            watching = (
                stack.enter_context(psycopg.connect(address, autocommit=True))
                if request.param == "postgresql"
                else None
            )
            yield Track(arena, world, kept, pool, known, watching)
        app.close()


def require_explained(track: Track, pair: Pair, *, held: bool) -> None:
    """One order explains it; the one that was forced, where it was."""
    found = track.race(pair, held=held)
    orders = [track.alone(pair, turned=False)]
    if not held and found not in orders:
        orders.append(track.alone(pair, turned=True))
    if found not in orders:
        pytest.fail(f"{pair}: {_differences(found, orders)}", pytrace=False)


def _differences(found: Outcome, orders: Sequence[Outcome]) -> str:
    """What no order explains, for whoever reads the failure."""
    (given, now), parts = found, []
    for expected, then in orders:
        parts += [("given", given, expected)] if given != expected else []
        parts += [(name, now[name], then[name]) for name in now if now[name] != then[name]]
    return pformat(parts, width=140)


def pairs_from(name: str) -> Iterator[tuple[int, Pair]]:
    """This command with itself and all that follow; over all names every pair comes once."""
    for number, other in enumerate(NAMES[_place(name) :], start=_place(name)):
        pair = Pair(name, other, apart=bool(number & 1))
        yield number, pair.turned if number & 2 else pair


@pytest.mark.wide
@pytest.mark.parametrize("name", NAMES)
def test_one_order_explains_what_two_commands_at_once_lead_to(track: Track, name: str):
    on_postgresql = track.watching is not None
    for number, pair in pairs_from(name):
        # Each database sees every second pair, let go at once and one after the other in turn.
        if bool(number & 1) == on_postgresql:
            require_explained(track, pair, held=bool(number & 2))


@pytest.mark.soak
@pytest.mark.parametrize("name", NAMES)
def test_one_order_explains_every_meeting_of_two_commands(track: Track, name: str):
    for other, apart, held in product(NAMES, (False, True), (False, True)):
        for _ in range(1 if held else 3):
            require_explained(track, Pair(name, other, apart), held=held)
