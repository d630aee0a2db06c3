"""Passwords: argon2id, and the same work for names that do not exist."""

import unicodedata
from functools import cache

from pwdlib import PasswordHash

from base.errors import Invalid

_SHORTEST = 12
_LONGEST = 200


class BadPassword(Invalid):
    """A password has 12 to 200 characters."""


def hash_password(password: str) -> str:
    """Raises BadPassword for one that is too short or too long."""
    if not _SHORTEST <= len(password) <= _LONGEST:
        raise BadPassword
    return _hasher().hash(_same(password))


def matches(password: str, hashed: str | None) -> bool:
    """Takes as long for an account without a password as for one with."""
    found = hashed is not None
    right = _hasher().verify(_same(password[:_LONGEST]), hashed or _nobodys())
    return found and right


@cache
def _hasher() -> PasswordHash:
    return PasswordHash.recommended()


@cache
def _nobodys() -> str:
    return _hasher().hash("nobody signs in with this")


def _same(password: str) -> str:
    """One spelling, however the keyboard composed it."""
    return unicodedata.normalize("NFKC", password)
