"""Accounts and roles as the pages show and ask for them."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Given:
    """A role for a time; ``place`` is an organisation's code, or ``organisation/unit``."""

    place: str
    role: str
    valid_from: date
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who gets an account."""

    user_name: str
    name: str
    mail: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class RoleLine:
    """A role of an account; ``mine``: the reader may end it."""

    id: int
    role: str
    organisation: str
    unit: str
    valid_from: date
    valid_until: date | None
    over: bool
    mine: bool


@dataclass(frozen=True, slots=True)
class AccountPage:
    """An account; ``fresh``: nobody has chosen a password for it, so that it takes a new code.

    ``resets``: the reader lets its owner begin anew.
    """

    id: int
    name: str
    user_name: str
    mail: str
    phone: str
    fresh: bool
    resets: bool
    roles: tuple[RoleLine, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """What the actor gives: codes and titles of places, and roles."""

    places: tuple[tuple[str, str], ...]
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """A code to hand over, shown once.

    ``mailed``: it has gone by mail as well; with ``anew``, that somebody begins anew has.
    """

    account_id: int
    user_name: str
    code: str
    mailed: bool
    anew: bool = False
