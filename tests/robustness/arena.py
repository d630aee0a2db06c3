"""The arena at work on either database, cases brought to where a test needs them, contests."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select, text

from base import clock as clocks
from base.clock import Clock, Fixed
from base.db import Database, Session
from base.settings import Settings
from casework.access import Actor
from casework.accounts import actions as accounts
from casework.accounts import store as account_store
from casework.application import Application
from casework.audit import verifying
from casework.cases import store as case_store
from casework.cast import Cast
from casework.host import CaseHost
from casework.tasks import actions as tasks
from casework.tasks import opening
from casework.tasks import store as task_store
from casework.tasks.model import Completed, TaskPage
from engine import store as engine_store
from engine.runtime import stepping
from engine.tables import History, Instance, Task, Token, Wait
from forms import posted, sample
from tests import stories
from tests.arena import opened

#: Longer than any command takes, shorter than a test may hang.
PATIENCE = 30.0
Act = Callable[[], Any]


def open_arena(settings: Settings, clock: Clock) -> Application:
    """On databases that hold the schema; many may be at work on them."""
    return opened(settings, clock, pool_size=16)


@dataclass
class Arena:
    """An installation and its clock."""

    app: Application
    clock: Fixed

    @property
    def database(self) -> Database:
        return self.app.database

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        with self.database.transaction() as tx:
            yield tx

    def case_as_in(self, scenario: str, *, steps: int, later: bool = True) -> UUID:
        """A case to which the first steps of one of the pack's scenarios have happened.

        ``later``: not before the day on which the scenario begins.
        """
        return stories.case_as_in(self.app, self.clock, scenario, steps=steps, later=later)

    def actor(self, user_name: str) -> Actor:
        with self.database.reading() as tx:
            account = account_store.by_user_name(tx, user_name)
            assert account is not None, user_name
            return accounts.actor_of(tx, account)

    def open_steps(self, case_id: UUID) -> list[str]:
        """Every open step of the case as element@organisation, whoever may see it."""
        return sorted(name for name, _ in self._named(case_id))

    def task(self, case_id: UUID, name: str) -> UUID:
        """An open step by element, with @organisation where several are open."""
        element, _, place = name.partition("@")
        found = [
            task_id
            for found, task_id in self._named(case_id)
            if found.partition("@")[0] == element and place in ("", found.partition("@")[2])
        ]
        assert len(found) == 1, (name, self.open_steps(case_id))
        return found[0]

    def _named(self, case_id: UUID) -> list[tuple[str, UUID]]:
        with self.database.reading() as tx:
            cast = Cast(tx, self.app)
            return [
                (f"{task.element_id}@{cast.place_of(task)}", task.id)
                for task in task_store.open_of_case(tx, case_id)
            ]

    def doer(self, task_id: UUID) -> Actor:
        """Who has the step, else the first who holds its role there."""
        with self.database.reading() as tx:
            task = tx.get_one(Task, task_id)
            holder = Cast(tx, self.app).holder_of(task)
            assert holder is not None, task.element_id
            return holder

    def lead(self, case_id: UUID) -> Actor:
        """Whoever coordinates the case."""
        with self.database.reading() as tx:
            return Cast(tx, self.app).lead(case_id)

    def answers(
        self, actor: Actor, task_id: UUID, named: Mapping[str, Any] | None = None
    ) -> list[tuple[str, str]]:
        """What the form requires, as a browser sends it."""
        with self.database.reading() as tx:
            step = opening.step_for(tx, self.app, actor, task_id)
            if step.form is None:
                return []
            now = clocks.now(tx)
            made = sample(step.form, step.choices, now, step.context, named=named or {})
            return [(k, v) for k, values in posted(step.form, made).items() for v in values]

    def completing(
        self,
        actor: Actor,
        task_id: UUID,
        named: Mapping[str, Any] | None = None,
        *,
        key: str = "",
    ) -> Callable[[], Completed | TaskPage]:
        """A way to do the step; the answers are made now, the step is done when it is called."""
        sent, key = self.answers(actor, task_id, named), key or uuid4().hex

        def complete() -> Completed | TaskPage:
            with self.transaction() as tx:
                return tasks.complete_task(tx, self.app, actor, task_id, sent, key=key)

        return complete

    def complete(self, case_id: UUID, name: str, named: Mapping[str, Any] | None = None) -> None:
        task_id = self.task(case_id, name)
        done = self.completing(self.doer(task_id), task_id, named)()
        assert isinstance(done, Completed), done.errors

    def status(self, task_id: UUID) -> tuple[str, str | None]:
        with self.database.reading() as tx:
            task = tx.get_one(Task, task_id)
            return task.status, task.done_by

    def count(self, table: type[Any], *where: Any) -> int:
        with self.database.reading() as tx:
            return tx.scalar(select(func.count()).select_from(table).where(*where)) or 0

    def answered(self, task_id: UUID) -> int:
        """How often history says that this step was answered."""
        return self.count(
            History, History.token_id == task_id, History.event.in_(("left", "passed"))
        )

    # --- what must hold whatever happened

    def require_whole(self, *case_ids: UUID) -> None:
        """State, steps, waits and tokens say the same; the trace is unbroken."""
        host = CaseHost(self.app)
        with self.database.transaction() as tx:
            for case_id in case_ids:
                case_store.lock_case(tx, case_id)
                for instance in engine_store.instances_of(tx, case_id):
                    if instance.status in ("running", "suspended"):
                        _require_agreement(tx, host, instance)
            broken = list(verifying.verify_all(tx, verifying.Count()))
        assert broken == []


def _require_agreement(tx: Session, host: CaseHost, instance: Instance) -> None:
    resting = engine_store.lock_instance(tx, instance.id)
    assert resting is not None
    _, machine = stepping.read(tx, host, resting, "test")
    steps = select(Task.id).where(
        Task.instance_id == instance.id, Task.status == "open", Task.kind != "escalation"
    )
    waits = select(Wait.token_id).where(Wait.instance_id == instance.id)
    tokens = select(Token.process, Token.element_id, Token.count).where(
        Token.instance_id == instance.id
    )
    assert set(tx.scalars(steps)) == {step.id for step in machine.open}
    assert sorted(tx.scalars(waits)) == sorted(waiting.id for waiting in machine.waiting)
    assert {(p, e): n for p, e, n in tx.execute(tokens)} == dict(machine.marking)


# --- contests


def at_once(*acts: Act) -> list[Any]:
    """Do all at the same moment; what each returned or raised. Fails if one never ends."""
    gate = threading.Barrier(len(acts))

    def enter(act: Act) -> Any:
        gate.wait(timeout=PATIENCE)
        return _outcome(act)

    with ThreadPoolExecutor(len(acts)) as pool:
        return [f.result(timeout=PATIENCE) for f in [pool.submit(enter, act) for act in acts]]


def queued(arena: Arena, case_id: UUID, *acts: Act) -> list[Any]:
    """Let all come as far as the case's lock, in this order, before any of them gets it.

    Whatever they read before they hold the lock is old when they get it.
    """
    with ThreadPoolExecutor(len(acts)) as pool:
        with arena.database.transaction() as tx:
            case_store.lock_case(tx, case_id)
            waiting = []
            for number, act in enumerate(acts, start=1):
                waiting.append(pool.submit(_outcome, act))
                _await_blocked(arena, number)
        return [future.result(timeout=PATIENCE) for future in waiting]


def _outcome(act: Act) -> Any:
    try:
        return act()
    except Exception as error:
        return error


def _await_blocked(arena: Arena, number: int) -> None:
    """Until so many transactions wait for a lock; SQLite cannot say, there a moment must do."""
    give_up = threading.Event()
    if arena.database.engine.dialect.name == "sqlite":
        give_up.wait(0.15)
        return
    question = text(
        "select count(*) from pg_stat_activity "
        "where datname = current_database() and wait_event_type = 'Lock'"
    )
    for _ in range(200):
        with arena.database.reading() as tx:
            if (tx.scalar(question) or 0) >= number:
                return
        give_up.wait(0.02)


def errors_in(outcomes: Sequence[Any]) -> list[BaseException]:
    return [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
