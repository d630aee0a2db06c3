"""Work on strangers' files in a process of its own, so that no file can take more than its share.

The check knows its own limits; what it may have overlooked ends here.
"""

import os
import resource
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkProcess
from pathlib import Path
from types import TracebackType
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")
_MEGABYTE = 1024 * 1024
#: How much longer than its processor time a piece of work may take: disks and others are slow.
_PATIENCE = 12
_CONTEXT = get_context("fork")


@dataclass(slots=True)
class Guarded(Generic[T, R]):
    """Does one piece of work after the other; None for one that took too much or failed.

    ``seconds`` are of processor time, for each piece; ``megabytes`` come on top of what this
    process has.
    """

    work: Callable[[T], R]
    seconds: float = 5.0
    megabytes: int = 160
    _child: tuple[ForkProcess, Connection] | None = field(default=None, init=False)

    def __enter__(self) -> "Guarded[T, R]":
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._end()

    def __call__(self, asked: T) -> R | None:
        _process, pipe = self._child or self._begin()
        try:
            pipe.send(asked)
            if pipe.poll(self.seconds * _PATIENCE):
                found: R = pipe.recv()
                return found
        except (EOFError, OSError):
            pass
        self._end()
        return None

    def _begin(self) -> tuple[ForkProcess, Connection]:
        ours, theirs = _CONTEXT.Pipe()
        process = _CONTEXT.Process(target=self._serve, args=(theirs, ours), daemon=True)
        process.start()
        theirs.close()
        self._child = process, ours
        return self._child

    def _end(self) -> None:
        if self._child is None:
            return
        process, pipe = self._child
        self._child = None
        pipe.close()
        process.kill()
        process.join()

    def _serve(self, pipe: Connection, ours: Connection) -> None:
        ours.close()
        _allow(self.megabytes)
        try:
            while True:
                asked = pipe.recv()
                signal.setitimer(signal.ITIMER_PROF, self.seconds)
                pipe.send(self.work(asked))
                signal.setitimer(signal.ITIMER_PROF, 0)
        except BaseException:
            # Out of memory, a defect of ours, or the end: whoever asked hears that nothing came.
            os._exit(1)


def _allow(megabytes: int) -> None:
    """Limit what this process may hold besides what it has already."""
    status = Path("/proc/self/status")
    if not status.exists():
        return
    fields = dict(line.split(":", 1) for line in status.read_text("utf-8").splitlines())
    held = int(fields["VmData"].split()[0]) * 1024
    limit = held + megabytes * _MEGABYTE
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
