"""How two versions of a pack differ: diagrams, decisions, forms, words and settings; pure.

Each file is read as *things* (a step, a flow, a rule, a field) with what is set on them; things of
one id are the same thing. What is only drawn elsewhere is told as moved.
"""

from engine.differences.comparing import compare, differences
from engine.differences.model import (
    ARROW,
    ASPECTS,
    REFERRING,
    Detail,
    Difference,
    Kind,
    Thing,
)

__all__ = [
    "ARROW",
    "ASPECTS",
    "REFERRING",
    "Detail",
    "Difference",
    "Kind",
    "Thing",
    "compare",
    "differences",
]
