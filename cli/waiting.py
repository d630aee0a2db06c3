"""Open the installation; a database server that is being started is waited for."""

import time

import structlog

from base.db import AWAY
from base.settings import Settings
from casework.application import Application

_LONGEST_SECONDS = 60.0
_PAUSE_SECONDS = 1.0
_log = structlog.get_logger()


def opened(settings: Settings) -> Application:
    """Raises what the database says after a minute; a file is there or is not, at once."""
    until = time.monotonic() + _LONGEST_SECONDS
    while True:
        try:
            return Application.open(settings)
        except AWAY as error:
            if settings.database_url.startswith("sqlite") or time.monotonic() > until:
                raise
            _log.warning("database away", error=type(error).__name__)
            time.sleep(_PAUSE_SECONDS)
