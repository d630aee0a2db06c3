"""What changes the directory. The caller commits."""

from dataclasses import dataclass
from datetime import date

from base.db import Session
from base.errors import Conflict
from casework.organisations.tables import LocalGroup, Organisation, Seat, Unit


class SeatTaken(Conflict):
    """The seat already belongs to somebody else."""


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


def fill_seat(seat: Seat, account_id: int, *, deputy_id: int | None = None) -> None:
    """Raises SeatTaken if another holds it; that one must leave first."""
    if seat.account_id not in (None, account_id):
        raise SeatTaken
    seat.account_id = account_id
    seat.deputy_account_id = deputy_id


def vacate_seat(seat: Seat) -> None:
    seat.account_id = seat.deputy_account_id = None
