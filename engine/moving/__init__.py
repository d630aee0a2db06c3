"""What becomes of a running instance in another version of its diagrams; pure.

`plan` says what would happen or why it cannot be; `engine.spiff` carries it out on the tokens.
"""

from engine.moving.crossing import Crossing, Renames, crossing_of, is_interruption
from engine.moving.ends import dead_ends
from engine.moving.model import REASONS, Blocked, Frame, Held, MoveBlocked, Place, Plan
from engine.moving.planning import plan

__all__ = [
    "REASONS",
    "Blocked",
    "Crossing",
    "Frame",
    "Held",
    "MoveBlocked",
    "Place",
    "Plan",
    "Renames",
    "crossing_of",
    "dead_ends",
    "is_interruption",
    "plan",
]
