"""The only door to SpiffWorkflow: it steps the tokens, everything it decides is ours.

Tokens live in SpiffWorkflow's task tree; what each element does, how joins wait, what a timer is
due, what a call passes and how state is kept are classes of this package.
"""

import logging

from engine.spiff.codec import TooMuch
from engine.spiff.expressions import evaluate
from engine.spiff.library import Library, library_of
from engine.spiff.machine import Machine
from engine.spiff.timers import moment_of, rhythm_of
from engine.spiff.values import BadValue, clean
from engine.spiff.views import (
    SERVICE,
    Entry,
    Escalation,
    Gone,
    OpenStep,
    Outside,
    Thrown,
    Waiting,
)

__all__ = [
    "SERVICE",
    "BadValue",
    "Entry",
    "Escalation",
    "Gone",
    "Library",
    "Machine",
    "OpenStep",
    "Outside",
    "Thrown",
    "TooMuch",
    "Waiting",
    "clean",
    "evaluate",
    "library_of",
    "moment_of",
    "rhythm_of",
]

# SpiffWorkflow collects the whole tree for every log line below WARNING, even if nobody reads it.
for _name in ("spiff.task", "spiff.workflow"):
    logging.getLogger(_name).setLevel(logging.WARNING)
