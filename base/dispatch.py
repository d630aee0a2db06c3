"""Telling another server what has happened, beside the work: nobody ever waits for it.

What finds no room, or no server, is dropped: it is a report, not a record.
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import Empty, Full, Queue
from typing import Any

import structlog

from base import outgoing
from base.errors import SamplanError

_MOST_WAITING = 1_000
_MOST_AT_ONCE = 100
_SECONDS = 2.0
_log = structlog.get_logger()
#: Makes one letter of many reports: the content and its type.
Pack = Callable[[Sequence[Any]], bytes]


@dataclass
class Dispatch:
    """Sends what it is given, many at a time, a moment later."""

    url: str
    headers: Mapping[str, str]
    pack: Pack
    most: int = _MOST_AT_ONCE
    _waiting: Queue[Any] = field(default_factory=lambda: Queue(_MOST_WAITING))
    _stop: threading.Event = field(default_factory=threading.Event)

    def add(self, report: Any) -> None:
        """Returns at once."""
        try:
            self._waiting.put_nowait(report)
        except Full:
            return

    @contextmanager
    def running(self) -> Iterator[None]:
        """Beside the block; at its end what waits is sent, once."""
        thread = threading.Thread(target=self._run, name="dispatch", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join()

    def _run(self) -> None:
        while not self._stop.wait(_SECONDS):
            self._send_all()
        self._send_all()

    def _send_all(self) -> None:
        while reports := self._taken():
            try:
                answer = outgoing.ask(
                    "POST", self.url, content=self.pack(reports), headers=self.headers
                )
            except SamplanError:
                _log.warning("reports dropped", count=len(reports))
                return
            if answer.status >= 300:
                _log.warning("reports refused", count=len(reports), status=answer.status)

    def _taken(self) -> list[Any]:
        found: list[Any] = []
        while len(found) < self.most:
            try:
                found.append(self._waiting.get_nowait())
            except Empty:
                break
        return found
