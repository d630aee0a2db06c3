"""What can go wrong with a file of decisions."""

from base.errors import SamplanError


class BadDecisions(SamplanError):
    """This file holds no decisions that can be read."""


class NoSuchDecision(SamplanError):
    """There is no decision of this name."""
