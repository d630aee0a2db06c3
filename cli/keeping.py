"""Keep a part running: what is killed begins anew from what is loaded, in a moment."""

import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from types import FrameType

import structlog

from base.settings import Settings

_log = structlog.get_logger()
_ENDING = (signal.SIGINT, signal.SIGTERM)
#: So many deaths in so short a time have a cause that beginning anew does not mend.
_TOO_MANY = 10
_SHORT_SECONDS = 10.0


def keep(part: Callable[[Settings], None], settings: Settings) -> int:
    """Run the part in a child process until it ends by itself or this one is told to stop.

    Loading takes seconds and is done by now; a child has it from its first moment. Returns the
    exit code, in the child too. No thread may have been started and no connection opened.
    """
    told = _Told()
    for number in _ENDING:
        signal.signal(number, told.pass_on)
    alive = os.pipe()
    deaths: deque[float] = deque(maxlen=_TOO_MANY)
    while True:
        # Who is told to stop between two children, or before a child can hear, would never stop.
        signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
        if told.stopping:
            return 0
        child = os.fork()
        if child == 0:
            _live_with_keeper(*alive)
            part(settings)
            return 0
        told.child = child
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
        ended = told.wait()
        if ended >= 0 or told.stopping:
            return max(ended, 0)
        _log.error("killed, begun anew", signal=-ended)
        deaths.append(time.monotonic())
        if len(deaths) == _TOO_MANY and deaths[-1] - deaths[0] < _SHORT_SECONDS:
            _log.error("killed again and again, given up")
            return 1


@dataclass(slots=True)
class _Told:
    """What the keeper is told, its child is told: to stop, and to make haste."""

    child: int = 0
    stopping: bool = False

    def pass_on(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True
        if self.child:
            # It may have ended this moment.
            with suppress(ProcessLookupError):
                os.kill(self.child, signal.SIGTERM)

    def wait(self) -> int:
        """Until the child ends: its exit code, or minus the signal that ended it."""
        _, status = os.waitpid(self.child, 0)
        self.child = 0
        return os.waitstatus_to_exitcode(status)


def _live_with_keeper(alive: int, keepers: int) -> None:
    """End when the keeper is gone: the next one needs the port and the work."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
    os.close(keepers)
    threading.Thread(target=_end_without, args=(alive,), daemon=True).start()


def _end_without(alive: int) -> None:
    # Nothing is ever written: this returns when the other end is closed.
    os.read(alive, 1)
    os.kill(os.getpid(), signal.SIGKILL)
