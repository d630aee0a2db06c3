"""What changes the directory. The caller commits."""

from dataclasses import dataclass
from datetime import date, timedelta

from base import clock
from base.db import Session
from base.errors import Conflict
from casework.organisations import store
from casework.organisations.tables import LocalGroup, Organisation, Representative, Seat, Unit

_DAY = timedelta(days=1)


class SeatTaken(Conflict):
    """This person sits there already."""


@dataclass(frozen=True, slots=True)
class Contact:
    """How the public reaches an organisation."""

    phone: str = ""
    mail: str = ""
    address: str = ""


def add_organisation(
    tx: Session, code: str, title: str, kind: str, contact: Contact | None = None
) -> Organisation:
    contact = contact or Contact()
    organisation = Organisation(
        code=code,
        title=title,
        kind=kind,
        phone=contact.phone,
        mail=contact.mail,
        address=contact.address,
    )
    tx.add(organisation)
    tx.flush()
    return organisation


def add_unit(tx: Session, organisation_id: int, code: str, title: str) -> Unit:
    unit = Unit(organisation_id=organisation_id, code=code, title=title)
    tx.add(unit)
    tx.flush()
    return unit


def add_group(
    tx: Session, code: str, title: str, number_prefix: str, *, programme_id: int
) -> LocalGroup:
    group = LocalGroup(
        code=code, title=title, number_prefix=number_prefix, programme_id=programme_id
    )
    tx.add(group)
    tx.flush()
    return group


def add_seat(
    tx: Session,
    group_id: int,
    organisation_id: int,
    *,
    valid_from: date,
    unit_id: int | None = None,
    valid_until: date | None = None,
) -> Seat:
    """A vacant seat."""
    seat = Seat(
        group_id=group_id,
        organisation_id=organisation_id,
        unit_id=unit_id,
        valid_from=valid_from,
        valid_until=valid_until,
    )
    tx.add(seat)
    tx.flush()
    return seat


def seat_somebody(
    tx: Session,
    seat: Seat,
    account_id: int,
    *,
    valid_from: date,
    valid_until: date | None = None,
    deputy: bool = False,
    appointed_by: int | None = None,
) -> Representative:
    """Somebody sits there from that day on; whom they replace leaves the day before.

    Not acknowledged yet. Raises SeatTaken if it is the same person.
    """
    before = replaced_by(tx, seat, account_id, valid_from, deputy=deputy)
    if any((each.account_id, each.deputy) == (account_id, deputy) for each in before):
        raise SeatTaken
    for earlier in before:
        earlier.valid_until = valid_from - _DAY
    representative = Representative(
        seat_id=seat.id,
        account_id=account_id,
        deputy=deputy,
        valid_from=valid_from,
        valid_until=valid_until,
        appointed=clock.now(tx),
        appointed_by=appointed_by,
    )
    tx.add(representative)
    tx.flush()
    return representative


def replaced_by(
    tx: Session, seat: Seat, account_id: int, day: date, *, deputy: bool
) -> list[Representative]:
    """Who would leave if somebody came on that day: whoever has the place, and themselves
    where they had the other one.
    """
    return [
        earlier
        for earlier in store.representatives(tx, seat.id)
        if (earlier.deputy == deputy or earlier.account_id == account_id)
        and _reaches(earlier, day)
    ]


def _reaches(representative: Representative, day: date) -> bool:
    """Whether they would sit there on that day or later."""
    until = representative.valid_until
    return until is None or until >= max(day, representative.valid_from)
