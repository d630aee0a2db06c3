"""What the impact page foretells of each running case is what moving that case then does."""

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from base.db import Database
from engine import diagram, releases, runtime
from engine.check import check_file
from engine.diagram import Process
from engine.moving import Frame, MoveBlocked, Place, Plan, crossing_of
from engine.moving.planning import moved
from engine.releases import Release
from engine.runtime import Group
from engine.runtime.moving import store as moves
from engine.runtime.stepping import place_of, read
from engine.store import lock_instance
from engine.tables import Task, Wait
from tests.engine.hosting import SmallHost, a_pack
from tests.engine.moving.edits import edited
from tests.engine.spiff.games import Maker

_MOST_STEPS = 5
_MOST_TO_THE_END = 60
_TRIES = 8
_ANSWERS: list[object] = [0, 1, 2, [0], [1, 2]]
#: Leaves every loop and takes no branch that a condition asks for.
_ON = 9
#: What became of all cases of a run, so that it is known that all kinds were seen.
_seen: Counter[str] = Counter()


@dataclass
class Town:
    """Cases that run the same diagram, each where chance has led it."""

    database: Database
    dice: random.Random
    count: int = 5
    host: SmallHost = field(default_factory=SmallHost)
    cases: dict[UUID, UUID] = field(default_factory=dict)

    def publish(self, data: bytes) -> Release:
        with self.database.transaction() as tx:
            return releases.publish(tx, a_pack(top=data), by="owner")

    def begin(self) -> None:
        for _ in range(self.count):
            case_id = uuid4()
            with self.database.transaction() as tx:
                begun = runtime.start(
                    tx,
                    self.host,
                    pack_id="test",
                    process="top",
                    case_id=case_id,
                    variables={"place": []},
                    by="anna",
                )
            self.cases[begun.instance_id] = case_id
            for _ in range(self.dice.randint(0, _MOST_STEPS)):
                self.step(begun.instance_id, self.dice.choice(_ANSWERS))

    def open(self, instance_id: UUID) -> list[Task]:
        wanted = select(Task).where(Task.instance_id == instance_id, Task.status == "open")
        with self.database.reading() as tx:
            found = list(tx.scalars(wanted.order_by(Task.id)))
            tx.expunge_all()
        return found

    def step(self, instance_id: UUID, answer: object) -> Place | None:
        """Do an open step; where it was."""
        steps = self.open(instance_id)
        if not steps:
            return None
        step = self.dice.choice(steps)
        with self.database.transaction() as tx:
            answers = {f"v_{step.element_id}": answer}
            runtime.complete(tx, self.host, step.id, answers=answers, by="anna")
        return step.process, step.element_id

    def standing(self, instance_id: UUID) -> tuple[Frame, bytes]:
        """How an instance stands, and its state as it lies."""
        with self.database.transaction() as tx:
            resting = lock_instance(tx, instance_id)
            assert resting is not None
            _, machine = read(tx, self.host, resting, "anna")
            plain = self.host.unseal(tx, resting.case_id, resting.blob, place_of(instance_id))
            return machine.standing, plain

    def waits(self, instance_id: UUID) -> Counter[Place]:
        """The events that an instance waits for."""
        asked = select(Wait.process, Wait.element_id).where(Wait.instance_id == instance_id)
        with self.database.reading() as tx:
            return Counter((row.process, row.element_id) for row in tx.execute(asked))

    def foretold(self, before: Release, after: Release) -> Mapping[UUID, Group]:
        with self.database.reading() as tx:
            groups = runtime.plan_migration(
                tx,
                self.host,
                release_id=before.id,
                process="top",
                to_release_id=after.id,
            )
        return {id: group for group in groups for id in group.instances}

    def move(self, instance_id: UUID, after: Release) -> Plan:
        """What it meant; where it is refused, the reasons."""
        try:
            with self.database.transaction() as tx:
                moved = runtime.migrate(
                    tx, self.host, instance_id, release_id=after.id, by="owner"
                )
        except MoveBlocked as refused:
            return Plan(blocked=refused.blocked)
        return moved.plan


def a_change(dice: random.Random, data: bytes) -> bytes:
    """Something an owner can publish: what has errors is drawn again."""
    for _ in range(_TRIES):
        other = edited(data, dice, times=dice.randint(1, 2))
        if not any(found.severity == "error" for found in check_file(other, "top.bpmn")):
            return other
    return data


def require_as_foretold(town: Town, before: bytes, after: bytes, *, to_the_end: bool) -> None:
    first = town.publish(before)
    town.begin()
    second = town.publish(after)
    told = town.foretold(first, second)
    with town.database.reading() as tx:
        assert set(told) == {id for _, id, _, _ in moves.standing(tx, first.id, "top")}
    drawn = processes(after)
    crossing = crossing_of(("1", processes(before)), ("2", drawn), {})
    for instance_id, group in told.items():
        stood, state = town.standing(instance_id)
        waited = town.waits(instance_id)
        assert group.places == tuple(sorted(stood.places))

        assert town.move(instance_id, second) == group.plan

        _seen[group.plan.kind] += 1
        stands, now = town.standing(instance_id)
        if group.plan.blocked:
            assert (stands, now) == (stood, state)
            continue
        if not group.plan.fires:
            told_of, foretold = group.plan, moved(crossing, stood)
            assert stands.places == foretold.places
            assert stands == foretold or told_of.armed or told_of.taken
            expected = waited - Counter(told_of.taken) + Counter(told_of.armed)
            assert set(town.waits(instance_id)) == set(expected)
        if to_the_end:
            assert skipped_in_vain(town, instance_id, group.plan, drawn["top"]) == set()


def skipped_in_vain(town: Town, instance_id: UUID, plan: Plan, drawn: Process) -> set[Place]:
    """Steps said to be skipped that come all the same before the end.

    What lies inside a repeated part may come again with its next item, and is left out.
    """
    whole = {(drawn.id, element.id) for element in drawn.nodes if element.parent is None}
    done = (town.step(instance_id, _ON) for _ in range(_MOST_TO_THE_END))
    return set(plan.skipped) & whole & {place for place in done if place is not None}


def processes(data: bytes) -> dict[str, Process]:
    return {each.id: each for each in diagram.read(data, "top.bpmn")}


def a_model(dice: random.Random) -> bytes:
    maker = Maker(dice)
    return maker.file(maker.whole())


def play(database: Database, seed: int, *, count: int = 5, to_the_end: bool = True) -> bool:
    """False where nothing was changed, and nothing played."""
    dice = random.Random(seed)  # noqa: S311 - repeatable
    before = a_model(dice)
    after = a_change(dice, before)
    if after == before:
        return False
    town = Town(database, dice, count)
    require_as_foretold(town, before, after, to_the_end=to_the_end)
    return True


_EVERY_KIND = {"same", "waits", "steps", "blocked"}
_ON_ONE_DATABASE = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@settings(max_examples=30, deadline=None, suppress_health_check=_ON_ONE_DATABASE)
@given(st.integers(0, 2**32))
def test_what_is_foretold_of_each_case_is_what_its_move_does(database: Database, seed: int):
    assume(play(database, seed, count=1, to_the_end=False))


@pytest.mark.soak
@settings(max_examples=500, deadline=None, suppress_health_check=_ON_ONE_DATABASE)
@given(st.integers(0, 2**32))
def test_what_is_said_to_be_skipped_is_not_done_until_the_end_either(
    database: Database, seed: int
):
    assume(play(database, seed))


@pytest.mark.soak
def test_those_edits_lead_to_every_kind_of_answer(database: Database):
    _seen.clear()
    for seed in range(100):
        play(database, seed, to_the_end=False)
        if set(_seen) >= _EVERY_KIND:
            break

    assert set(_seen) == _EVERY_KIND
