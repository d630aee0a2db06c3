"""The directory as it is on a day."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class HeldSeat:
    """A seat and who holds it on the day asked for; ``account_id`` None: vacant.

    ``vacant_since`` is the first day without anybody, None while somebody sits there;
    ``until`` the last day of whoever does, None: until further notice.
    """

    id: int
    group_id: int
    organisation_id: int
    unit_id: int | None
    account_id: int | None
    deputy_account_id: int | None
    until: date | None
    acknowledged: bool
    vacant_since: date | None
