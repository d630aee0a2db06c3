"""Tables of the directory: official contact data, nothing about the people served."""

from datetime import date

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Id, Moment, Table


class Organisation(Table):
    """A public body or other partner; ``code`` is its name in diagrams and variables."""

    __tablename__ = "organisation"

    id: Mapped[Id] = mapped_column(init=False)
    code: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    kind: Mapped[str] = mapped_column(comment="municipality, health_centre, psychiatry …")
    phone: Mapped[str] = mapped_column(default="", comment="general number")
    mail: Mapped[str] = mapped_column(default="", comment="general address")
    address: Mapped[str] = mapped_column(default="", comment="postal address")
    names_public: Mapped[bool] = mapped_column(
        default=False, comment="whether its people's names stand on the public page"
    )


class Unit(Table):
    """A part of an organisation that consent can name on its own."""

    __tablename__ = "unit"
    __table_args__ = (UniqueConstraint("organisation_id", "code"),)

    id: Mapped[Id] = mapped_column(init=False)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    code: Mapped[str]
    title: Mapped[str]


class LocalGroup(Table):
    """The organisations of one area that meet; cases are numbered by its prefix."""

    __tablename__ = "local_group"

    id: Mapped[Id] = mapped_column(init=False)
    code: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    number_prefix: Mapped[str] = mapped_column(unique=True, comment="VMO in VMO-2027-014")
    programme_id: Mapped[int] = mapped_column(index=True)
    convener_account_id: Mapped[int | None] = mapped_column(default=None)
    convening_method: Mapped[str] = mapped_column(default="", comment="how the group is convened")
    notice_days: Mapped[int] = mapped_column(default=14)
    agenda_disclosure: Mapped[str] = mapped_column(
        default="in_system", comment="in_system, phone or post"
    )


class Seat(Table):
    """An organisation's place in a local group; vacant on days when nobody represents it.

    Both days are included; ``valid_until`` None: until further notice.
    """

    __tablename__ = "seat"

    id: Mapped[Id] = mapped_column(init=False)
    group_id: Mapped[int] = mapped_column(ForeignKey("local_group.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    valid_from: Mapped[date]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), default=None)
    valid_until: Mapped[date | None] = mapped_column(default=None)
    warned: Mapped[date | None] = mapped_column(
        default=None, comment="since when it was vacant when that was last warned of"
    )


class Representative(Table):
    """Somebody whom an organisation has appointed to a seat, or to stand in there.

    Opens nothing before it is acknowledged. Both days are included; ``valid_until`` None: until
    further notice; one that ends before it begins never held.
    """

    __tablename__ = "representative"

    id: Mapped[Id] = mapped_column(init=False)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    deputy: Mapped[bool]
    valid_from: Mapped[date]
    appointed: Mapped[Moment]
    appointed_by: Mapped[int | None] = mapped_column(comment="account; None: at installation")
    valid_until: Mapped[date | None] = mapped_column(default=None)
    acknowledged: Mapped[Moment | None] = mapped_column(default=None)
    handed_over: Mapped[bool] = mapped_column(
        default=False, comment="ended, and open steps have gone to whoever came after"
    )
