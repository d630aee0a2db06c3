"""What a rule of the check consists of."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "advice"]


@dataclass(frozen=True, slots=True)
class Rule:
    """Severity and the templates of message and remedy, in plain English."""

    severity: Severity
    message: str
    remedy: str


def error(message: str, remedy: str) -> Rule:
    return Rule("error", message, remedy)


def warning(message: str, remedy: str) -> Rule:
    return Rule("warning", message, remedy)


def advice(message: str, remedy: str) -> Rule:
    return Rule("advice", message, remedy)
