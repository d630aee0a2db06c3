"""The functions that every expression may call."""

from feel.builtins import contexts, conversion, lists, moments, numbers, ranges, text
from feel.builtins.registry import BUILTINS, FAILURES, Builtin, Signature

__all__ = [
    "BUILTINS",
    "FAILURES",
    "Builtin",
    "Signature",
    "contexts",
    "conversion",
    "lists",
    "moments",
    "numbers",
    "ranges",
    "text",
]
