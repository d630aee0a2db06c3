"""Logs: one JSON line per event, with ids and codes; never a name, an answer or an address."""

import logging
import sys
from collections.abc import Mapping, MutableMapping, Sequence
from contextlib import suppress
from io import TextIOBase
from typing import Any, TextIO, cast

import structlog

from base.places import told


def set_up(*, readable: bool = False) -> None:
    """Send log lines to standard error; ``readable`` for a person watching."""
    last: Sequence[structlog.typing.Processor] = (
        (structlog.processors.format_exc_info, structlog.dev.ConsoleRenderer())
        if readable
        else (without_words, structlog.processors.JSONRenderer())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.StackInfoRenderer(),
            *last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(cast(TextIO, Lines())),
        cache_logger_on_first_use=True,
    )


def without_words(
    _logger: object, _name: str, line: MutableMapping[str, Any]
) -> Mapping[str, Any]:
    """Which error it was and where; what it says may be somebody's."""
    error = line.pop("exc_info", None)
    if isinstance(error, BaseException):
        line["exception"] = [
            f"{each.type} {' '.join(f'{p.file}:{p.line}' for p in each.places)}"
            for each in told(error)
        ]
    return line


class Lines(TextIOBase):
    """Standard error; where its disk is full or nobody reads it any more, all else goes on."""

    def write(self, text: str) -> int:
        with suppress(OSError):
            sys.stderr.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            sys.stderr.flush()
