"""Run the web server."""

import math
import signal
import threading
import time
from types import FrameType

import uvicorn

from base.reports import reported
from base.settings import Settings
from base.traces import traced
from casework.checkup import measuring
from cli.together import LONGEST_ANSWER_SECONDS
from cli.waiting import opened
from web.app import create_app

#: Whoever stops services tells the keeper and the server, and the keeper passes it on.
_ONE_WORD_SECONDS = 0.5


def serve(settings: Settings) -> None:
    """Serve the site until told to stop; requests that have begun are answered."""
    leaving = threading.Event()
    application = opened(settings)
    config = uvicorn.Config(
        create_app(application, settings, leaving),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        # Nothing here asks who the proxy says the reader is, so that nobody can lie about it.
        proxy_headers=False,
        timeout_graceful_shutdown=LONGEST_ANSWER_SECONDS,
    )
    offered = measuring.offer(application, measuring.WEB)
    with offered, traced(settings, "web"), reported(settings):
        _Server(config, leaving, settings.leave_seconds).run()
    application.close()


class _Server(uvicorn.Server):
    """Leaves in two steps: says so for a while, so that a proxy looks elsewhere, then stops."""

    def __init__(self, config: uvicorn.Config, leaving: threading.Event, seconds: float) -> None:
        super().__init__(config)
        self._leaving = leaving
        self._seconds = seconds
        self._told = -math.inf

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """At SIGTERM; a second one, or Ctrl-C, stops at once."""
        if sig == signal.SIGTERM and time.monotonic() - self._told < _ONE_WORD_SECONDS:
            return
        self._told = time.monotonic()
        at_once = sig != signal.SIGTERM or not self._seconds or self._leaving.is_set()
        self._leaving.set()
        if at_once:
            super().handle_exit(sig, frame)
            return
        stop = threading.Timer(self._seconds, super().handle_exit, (sig, frame))
        stop.daemon = True
        stop.start()
