"""Tables of accounts: staff of the organisations, never the people served."""

from datetime import date

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Id, Moment, Table


class Account(Table):
    """Somebody who works with cases, diagrams or the system."""

    __tablename__ = "account"

    id: Mapped[Id] = mapped_column(init=False)
    user_name: Mapped[str] = mapped_column(unique=True, comment="as typed at sign-in, lower case")
    name: Mapped[str] = mapped_column(comment="official contact data")
    password_hash: Mapped[str | None] = mapped_column(
        repr=False, comment="argon2id; None: no local sign-in"
    )
    language: Mapped[str]
    created: Mapped[Moment]
    mail: Mapped[str] = mapped_column(default="", comment="work address, for notifications")
    phone: Mapped[str] = mapped_column(default="", comment="work number")
    active: Mapped[bool] = mapped_column(default=True)
    mails: Mapped[str] = mapped_column(
        default="daily",
        server_default="daily",
        comment="when to be told that something waits: daily or weekly",
    )


class MembershipRow(Table):
    """An account holds a role at an organisation; both days are included."""

    __tablename__ = "membership"
    __table_args__ = (Index("ix_membership_place", "organisation_id", "role"),)

    id: Mapped[Id] = mapped_column(init=False)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    role: Mapped[str]
    valid_from: Mapped[date]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), default=None)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("local_group.id"), default=None)
    valid_until: Mapped[date | None] = mapped_column(default=None, comment="None: open end")


class AccountSession(Table):
    """A browser that is signed in; found by the digest of its secret, which is not kept."""

    __tablename__ = "account_session"

    token_digest: Mapped[bytes] = mapped_column(primary_key=True, repr=False)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    created: Mapped[Moment]
    last_seen: Mapped[Moment]
    ends: Mapped[Moment] = mapped_column(index=True)
    provider: Mapped[str] = mapped_column(
        default="", comment="code of whom they signed in through; empty: with a password"
    )
    provider_session: Mapped[str] = mapped_column(
        default="", server_default="", repr=False, comment="as the provider names it; or empty"
    )


class OneTimeCode(Table):
    """What opens an account once, for a new password; found by a digest, gone when used.

    The code itself follows from ``nonce`` and a key that is not in this database.
    """

    __tablename__ = "one_time_code"

    digest: Mapped[bytes] = mapped_column(primary_key=True, repr=False)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    kind: Mapped[str] = mapped_column(comment="invitation or reset")
    nonce: Mapped[bytes] = mapped_column(repr=False)
    ends: Mapped[Moment]


class SignInAttempt(Table):
    """Failed sign-ins under one name, known or not; the name itself is not kept."""

    __tablename__ = "sign_in_attempt"

    name_index: Mapped[bytes] = mapped_column(primary_key=True, comment="blind index of the name")
    failures: Mapped[int]
    last: Mapped[Moment] = mapped_column(index=True)


class HalfSession(Table):
    """Somebody gave the right password and is asked for the second factor; nothing else opens."""

    __tablename__ = "half_session"

    token_digest: Mapped[bytes] = mapped_column(primary_key=True, repr=False)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    ends: Mapped[Moment] = mapped_column(index=True)
    failures: Mapped[int] = mapped_column(default=0)
    provider: Mapped[str] = mapped_column(default="", comment="as in the session")
    provider_session: Mapped[str] = mapped_column(
        default="", server_default="", repr=False, comment="as in the session"
    )


class SecondFactor(Table):
    """What an account's authenticator app knows; sealed with a key that lies elsewhere."""

    __tablename__ = "second_factor"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id"), primary_key=True, autoincrement=False
    )
    secret: Mapped[bytes] = mapped_column(repr=False, comment="sealed")
    since: Mapped[Moment]
    last_step: Mapped[int] = mapped_column(
        BigInteger, comment="of the latest code that was heard: none works twice"
    )


class RecoveryCode(Table):
    """Opens an account once instead of the app; a keyed digest, gone when used."""

    __tablename__ = "recovery_code"

    digest: Mapped[bytes] = mapped_column(primary_key=True, repr=False)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)


class Passkey(Table):
    """A device that an account signs in with; of its secret only the public half is known."""

    __tablename__ = "passkey"

    id: Mapped[Id] = mapped_column(init=False)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[str] = mapped_column(comment="what the owner calls the device")
    credential_id: Mapped[bytes] = mapped_column(unique=True, repr=False)
    public_key: Mapped[bytes] = mapped_column(repr=False, comment="COSE")
    sign_count: Mapped[int] = mapped_column(
        BigInteger, comment="of the latest answer; a lower one comes from a copy"
    )
    added: Mapped[Moment]
    last_used: Mapped[Moment | None] = mapped_column(default=None)


class PasskeyChallenge(Table):
    """What a browser was asked to sign, for whoever holds its secret; gone with the answer."""

    __tablename__ = "passkey_challenge"

    digest: Mapped[bytes] = mapped_column(primary_key=True, repr=False)
    holder_digest: Mapped[bytes] = mapped_column(
        repr=False, comment="of the secret of the session, the half session or the browser"
    )
    purpose: Mapped[str] = mapped_column(comment="add, second or sign_in")
    ends: Mapped[Moment] = mapped_column(index=True)


class AuditOrder(Table):
    """Somebody ordered an auditor, in writing, to read what is in an organisation's cases."""

    __tablename__ = "audit_order"

    id: Mapped[Id] = mapped_column(init=False)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id"), index=True, comment="whose cases"
    )
    reference: Mapped[str] = mapped_column(comment="of the written order")
    ordered_by: Mapped[str] = mapped_column(comment="which authority or office")
    valid_from: Mapped[date]
    valid_until: Mapped[date] = mapped_column(comment="included")
    by: Mapped[int] = mapped_column(comment="account that wrote it down")
    at: Mapped[Moment]
    ended: Mapped[Moment | None] = mapped_column(default=None, comment="before its last day")
