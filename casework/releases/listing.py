"""The versions of every pack, as a list."""

from dataclasses import dataclass
from datetime import datetime

from base.db import Session
from casework.access import Actor
from casework.releases.actions import READERS, require_role
from casework.releases.following import followed
from engine import releases


@dataclass(frozen=True, slots=True)
class Published:
    """A version of a pack; ``in_use``: new cases begin with it."""

    pack: str
    number: int
    created: datetime
    digest: str
    in_use: bool


def published(tx: Session, actor: Actor) -> list[Published]:
    """Each pack's versions, newest first. Raises NotAllowed."""
    require_role(actor, READERS)
    found = []
    follows = followed(tx)
    for pack_id in releases.packs(tx):
        active = releases.active_id(tx, pack_id)
        found += [
            Published(
                pack_id,
                each.number,
                each.created,
                each.digest,
                in_use=each.id == active and pack_id in follows,
            )
            for each in releases.history(tx, pack_id)
            if not each.is_begun
        ]
    return found
