"""Completing a step over HTTP, by real processes: one web process beside a raw site, then two."""

import base64
import os
import pickle
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from queue import Empty, SimpleQueue
from statistics import median
from uuid import UUID, uuid4

import httpx2
from pydantic import SecretStr

from base.clock import SystemClock
from base.db import Database
from base.keys import KeyRing
from base.settings import Settings
from casework import installing, start
from casework.access import Actor
from casework.accounts import actions as accounts
from casework.accounts import store as account_store
from casework.accounts.passwords import hash_password
from casework.application import Application
from casework.roles import local_now
from casework.tasks import actions as tasks
from casework.tasks import opening
from casework.tasks.model import Completed
from forms import posted, sample
from tests.bench.raw import Script, Write, for_others, recorded
from tests.bench.report import Act, Report, in_turn, middle, progress
from tests.bench.worlds import HASTY, MASTER, Place
from tests.postgresql import end_with_parent

ROUNDS = 100
ARENA = Path(__file__).parents[2] / "processes" / "arena"
_ROOT = Path(__file__).parents[2]
_WHO = "sara.lindqvist"
_PASSWORD = "a long enough password"  # noqa: S105
_PATIENCE = 120.0
_MOST_TIMES_RAW = 5
#: Completions in one window, and how often one and two processes take turns.
_WINDOW = 80
_TURNS = 3
_CLIENTS = 8

Answers = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class Step:
    """A step that waits for an answer, and the answers."""

    case_id: UUID
    task_id: UUID
    answers: Answers


@dataclass
class Town:
    """The pack arena in use on two databases, with a caseworker who raises cases."""

    place: Place
    settings: Settings = field(init=False)
    app: Application = field(init=False)
    actor: Actor = field(init=False)

    def __post_init__(self) -> None:
        more = HASTY if self.place.kind == "postgresql" else ""
        self.settings = Settings(
            database_url=self.place.data,
            keys_url=self.place.keys,
            master_key=SecretStr(base64.b64encode(MASTER).decode()),
            var=self.place.folder,
        )
        clock = SystemClock()
        keys = Database(self.settings.keys_url + more, clock)
        ring = KeyRing(keys, self.settings.master)
        data = Database(self.settings.database_url + more, clock, info={"keys": ring})
        keys.hurry()
        data.hurry()
        self.app = Application(data, keys, self.settings)

    def furnish(self) -> None:
        Application.migrate(self.settings)
        with self.app.database.transaction() as tx:
            installing.import_packs(tx, ARENA.parent)
            installing.load_demonstration(
                tx, ARENA, valid_from=date(2020, 1, 1), password_hash=hash_password(_PASSWORD)
            )
        with self.app.database.reading() as tx:
            account = account_store.by_user_name(tx, _WHO)
            assert account is not None
            self.actor = accounts.actor_of(tx, account)

    def raise_case(self) -> Step:
        """A new case, and what its first step takes."""
        group = next(m.group_id for m in self.actor.memberships if m.group_id is not None)
        with self.app.database.transaction() as tx:
            case_id, task_id = start.start_case(
                tx, self.app, self.actor, group_id=group, key=uuid4().hex
            )
        assert task_id is not None
        with self.app.database.reading() as tx:
            step = opening.step_for(tx, self.app, self.actor, task_id)
            assert step.form is not None
            now = local_now(tx, self.app.zone)
            made = sample(step.form, step.choices, now, step.context, named={})
            answers = {name: list(values) for name, values in posted(step.form, made).items()}
        return Step(case_id, task_id, answers)

    def complete(self, step: Step, key: str) -> UUID:
        """In this process; the step that it opens."""
        sent = [(name, value) for name, values in step.answers.items() for value in values]
        with self.app.database.transaction() as tx:
            done = tasks.complete_task(tx, self.app, self.actor, step.task_id, sent, key=key)
        assert isinstance(done, Completed)
        assert done.next_task is not None
        return done.next_task

    def raw_scripts(self, count: int) -> list[Script]:
        """The rows of one completion, for so many other cases."""
        first, key = self.raise_case(), uuid4()
        with recorded(self.app.database) as writes:
            opened = self.complete(first, key.hex)
        return [self._script(writes, first, key, opened) for _ in range(count)]

    def _script(self, writes: list[Write], first: Step, key: UUID, opened: UUID) -> Script:
        other = self.raise_case()
        with self.app.database.reading() as tx:
            instances = [
                opening.step_for(tx, self.app, self.actor, other.task_id).task.instance_id,
                _instance(writes, first, opened),
            ]
        ids = {
            first.case_id: other.case_id,
            first.task_id: other.task_id,
            instances[1]: instances[0],
            opened: uuid4(),
            key: uuid4(),
        }
        return for_others(writes, ids)

    def close(self) -> None:
        self.app.close()


def measure(report: Report, place: Place) -> None:
    """One web process and the raw site, request by request; then throughput."""
    progress(f"{place.kind}: a town, and cases for each request")
    town = Town(place)
    town.furnish()
    scripts = town.raw_scripts(ROUNDS)
    steps = [town.raise_case() for _ in range(ROUNDS)]
    with ExitStack() as stack:
        site = stack.enter_context(_web(town, 1))[0]
        raw = stack.enter_context(_raw(town, scripts))
        progress(f"{place.kind}: measuring requests")
        ours, theirs = _signed_in(site), httpx2.Client(base_url=raw, timeout=_PATIENCE)
        acts: dict[str, list[Act]] = {
            "ours": [_posting(ours, f"/tasks/{step.task_id}", step.answers) for step in steps],
            "raw": [
                _posting(theirs, f"/tasks/{number}", step.answers)
                for number, step in enumerate(steps)
            ],
        }
        found = middle(in_turn(acts))
    report.section(f"{place.kind}: completing a step over HTTP, medians")
    report.figure("ours, describing a need", f"{found['ours']:9.2f} ms")
    report.figure("a FastAPI route that commits the same rows", f"{found['raw']:9.2f} ms")
    report.at_most("ours, to the raw route", found["ours"] / found["raw"], _MOST_TIMES_RAW)
    if place.kind == "postgresql":
        _measure_throughput(report, town)
    town.close()


def _measure_throughput(report: Report, town: Town) -> None:
    progress("postgresql: cases for throughput")
    windows = [[town.raise_case() for _ in range(_WINDOW)] for _ in range(2 * _TURNS)]
    speeds: dict[int, list[float]] = {1: [], 2: []}
    with ExitStack() as stack:
        sites = stack.enter_context(_web(town, 2))
        for _ in range(2):
            stack.enter_context(_program(town.settings, "worker"))
        clients = {site: [_signed_in(site) for _ in range(_CLIENTS)] for site in sites}
        progress("postgresql: measuring throughput")
        for window, count in zip(windows, [1, 2] * _TURNS, strict=True):
            used = [clients[sites[n % count]][n] for n in range(_CLIENTS)]
            speeds[count].append(_speed(used, window))
    one, two = median(speeds[1]), median(speeds[2])
    report.section("postgresql: throughput, two workers beside")
    report.figure("one web process", f"{one:9.1f} completions a second")
    report.figure("two web processes", f"{two:9.1f} completions a second")
    report.at_least("two, to one", two / one, 1.0)


def _speed(clients: list[httpx2.Client], steps: list[Step]) -> float:
    waiting: SimpleQueue[Step] = SimpleQueue()
    for step in steps:
        waiting.put(step)

    def work(client: httpx2.Client) -> None:
        while True:
            try:
                step = waiting.get_nowait()
            except Empty:
                return
            _posting(client, f"/tasks/{step.task_id}", step.answers)()

    threads = [threading.Thread(target=work, args=(client,)) for client in clients]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(steps) / (time.perf_counter() - begun)


def _posting(client: httpx2.Client, path: str, answers: Answers) -> Callable[[], None]:
    sent = {**answers, "_do": ["complete"], "_key": [uuid4().hex]}

    def act() -> None:
        answer = client.post(path, data=sent)
        assert answer.status_code == 303, answer.text

    return act


def _signed_in(address: str) -> httpx2.Client:
    client = httpx2.Client(base_url=address, timeout=_PATIENCE)
    sent = {"user_name": _WHO, "password": _PASSWORD, "next": "/tasks"}
    answer = client.post("/sign-in", data=sent)
    assert answer.status_code == 303, answer.text
    return client


def _instance(writes: list[Write], first: Step, opened: UUID) -> UUID:
    """The instance whose step was recorded."""
    known = {first.case_id, first.task_id, opened}
    state = next(w for w in writes if w.statement.startswith("UPDATE instance_state"))
    given = state.parameters
    values = given.values() if isinstance(given, dict) else given
    # SQLite's driver gets ids as text, beside the state as bytes.
    [found] = (UUID(str(one)) for one in values if isinstance(one, UUID | str))
    assert found not in known
    return found


@contextmanager
def _web(town: Town, count: int) -> Iterator[list[str]]:
    """So many web processes; their addresses."""
    with ExitStack() as stack:
        addresses = []
        for _ in range(count):
            settings = town.settings.model_copy(update={"port": _free_port()})
            stack.enter_context(_program(settings, "web"))
            addresses.append(f"http://127.0.0.1:{settings.port}")
        for address in addresses:
            _await(address)
        yield addresses


@contextmanager
def _raw(town: Town, scripts: list[Script]) -> Iterator[str]:
    file, port = town.place.folder / "scripts", str(_free_port())
    file.write_bytes(pickle.dumps(scripts))
    arguments = ["-m", "tests.bench.raw_site", town.place.data, str(file), port]
    with _python(arguments, town.place.folder, {}):
        _await(f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"


@contextmanager
def _program(settings: Settings, part: str) -> Iterator[None]:
    assert settings.master_key is not None
    environment = {
        "SAMPLAN_DATABASE_URL": settings.database_url,
        "SAMPLAN_KEYS_URL": settings.keys_url,
        "SAMPLAN_MASTER_KEY": settings.master_key.get_secret_value(),
        "SAMPLAN_SECOND_FACTOR": "off",
        "SAMPLAN_PORT": str(settings.port),
        "SAMPLAN_VAR": str(settings.var),
    }
    with _python(["-m", "cli", part], settings.var, environment):
        yield


@contextmanager
def _python(arguments: list[str], folder: Path, more: Mapping[str, str]) -> Iterator[None]:
    kept = {name: text for name, text in os.environ.items() if not name.startswith("SAMPLAN_")}
    with (folder / "programs.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=_ROOT,
            env={**kept, **more},
            stdout=log,
            stderr=log,
            preexec_fn=end_with_parent,
        )
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=_PATIENCE)


def _await(address: str) -> None:
    give_up = time.monotonic() + _PATIENCE
    while time.monotonic() < give_up:
        try:
            httpx2.get(f"{address}/sign-in", timeout=_PATIENCE)
        except httpx2.TransportError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"nothing answers at {address}")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
