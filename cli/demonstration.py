"""Try Samplan: prepare a history once, then serve it until Ctrl-C.

Everything lies in ``var/demo``: the databases, the master key, the logs of the two processes. A
marker written at the very end says that the preparation is whole; without it, it begins anew.
"""

import base64
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn
from rich.table import Table

from base.settings import Settings
from casework import demonstration
from casework.application import Application
from casework.demonstration import Newcomer, Size
from casework.demonstration.player import Played
from casework.demonstration.player import Progress as Told
from cli.together import end, wait_for_any

#: Everybody's password, in the demonstration only.
PASSWORD = "prova samplan"  # noqa: S105
_FOLDER = Path("var") / "demo"
_MARKER = "ready"
_HALF_A_YEAR = Size(days=180)
_ANSWERS_WITHIN = 60.0
_LINES = 15


@dataclass(frozen=True, slots=True)
class Place:
    """Where a demonstration lies, and the environment of its processes."""

    folder: Path
    port: int

    @property
    def marker(self) -> Path:
        return self.folder / _MARKER

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> Mapping[str, str]:
        folder = self.folder.resolve()
        return {
            "SAMPLAN_DEMO": "true",
            "SAMPLAN_DATABASE_URL": f"sqlite:///{folder}/samplan.db",
            "SAMPLAN_KEYS_URL": f"sqlite:///{folder}/keys.db",
            "SAMPLAN_MASTER_KEY_FILE": f"{folder}/master.key",
            "SAMPLAN_PUBLIC_URL": self.address,
            "SAMPLAN_HOST": "127.0.0.1",
            "SAMPLAN_PORT": str(self.port),
            "SAMPLAN_VAR": str(folder),
        }

    def settings(self) -> Settings:
        """The same settings in this process."""
        folder = self.folder.resolve()
        return Settings(
            demo=True,
            database_url=f"sqlite:///{folder}/samplan.db",
            keys_url=f"sqlite:///{folder}/keys.db",
            master_key=None,
            master_key_file=folder / "master.key",
            public_url=self.address,
            port=self.port,
            var=folder,
        )


def run(*, port: int, prepare_only: bool, folder: Path = _FOLDER) -> int:
    """The exit code."""
    console = Console(highlight=False)
    place = Place(folder, port or _free_port())
    if not prepare_only and not _is_free(place.port):
        console.print(
            f"Port {place.port} is in use; choose another: "
            f".venv/bin/python -m cli demo --port {place.port + 1}"
        )
        return 1
    with _stopped_by_signals():
        try:
            prepare(place, console)
            return 0 if prepare_only else _serve(place, console)
        except KeyboardInterrupt:
            console.print("Stopped.")
            return 0


def prepare(place: Place, console: Console, size: Size = _HALF_A_YEAR) -> Played | None:
    """Make the data, once; None when they were there already."""
    if place.marker.is_file():
        _keep(place, console)
        return None
    _clear(place.folder)
    _make_key(place.folder / "master.key")
    began = time.monotonic()
    app = Application.open(place.settings())
    try:
        with _progress(console, size.days) as (bar, task):

            def tell(told: Told) -> None:
                month = told.day.strftime("%Y-%m")
                bar.update(task, advance=1, month=month, cases=told.cases)

            played = demonstration.prepare(app, PASSWORD, size, tell)
    finally:
        app.close()
    _write_through(place.folder)
    place.marker.write_text(f"{played.cases} cases, {played.commands} commands\n")
    took = time.monotonic() - began
    console.print(
        f"{played.cases} fictional cases, made by {played.commands} commands in {took:.0f} s."
    )
    return played


def _keep(place: Place, console: Console) -> None:
    """The data stay; the schema and the packs on disk may have become newer."""
    app = Application.open(place.settings())
    try:
        for line in demonstration.renew(app):
            console.print(line)
    finally:
        app.close()
    console.print(f"The data of the last time are kept in {place.folder}.")


def _serve(place: Place, console: Console) -> int:
    """Web and worker until told to stop, or until one of them fails."""
    people = _people(place)
    with _running(place) as processes:
        if not _answers(place, processes):
            console.print(f"The web server did not start; the end of {place.folder}/web.log:")
            log = (place.folder / "web.log").read_text(errors="replace").splitlines()
            console.print("\n".join(log[-_LINES:]), markup=False)
            return 1
        _welcome(place, people, console)
        try:
            code = wait_for_any(processes)
        except KeyboardInterrupt:
            console.print("\nStopping …")
            return 0
        console.print(f"A process ended by itself; {place.folder} holds its log.")
        return code or 1


@contextmanager
def _running(place: Place) -> Iterator[Sequence[subprocess.Popen[bytes]]]:
    """In sessions of their own: Ctrl-C comes to this process alone, which ends them."""
    environment = {**os.environ, **place.environment}
    environment.pop("SAMPLAN_MASTER_KEY", None)
    processes: list[subprocess.Popen[bytes]] = []
    try:
        for part in ("web", "worker"):
            with (place.folder / f"{part}.log").open("wb") as log:
                processes.append(
                    subprocess.Popen(  # noqa: S603
                        [sys.executable, "-m", "cli", part],
                        env=environment,
                        stdout=log,
                        stderr=subprocess.STDOUT,
                        start_new_session=True,
                    )
                )
        yield processes
    finally:
        end(processes)


def _answers(place: Place, processes: Sequence[subprocess.Popen[bytes]]) -> bool:
    """Wait until the site can be read; False if it cannot."""
    until = time.monotonic() + _ANSWERS_WITHIN
    while time.monotonic() < until and all(each.poll() is None for each in processes):
        try:
            with urllib.request.urlopen(f"{place.address}/sign-in", timeout=5):  # noqa: S310
                return True
        except urllib.error.HTTPError:
            return False
        except OSError:
            time.sleep(0.2)
    return False


def _people(place: Place) -> list[Newcomer]:
    app = Application.open(place.settings())
    try:
        return demonstration.newcomers(app)
    finally:
        app.close()


def _welcome(place: Place, people: Sequence[Newcomer], console: Console) -> None:
    console.print()
    console.print(_who_is_who(people))
    console.print(f"Password of all of them: [bold]{PASSWORD}[/]")
    console.print(f"\nSamplan is at [bold]{place.address}[/]   Ctrl-C stops everything.")


def _who_is_who(people: Sequence[Newcomer]) -> Table:
    table = Table(title="Who can sign in", title_justify="left", box=None, padding=(0, 3, 0, 0))
    for heading in ("name", "what they are", "where", "user name"):
        table.add_column(heading)
    for one in people:
        table.add_row(one.name, one.roles, one.place, one.user_name)
    return table


@contextmanager
def _progress(console: Console, days: int) -> Iterator[tuple[Progress, TaskID]]:
    columns = (
        TextColumn("Half a year of casework"),
        BarColumn(),
        TextColumn("{task.fields[month]}  {task.fields[cases]} cases"),
    )
    with Progress(*columns, console=console) as bar:
        yield bar, bar.add_task("", total=days, month="", cases=0)


@contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """SIGTERM stops as Ctrl-C does; SIGINT too where the shell had it ignored."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    before = {each: signal.signal(each, stop) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _clear(folder: Path) -> None:
    """Away with an unfinished preparation; the key may stay."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        if path.name != "master.key":
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _make_key(path: Path) -> None:
    if path.exists():
        return
    text = base64.b64encode(secrets.token_bytes(32)).decode()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text + "\n")


def _write_through(folder: Path) -> None:
    """The preparation waited for no disk; now it must hold."""
    for path in folder.glob("*.db*"):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
