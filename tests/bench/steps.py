"""Commands of the engine beside raw commits of the same rows and beside naive SpiffWorkflow."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from uuid import UUID, uuid4

from base import ready
from engine import queries, store
from engine.runtime import stepping
from engine.spiff.values import pack
from tests.bench import models
from tests.bench.naive import Naive
from tests.bench.raw import Raw, Script, Write, for_others, recorded
from tests.bench.report import Act, Report, in_turn, middle, progress
from tests.bench.worlds import VARIABLES, Resting, World

ROUNDS = 100
OLD = 500
VERY_OLD = 10_000
_MOST_TIMES_RAW = 5
#: How many times as long naive SpiffWorkflow must take at least. Only without a database is that
#: about engines: both write the same rows, and how long these take is up to the disk.
_GAINS = {"8 steps": 2.5, f"{OLD} completed": 25, f"{models.WIDE_NODES} nodes": 15}


def measure(report: Report, world: World) -> None:
    """Make cases of every kind, then do each kind of command in turn."""
    kind = world.place.kind
    progress(f"{kind}: fresh cases, and two with {OLD} and {VERY_OLD} completed steps")
    world.open(hasty=True)
    world.make()
    bench = Bench(world)
    bench.prepare()
    world.close()
    world.open()
    progress(f"{kind}: measuring steps, {ROUNDS} rounds")
    _say(report, kind, bench, middle(in_turn(bench.kinds)))
    bench.raw.close()
    world.close()


def _say(report: Report, kind: str, bench: "Bench", found: dict[str, float]) -> None:
    report.section(f"{kind}: medians in ms")
    for name in sorted(found):
        report.figure(name, f"{found[name]:9.3f}")
    report.section(f"{kind}: ratios")
    for name in ("8 steps", "fresh", f"{OLD} completed", f"{VERY_OLD} completed"):
        ratio = found[f"complete: {name}"] / found["raw: a step"]
        report.at_most(f"complete, {name}, to a raw commit", ratio, _MOST_TIMES_RAW)
    nodes = f"{models.WIDE_NODES} nodes"
    ratio = found[f"complete: {nodes}"] / found[f"raw: {nodes}"]
    report.at_most(f"complete, {nodes}, to a raw commit", ratio, _MOST_TIMES_RAW)
    for name in ("start", "timer"):
        ratio = found[f"complete: {name}"] / found[f"raw: {name}"]
        report.at_most(f"{name}, to a raw commit", ratio, _MOST_TIMES_RAW)
    for name, least in _GAINS.items():
        gain = found[f"naive in memory: {name}"] / found[f"engine in memory: {name}"]
        report.at_least(f"naive to ours, {name}, engines by themselves", gain, least)
        gain = found[f"naive alone: {name}"] / found[f"engine alone: {name}"]
        report.figure(f"naive to ours, {name}, both on the bare driver", f"{gain:9.2f} ×")
        gain = found[f"naive, our layer: {name}"] / found[f"complete: {name}"]
        report.figure(f"naive to ours, {name}, both on our layer", f"{gain:9.2f} ×")
    growth = found[f"complete: {VERY_OLD} completed"] / found["complete: fresh"]
    report.at_most(f"complete, {VERY_OLD} completed, to fresh", growth, 1.2)
    report.at_most(f"state after {OLD} steps, without variables", bench.state_kb, 1.5, "KB")


class Bench:
    """Everything that is measured on one database: a list of acts for each kind."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.raw = Raw(world.place.data)
        self.kinds: dict[str, list[Act]] = {}
        self.state_kb = 0.0
        self._is_sqlite = world.place.kind == "sqlite"

    def prepare(self) -> None:
        world = self.world
        nodes = f"{models.WIDE_NODES} nodes"
        for name, process in (("8 steps", "eight"), ("fresh", "loop"), (nodes, "wide")):
            self._add(f"complete: {name}", map(self._completing, self._cases(process)))
        old, very_old = self._aged(OLD), self._aged(VERY_OLD)
        self.state_kb = self._state_size(old) / 1024
        self.kinds[f"complete: {OLD} completed"] = [self._going_on(old)] * ROUNDS
        self.kinds[f"complete: {VERY_OLD} completed"] = [self._going_on(very_old)] * ROUNDS
        step = self._recorded(world.start("loop"), lambda case: world.complete(case.token_id))
        wide = self._recorded(world.start("wide"), lambda case: world.complete(case.token_id))
        self._add("raw: a step", self._committing(step, "loop"))
        self._add(f"raw: {nodes}", self._committing(wide, "wide"))
        self._prepare_starts()
        self._prepare_naive()
        self._prepare_timers()

    def _add(self, name: str, acts: Iterable[Act]) -> None:
        self.kinds[name] = list(acts)

    def _aged(self, steps: int) -> Resting:
        return self.world.complete_many(self.world.start("loop"), steps)

    def _cases(self, process: str) -> list[Resting]:
        return [self.world.start(process) for _ in range(ROUNDS)]

    def _completing(self, case: Resting) -> Act:
        def act() -> None:
            self.world.complete(case.token_id)

        return act

    def _going_on(self, case: Resting) -> Act:
        """The first step of the loop, timed; the other one afterwards."""
        at = case.token_id

        def act() -> Callable[[], None]:
            opened = self.world.complete(at)

            def afterwards() -> None:
                nonlocal at
                at = self.world.complete(opened)

            return afterwards

        return act

    def _state_size(self, case: Resting) -> int:
        with self.world.database.transaction() as tx:
            resting = store.lock_instance(tx, case.instance_id)
            assert resting is not None
            _, machine = stepping.read(tx, self.world.host, resting, "")
            return len(resting.blob) - len(pack(machine.variables))

    # Raw commits

    def _recorded(
        self, case: Resting, command: Callable[[Resting], UUID]
    ) -> tuple[Script, tuple[UUID, ...]]:
        """What a command writes, and the ids in it that belong to its case."""
        with recorded(self.world.database) as writes:
            opened = command(case)
        return writes, (*case.ids(), opened)

    def _rewritten(self, command: tuple[Script, tuple[UUID, ...]], case: Resting) -> list[Write]:
        script, ids = command
        return for_others(script, dict(zip(ids, (*case.ids(), uuid4()), strict=True)))

    def _committing(self, command: tuple[Script, tuple[UUID, ...]], process: str) -> Iterable[Act]:
        for case in self._cases(process):
            yield self._running(self._rewritten(command, case))

    def _running(self, script: Script) -> Act:
        def act() -> None:
            self.raw.run(script)

        return act

    def _prepare_starts(self) -> None:
        with recorded(self.world.database) as writes:
            case = self.world.start("loop")
        self._add(
            "raw: start",
            (
                self._running(for_others(writes, {id: uuid4() for id in case.ids()}))
                for _ in range(ROUNDS)
            ),
        )
        self._add("complete: start", map(self._starting, self._new_cases()))

    def _new_cases(self) -> list[UUID]:
        return [self.world.new_case() for _ in range(ROUNDS)]

    def _starting(self, case_id: UUID) -> Act:
        def act() -> None:
            self.world.start("loop", case_id)

        return act

    def _prepare_timers(self) -> None:
        """Last, as the clock moves."""
        world = self.world
        own, others, first = self._cases("waiting"), self._cases("waiting"), world.start("waiting")
        world.clock.move(timedelta(hours=2))
        fired = self._recorded(first, lambda case: world.fire(case.wait_id))
        self._add("raw: timer", (self._running(self._rewritten(fired, case)) for case in others))
        self._add("complete: timer", map(self._firing, own))

    def _firing(self, case: Resting) -> Act:
        def act() -> None:
            self.world.fire(case.wait_id)

        return act

    # SpiffWorkflow by itself

    def _prepare_naive(self) -> None:
        """Its whole workflow is the state; all other rows are the same.

        Once without a database, once with the bare driver beneath both engines, once with our
        own layer.
        """
        naive = Naive.usual()
        loop = naive.start(models.loop("loop", python=True), "loop", VARIABLES)
        old = self._aged(OLD)
        for name, process, state, aged in (
            (
                "8 steps",
                "eight",
                naive.start(models.chain("eight", 8), "eight", VARIABLES),
                None,
            ),
            (f"{OLD} completed", "loop", naive.after(loop, OLD, {"x": 1}), old),
            (
                f"{models.WIDE_NODES} nodes",
                "wide",
                naive.start(models.wide("wide", python=True), "wide", VARIABLES),
                None,
            ),
        ):
            self._prepare_layered(name, process, naive, state.encode())
            self._prepare_bare(name, process, naive, state.encode(), aged)

    def _prepare_layered(self, name: str, process: str, naive: Naive, state: bytes) -> None:
        command = self._recorded(
            self.world.start(process), lambda case: self.world.complete(case.token_id)
        )
        cases = self._cases(process)
        with self.world.database.transaction() as tx:
            kept = [{queries.OF: other.instance_id, "blob": state} for other in cases]
            ready.write(tx, queries.SAVE_STATE, kept)
        acts = (self._layered(naive, other, self._rewritten(command, other)) for other in cases)
        self._add(f"naive, our layer: {name}", acts)

    def _layered(self, naive: Naive, case: Resting, script: Script) -> Act:
        def act() -> None:
            with self.world.database.transaction() as tx:
                found = store.lock_task(tx, case.token_id)
                assert found is not None
                after = naive.complete(found[1].blob.decode(), {"x": 1}).encode()
                for write in (_with_state(write, after) for write in script):
                    tx.connection().exec_driver_sql(write.statement, write.parameters)

        return act

    def _prepare_bare(
        self, name: str, process: str, naive: Naive, state: bytes, aged: Resting | None
    ) -> None:
        command = self._recorded(
            self.world.start(process), lambda case: self.world.complete(case.token_id)
        )
        ours, theirs = self._cases(process), self._cases(process)
        self._add(
            f"engine alone: {name}",
            (
                self._bare(
                    self.world.engine_of(aged or case), self._rewritten(command, case), case
                )
                for case in ours
            ),
        )

        def step(_rested: bytes) -> bytes:
            return naive.complete(_rested.decode(), {"x": 1}).encode()

        self._add(
            f"naive alone: {name}",
            (self._bare((state, step), self._rewritten(command, case), case) for case in theirs),
        )
        rested, ours_alone = self.world.engine_of(aged or self.world.start(process))
        self.kinds[f"engine in memory: {name}"] = [_stepping(rested, ours_alone)] * ROUNDS
        self.kinds[f"naive in memory: {name}"] = [_stepping(state, step)] * ROUNDS

    def _bare(
        self, engine: tuple[bytes, Callable[[bytes], bytes]], script: Script, case: Resting
    ) -> Act:
        """Read the state, step it, write all rows: nothing but the driver and one engine."""
        state, step = engine
        mark, id = ("?", case.instance_id.hex) if self._is_sqlite else ("%s", case.instance_id)
        kept = f"UPDATE instance_state SET blob = {mark} WHERE instance_id = {mark}"  # noqa: S608
        self.raw.run([Write(kept, (state, id), many=False)])
        asked = f"SELECT blob FROM instance_state WHERE instance_id = {mark}"  # noqa: S608

        def act() -> None:
            with self.raw.transaction() as cursor:
                cursor.execute(asked, (id,))
                after = step(bytes(cursor.fetchone()[0]))
                self.raw.write(cursor, [_with_state(write, after) for write in script])

        return act


def _stepping(rested: bytes, step: Callable[[bytes], bytes]) -> Act:
    def act() -> None:
        step(rested)

    return act


def _with_state(write: Write, state: bytes) -> Write:
    if not write.statement.startswith("UPDATE instance_state"):
        return write
    given = write.parameters
    given = {**given, "blob": state} if isinstance(given, dict) else (state, *given[1:])
    return Write(write.statement, given, many=False)
