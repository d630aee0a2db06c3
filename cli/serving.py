"""Run the web server and the worker."""

import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from types import FrameType

import structlog
import uvicorn

from base.settings import Settings
from casework import installing, worker
from casework.application import Application
from web.app import create_app

_log = structlog.get_logger()
_ROUND_SECONDS = 2.0
_LONGEST_ANSWER_SECONDS = 20


def serve(settings: Settings) -> None:
    """Serve the site until told to stop; requests that have begun are answered."""
    leaving = threading.Event()
    application = Application.open(settings)
    config = uvicorn.Config(
        create_app(application, settings, leaving),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_LONGEST_ANSWER_SECONDS,
    )
    _Server(config, leaving, settings.leave_seconds).run()
    application.close()


class _Server(uvicorn.Server):
    """Leaves in two steps: says so for a while, so that a proxy looks elsewhere, then stops."""

    def __init__(self, config: uvicorn.Config, leaving: threading.Event, seconds: float) -> None:
        super().__init__(config)
        self._leaving = leaving
        self._seconds = seconds

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """At SIGTERM; a second one, or Ctrl-C, stops at once."""
        at_once = sig != signal.SIGTERM or not self._seconds or self._leaving.is_set()
        self._leaving.set()
        if at_once:
            super().handle_exit(sig, frame)
            return
        stop = threading.Timer(self._seconds, super().handle_exit, (sig, frame))
        stop.daemon = True
        stop.start()


def work(settings: Settings) -> None:
    """Rounds of due timers and jobs until told to stop; what has begun is finished."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    application = Application.open(settings)
    with worker.rounds(application) as one_round:
        while not stop.is_set():
            if not _round(one_round):
                stop.wait(_ROUND_SECONDS)
    application.close()


def _round(one_round: Callable[[], int]) -> int:
    """What was done; nothing while the database is away: the worker waits for it."""
    try:
        return one_round()
    except Exception as error:  # The worker never stops for one round.
        _log.error("round failed", error=type(error).__name__)
        return 0


def serve_with_worker(settings: Settings) -> int:
    """Both, as two processes; when one ends, or this one is told to, the other is ended too."""
    Application.migrate(settings)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    processes = [
        subprocess.Popen([sys.executable, "-m", "cli", part])  # noqa: S603
        for part in ("web", "worker")
    ]
    try:
        return wait_for_any(processes)
    except KeyboardInterrupt:
        return 0
    finally:
        end(processes)


def deploy(settings: Settings) -> int:
    """Import packs from disk; says what became of each."""
    application = Application.open(settings)
    with application.database.transaction() as tx:
        imported = installing.import_packs(tx, settings.processes)
    for pack in imported:
        sys.stdout.write(f"{pack.pack_id}: {pack.became}\n")
    return 0


def wait_for_any(processes: Sequence[subprocess.Popen[bytes]]) -> int:
    """The exit code of the first that ends."""
    while True:
        for process in processes:
            try:
                return process.wait(timeout=0.5)
            except subprocess.TimeoutExpired:
                continue


def end(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """Ask them to stop, and make them after a while."""
    for process in processes:
        if process.poll() is None:
            process.terminate()
    for process in processes:
        try:
            process.wait(timeout=_LONGEST_ANSWER_SECONDS + 10)
        except subprocess.TimeoutExpired:
            process.kill()
