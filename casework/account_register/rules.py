"""Who gives whom which role. Pure.

What opens cases is given by the organisation itself: its manager. A representative is appointed to
a seat (GG-07), a convener by the group; neither is given here. Nobody gives themselves anything,
and whoever collects statistics administers no accounts.
"""

from collections.abc import Collection

from base.errors import NotAllowed
from casework.access import Actor

BY_MANAGER = ("caseworker", "manager", "statistics_lead")
BY_FEDERATION = (
    "manager",
    "statistics_lead",
    "preparation_group",
    "federation",
    "process_owner",
    "auditor",
    "admin",
)
#: How somebody was known who has lost what they sign in with.
CHECKED = ("in_person", "known_number")


class NotYoursToGive(NotAllowed):
    """Roles are given by the organisation's manager; those that open no case by the federation."""

    code = "appoints"


class NotToYourself(NotAllowed):
    """Nobody gives themselves a role or a code: ask somebody else who may."""

    code = "appoints"


class NotYoursToReset(NotAllowed):
    """Somebody begins anew through the manager of every organisation they work for."""

    code = "appoints"


def administers(actor: Actor) -> bool:
    """Whether the actor may see accounts and appoint at all."""
    return bool(actor.roles & {"manager", "federation"}) and "statistics_lead" not in actor.roles


def may_give(actor: Actor, organisation_id: int) -> tuple[str, ...]:
    """The roles that the actor gives and ends in this organisation."""
    if not administers(actor):
        return ()
    manages = organisation_id in {one.organisation_id for one in actor.holding({"manager"})}
    of_federation = BY_FEDERATION if "federation" in actor.roles else ()
    return tuple(dict.fromkeys((BY_MANAGER if manages else ()) + of_federation))


def may_reset(actor: Actor, account_id: int, held: Collection[tuple[int, str]]) -> bool:
    """Whether the actor lets somebody begin anew who has lost password or second factor.

    ``held``: organisation and role of all they hold now or later. Their own manager, who must
    manage every organisation that the account opens anything of: otherwise a manager could come
    in for another organisation. The federation where no role opens cases.
    """
    if not administers(actor) or account_id == actor.account_id or not held:
        return False
    managed = {one.organisation_id for one in actor.holding({"manager"})}
    federation = "federation" in actor.roles
    return all(place in managed or (federation and role in BY_FEDERATION) for place, role in held)


def require_gives(actor: Actor, account_id: int, organisation_id: int, role: str) -> None:
    """Raises NotYoursToGive, NotToYourself."""
    if role not in may_give(actor, organisation_id):
        raise NotYoursToGive
    if account_id == actor.account_id:
        raise NotToYourself
