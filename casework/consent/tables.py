"""Tables of consent. Ids and codes in the open, every word of the person sealed."""

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Id, Moment, Ref, Table


class Consent(Table):
    """One version of a consent for one purpose; never changed once active, only replaced.

    ``status``: draft → presented → active → withdrawn | expired | superseded | ended;
    presented → refused | lapsed; a draft or presented one that is prepared anew is superseded.
    ``ended``: the case was closed and the consent was to end with it.
    """

    __tablename__ = "consent"
    __table_args__ = (
        UniqueConstraint("case_id", "purpose", "version"),
        Index("ix_consent_expiry", "status", "valid_until"),
    )

    id: Mapped[Ref]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"))
    purpose: Mapped[str]
    version: Mapped[int] = mapped_column(comment="1, 2, 3 … for this case and purpose")
    status: Mapped[str]
    valid_from: Mapped[date]
    valid_until: Mapped[date] = mapped_column(comment="included")
    ends_when: Mapped[str] = mapped_column(comment="date or case_closed")
    prepared_at: Mapped[Moment]
    prepared_by: Mapped[int] = mapped_column(comment="account")
    texts: Mapped[bytes] = mapped_column(
        repr=False, comment="sealed: exclusions in the person's words, necessity, representative"
    )
    supersedes: Mapped[UUID | None] = mapped_column(default=None)
    document: Mapped[bytes | None] = mapped_column(
        default=None, repr=False, comment="sealed: the text that was put before the person"
    )
    document_hash: Mapped[str | None] = mapped_column(default=None, comment="SHA-256, hex")
    presented_at: Mapped[Moment | None] = mapped_column(default=None)
    release_id: Mapped[int | None] = mapped_column(
        ForeignKey("release.id"), default=None, comment="whose words were put before the person"
    )
    form: Mapped[str | None] = mapped_column(default=None, comment="paper, e_sign or oral")
    signed_on: Mapped[date | None] = mapped_column(default=None)
    matches_document: Mapped[bool | None] = mapped_column(default=None)
    registered_by: Mapped[int | None] = mapped_column(default=None, comment="account")
    signature: Mapped[bytes | None] = mapped_column(
        default=None, repr=False, comment="sealed: signer, proof, place of the original, oral note"
    )
    scan_id: Mapped[UUID | None] = mapped_column(
        default=None, comment="file of the case: the paper that was signed"
    )
    activated_at: Mapped[Moment | None] = mapped_column(default=None)
    ended_at: Mapped[Moment | None] = mapped_column(default=None)
    ended_by: Mapped[int | None] = mapped_column(default=None, comment="account; None: the clock")


class ConsentParty(Table):
    """An organisation, or one unit of it, that the consent names."""

    __tablename__ = "consent_party"

    id: Mapped[Id] = mapped_column(init=False)
    consent_id: Mapped[UUID] = mapped_column(ForeignKey("consent.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), default=None)
    dropped_at: Mapped[Moment | None] = mapped_column(
        default=None, comment="when the person took this party out"
    )


class ConsentCategory(Table):
    """A kind of information that the consent names, or that the person excludes.

    With ``teller_id`` and ``reader_id`` it is excluded between these two organisations alone.
    """

    __tablename__ = "consent_category"

    id: Mapped[Id] = mapped_column(init=False)
    consent_id: Mapped[UUID] = mapped_column(ForeignKey("consent.id"), index=True)
    category: Mapped[str] = mapped_column(comment="'' between two organisations: every kind")
    excluded: Mapped[bool] = mapped_column(default=False)
    teller_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), default=None)
    reader_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), default=None)
