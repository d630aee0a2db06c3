"""Tables of sign-in through a provider: staff, never the people served."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Moment, Table


class ProviderLink(Table):
    """Whom a provider's subject is to us; made once, by the code of an invitation."""

    __tablename__ = "provider_link"

    issuer: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(
        primary_key=True, repr=False, comment="as the provider names them"
    )
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    since: Mapped[Moment]


class ProviderRequest(Table):
    """A browser that went to a provider and has not come back; gone when it does."""

    __tablename__ = "provider_request"

    browser_digest: Mapped[bytes] = mapped_column(primary_key=True, repr=False)
    provider: Mapped[str]
    state: Mapped[str] = mapped_column(repr=False)
    nonce: Mapped[str] = mapped_column(repr=False)
    verifier: Mapped[str] = mapped_column(repr=False)
    code: Mapped[bytes | None] = mapped_column(
        repr=False, comment="digest of the one-time code that links; None: to sign in"
    )
    next_path: Mapped[str]
    ends: Mapped[Moment] = mapped_column(index=True)


class ProviderLogOut(Table):
    """A log-out that a provider asked for, so that the same token is heard once."""

    __tablename__ = "provider_log_out"

    issuer: Mapped[str] = mapped_column(primary_key=True)
    token_id: Mapped[str] = mapped_column(primary_key=True, repr=False)
    ends: Mapped[Moment] = mapped_column(index=True, comment="when it may be forgotten")
