"""The real web server and worker as processes of their own, and people who work on the site."""

import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx2

from base import clock as clocks
from base.settings import Settings
from casework.access import Actor
from engine.tables import Task
from tests.arena import PASSWORD
from tests.postgresql import end_with_parent
from tests.robustness.arena import Arena

ROOT = Path(__file__).parents[2]
_PATIENCE = 60.0
#: People go on trying through many restarts of a busy machine.
_STUBBORN = 600.0
_KEY = re.compile(r'name="_key" value="([^"]+)"')
_GROUP = re.compile(r'name="group"[^>]* value="(\d+)"')
_TASK = re.compile(r"/tasks/([0-9a-f-]{36})")
_GONE = (httpx2.TransportError,)
#: To ask whether somebody answers, each time anew and again and again: no certificates are
#: loaded for it, which would take most of a core.
_asking = httpx2.Client(
    timeout=_PATIENCE, verify=False, limits=httpx2.Limits(max_keepalive_connections=0)
)


def a_free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass
class Program:
    """One of ``python -m cli web`` and ``worker``; killed and started again as a test likes."""

    part: str
    settings: Settings
    folder: Path
    before: Sequence[str] = ()
    module: Sequence[str] = ("cli",)
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.settings.port}"

    def start(self) -> None:
        with (self.folder / f"{self.part}.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*self.before, sys.executable, "-m", *self.module, self.part],
                cwd=ROOT,
                env=environment(self.settings, self.folder),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=end_with_parent,
            )

    def kill(self) -> None:
        """At once, in the middle of whatever it does, its keeper too."""
        self._end(signal.SIGKILL)

    def strike(self) -> None:
        """Kill what does the work; its keeper begins it anew."""
        struck = self.working
        assert struck is not None, self.log()
        os.kill(struck, signal.SIGKILL)
        give_up = time.monotonic() + _PATIENCE
        while self.working in {struck, None} and time.monotonic() < give_up:
            time.sleep(0.005)

    @property
    def working(self) -> int | None:
        """The process that does the work."""
        assert self.process is not None
        keeper = self.process.pid
        told = Path(f"/proc/{keeper}/task/{keeper}/children").read_text().split()
        return int(told[0]) if told else None

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def await_answer(self) -> tuple[float, float]:
        """Until the site answers: seconds on the wall, and processor time of what does the work.

        Loading is the keeper's, which does it once.
        """
        begun = time.monotonic()
        while time.monotonic() - begun < _PATIENCE:
            assert self.process is not None
            assert self.process.poll() is None, self.log()
            try:
                _asking.get(f"{self.address}/sign-in")
            except _GONE:
                time.sleep(0.02)
            else:
                return time.monotonic() - begun, self._processor_seconds()
        raise AssertionError(self.log())

    def is_well(self) -> bool:
        try:
            return _asking.get(f"{self.address}/health").status_code == 200
        except _GONE:
            return False

    def log(self) -> str:
        return (self.folder / f"{self.part}.log").read_text(errors="replace")[-4000:]

    def _processor_seconds(self) -> float:
        return 0.0 if self.working is None else _processor_seconds(self.working)

    def _end(self, number: int) -> None:
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, number)
            self.process.wait(timeout=_PATIENCE)


def environment(settings: Settings, folder: Path) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        # Without the last, starts after the first find compiled modules, as on a machine in use.
        if not name.startswith("SAMPLAN_") and name != "PYTHONDONTWRITEBYTECODE"
    }
    assert settings.master_key is not None
    return {
        **kept,
        "SAMPLAN_DATABASE_URL": settings.database_url,
        "SAMPLAN_KEYS_URL": settings.keys_url,
        "SAMPLAN_MASTER_KEY": settings.master_key.get_secret_value(),
        "SAMPLAN_SECOND_FACTOR": "off",
        "SAMPLAN_PORT": str(settings.port),
        "SAMPLAN_VAR": str(folder),
        "SAMPLAN_LEAVE_SECONDS": str(settings.leave_seconds),
        **({"SAMPLAN_SMTP_HOST": settings.smtp_host} if settings.smtp_host else {}),
        "SAMPLAN_SMTP_PORT": str(settings.smtp_port),
        **({"SAMPLAN_PROVIDERS": str(settings.providers)} if settings.providers else {}),
    }


def _processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@dataclass
class Person:
    """Somebody who raises cases and does their first steps, whatever happens to the server.

    What is sent and not answered is sent again with the same key until it is answered.
    """

    arena: Arena
    actor: Actor
    address: str
    stop: threading.Event
    chance: random.Random
    client: httpx2.Client = field(init=False)
    #: Steps that were acknowledged, and cases, each by the address that followed.
    done: dict[UUID, str] = field(default_factory=dict)
    started: dict[str, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    lost_answers: int = 0

    def __post_init__(self) -> None:
        self.client = httpx2.Client(base_url=self.address, timeout=_PATIENCE, verify=False)

    def sign_in(self, user_name: str) -> None:
        sent = {"user_name": user_name, "password": PASSWORD, "next": "/tasks"}
        answer = self.client.post("/sign-in", data=sent)
        assert answer.status_code == 303, answer.text

    def work(self) -> None:
        """Case after case, until told to stop."""
        while not self.stop.is_set() and not self.wrong:
            place = self.start_case()
            while (found := _TASK.search(place)) and not self.stop.is_set():
                place = self.do_step(UUID(found[1]))

    def start_case(self) -> str:
        page = self.get("/cases/new")
        sent = {"_key": _found(_KEY, page), "group": _found(_GROUP, page)}
        place = self.post("/cases/new", sent)
        self.started[sent["_key"]] = place
        return place

    def do_step(self, task_id: UUID) -> str:
        key = _found(_KEY, self.get(f"/tasks/{task_id}"))
        sent: dict[str, list[str]] = {"_do": ["complete"], "_key": [key]}
        for name, value in self.answers(task_id):
            sent.setdefault(name, []).append(value)
        place = self.post(f"/tasks/{task_id}", sent)
        self.done[task_id] = place
        if self.chance.random() < 0.3 and self.post(f"/tasks/{task_id}", sent) != place:
            self.wrong.append(f"another answer to the same key: {task_id}")
        return place

    def answers(self, task_id: UUID) -> list[tuple[str, str]]:
        with self.arena.database.reading() as tx:
            element = tx.get_one(Task, task_id).element_id
            today = clocks.today(tx, self.arena.app.zone)
        own = self.actor.memberships[0].organisation_code
        others = [code for code in ("varnamo", "fk", "vc_vaster") if code != own][:2]
        named: Mapping[str, Mapping[str, Any]] = {
            "describe_need": {
                "procedure": "arena",
                "birth_year": 1987,
                "health_or_multiple_problem": "yes",
                "orgs_involved": [own],
                "orgs_needed": others,
                "zero_placed": "yes",
            },
            "talk_with_person": {"wants_coordination": "yes"},
            "prepare_consent": {
                "parties": [own, *others],
                "categories": ["health_function", "economy_benefits"],
                "valid_from": today.isoformat(),
                "valid_until": (today + timedelta(days=90)).isoformat(),
                "ends_when": "date",
            },
        }
        return self.arena.answers(self.actor, task_id, named.get(element))

    def get(self, place: str) -> str:
        answer = self.until_answered("GET", place)
        if answer.status_code != 200:
            self.wrong.append(f"GET {place}: {answer.status_code}")
        return answer.text

    def post(self, place: str, sent: Mapping[str, Any]) -> str:
        """Where the site leads next."""
        answer = self.until_answered("POST", place, sent)
        if answer.status_code != 303:
            self.wrong.append(f"POST {place}: {answer.status_code} {answer.text[:3000]}")
            return ""
        return answer.headers["location"]

    def until_answered(
        self, method: str, place: str, sent: Mapping[str, Any] | None = None
    ) -> httpx2.Response:
        give_up = time.monotonic() + _STUBBORN
        while True:
            try:
                return self.client.request(method, place, data=sent)
            except _GONE:
                self.lost_answers += method == "POST"
                if time.monotonic() > give_up:
                    raise
                time.sleep(0.05)


@contextmanager
def working(crowd: Sequence[Person], stop: threading.Event) -> Iterator[None]:
    """Everybody works beside the block; afterwards each has finished what was begun.

    They are told to stop before the pool waits for them: else a failure would never end.
    """
    with ThreadPoolExecutor(len(crowd)) as pool:
        begun = [pool.submit(person.work) for person in crowd]
        try:
            yield
        finally:
            stop.set()
        for one in begun:
            one.result(timeout=_STUBBORN)


def _found(pattern: re.Pattern[str], page: str) -> str:
    found = pattern.search(page)
    return found[1] if found else uuid4().hex
