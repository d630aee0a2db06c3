"""A history to try Samplan with: fictional cases, lived through by the real commands."""

from casework.demonstration.preparing import Newcomer, Size, newcomers, prepare, renew

__all__ = ["Newcomer", "Size", "newcomers", "prepare", "renew"]
