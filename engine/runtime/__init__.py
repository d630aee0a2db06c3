"""Commands on running instances, each inside the caller's transaction; none commits.

The caller has locked the case's row; commands lock instances in the order of their ids.
"""

from engine.runtime.asking import SERVICE_JOB
from engine.runtime.cases import cancel, cancel_case, leave, readdress, resume, suspend
from engine.runtime.commands import complete, finish, start
from engine.runtime.events import fire_due, message, signal, signal_targets, signal_wait
from engine.runtime.incidents import add_incident, fail_request, record_incident, retry
from engine.runtime.moving import (
    Group,
    Migrated,
    NotAVariable,
    foresee_migration,
    migrate,
    move_token,
    plan_migration,
    revert_migration,
    set_variables,
)
from engine.runtime.policy import day_after
from engine.runtime.remote import answer, keep_answer, kept_answer, purge_answers, request
from engine.runtime.starting import heard
from engine.runtime.stepping import SIGNAL_JOB
from engine.runtime.steps import assign, claim, hand_over, release, step_variables
from engine.runtime.surroundings import prepare
from engine.runtime.taking_back import CannotTakeBack, led_to, take_back
from engine.runtime.visits import Visit, look, visit

__all__ = [
    "SERVICE_JOB",
    "SIGNAL_JOB",
    "CannotTakeBack",
    "Group",
    "Migrated",
    "NotAVariable",
    "Visit",
    "add_incident",
    "answer",
    "assign",
    "cancel",
    "cancel_case",
    "claim",
    "complete",
    "day_after",
    "fail_request",
    "finish",
    "fire_due",
    "foresee_migration",
    "hand_over",
    "heard",
    "keep_answer",
    "kept_answer",
    "leave",
    "led_to",
    "look",
    "message",
    "migrate",
    "move_token",
    "plan_migration",
    "prepare",
    "purge_answers",
    "readdress",
    "record_incident",
    "release",
    "request",
    "resume",
    "retry",
    "revert_migration",
    "set_variables",
    "signal",
    "signal_targets",
    "signal_wait",
    "start",
    "step_variables",
    "suspend",
    "take_back",
    "visit",
]
