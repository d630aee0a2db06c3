"""What can go wrong while an expression is read or evaluated."""

from __future__ import annotations


class FeelError(Exception):
    """This expression cannot be used; ``message`` says why."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class FeelSyntaxError(FeelError):
    """The text is not a FEEL expression; says where, and what was expected there."""

    def __init__(self, message: str, position: int, length: int = 1) -> None:
        super().__init__(message)
        self.position = position
        self.length = length


class FeelLimit(FeelError):
    """The expression needs more than it is allowed; ``limit`` names what ran out."""

    def __init__(self, limit: str, message: str) -> None:
        super().__init__(message)
        self.limit = limit
