"""Whom it concerns what an owner works on: the cases of a programme, or nobody."""

from enum import StrEnum

from base.db import Session
from casework.programmes import store as programmes
from engine import releases


class Following(StrEnum):
    """Whether new cases begin with the newest version of a pack.

    ``FOLLOWED``: those of a programme do. ``APPROVED``: no programme follows the pack. ``BEGUN``:
    it is a draft as a whole, that nobody has approved.
    """

    FOLLOWED = "followed"
    APPROVED = "approved"
    BEGUN = "begun"


def following(tx: Session, pack_id: str) -> Following:
    """Raises NoRelease."""
    return following_of(releases.active(tx, pack_id).number, pack_id in followed(tx))


def following_of(number: int, is_followed: bool) -> Following:
    """Of a pack whose newest version has this number."""
    if number == releases.BEGUN:
        return Following.BEGUN
    return Following.FOLLOWED if is_followed else Following.APPROVED


def followed(tx: Session) -> frozenset[str]:
    """The packs that programmes follow."""
    return frozenset(programme.pack_id for programme in programmes.programmes(tx))
