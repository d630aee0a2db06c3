"""Regular expressions as XPath has them, matched in bounded time.

A pattern becomes a small program. The matcher remembers which place of the program it has
tried at which character, so that its work grows with their product and never explodes.
"""

from feel.patterns.matching import Match, find_all, search
from feel.patterns.program import Program
from feel.patterns.reading import compile
from feel.patterns.replacing import filled, replacement

__all__ = ["Match", "Program", "compile", "filled", "find_all", "replacement", "search"]
