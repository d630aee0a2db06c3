"""Tries a diagram out: no database, no people; its state is saved and restored at every step."""

from engine.trial.commands import NotUnderstood
from engine.trial.standing import Refused, Told, called_from, first_process, refusal
from engine.trial.trial import Trial, World

__all__ = [
    "NotUnderstood",
    "Refused",
    "Told",
    "Trial",
    "World",
    "called_from",
    "first_process",
    "refusal",
]
