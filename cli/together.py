"""Run the web server and the worker side by side."""

import signal
import subprocess
import sys
from collections.abc import Sequence

from base.settings import Settings
from casework.application import Application

LONGEST_ANSWER_SECONDS = 20


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
            process.wait(timeout=LONGEST_ANSWER_SECONDS + 10)
        except subprocess.TimeoutExpired:
            process.kill()
