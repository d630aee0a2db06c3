"""All SQL of accounts."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, bindparam, delete, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute

from base import ready
from base.db import Session
from base.errors import NotFound
from casework.access import Membership
from casework.accounts.tables import (
    Account,
    AccountSession,
    HalfSession,
    MembershipRow,
    OneTimeCode,
    SignInAttempt,
)
from casework.organisations.tables import Organisation

Column = InstrumentedAttribute[int | None]
# Written once, as every request needs them.
_SESSION = (
    select(AccountSession, Account)
    .join(Account, Account.id == AccountSession.account_id)
    .where(AccountSession.token_digest == bindparam("digest"))
)
_HELD = (
    select(
        MembershipRow.organisation_id,
        Organisation.code,
        MembershipRow.unit_id,
        MembershipRow.role,
        MembershipRow.group_id,
    )
    .join(Organisation, Organisation.id == MembershipRow.organisation_id)
    .where(
        MembershipRow.account_id == bindparam("account_id"),
        MembershipRow.valid_from <= bindparam("on"),
        or_(
            MembershipRow.valid_until.is_(None),
            MembershipRow.valid_until >= bindparam("on"),
        ),
    )
    .order_by(MembershipRow.id)
)


class NoSuchAccount(NotFound):
    """There is no such account."""


def by_id(tx: Session, account_id: int) -> Account:
    """Raises NoSuchAccount."""
    found = tx.get(Account, account_id)
    if found is None:
        raise NoSuchAccount
    return found


def add(tx: Session, account: Account) -> bool:
    """False if its name is taken; waits for whoever is taking it."""
    try:
        with tx.begin_nested():
            tx.add(account)
    except IntegrityError:
        return False
    return True


def by_user_name(tx: Session, user_name: str) -> Account | None:
    return tx.scalars(select(Account).where(Account.user_name == user_name)).first()


def local_account(tx: Session, user_name: str) -> tuple[int | None, str | None]:
    """Id and password hash of an active account with a password; two Nones if there is none."""
    row = tx.execute(
        select(Account.id, Account.password_hash).where(
            Account.user_name == user_name, Account.active, Account.password_hash.is_not(None)
        )
    ).first()
    return (row.id, row.password_hash) if row is not None else (None, None)


def accounts(tx: Session, ids: Collection[int]) -> Mapping[int, Account]:
    found = tx.scalars(select(Account).where(Account.id.in_(ids)))
    return {account.id: account for account in found}


def names(tx: Session, ids: Collection[int]) -> Mapping[int, str]:
    """Names of staff, which are official contact data."""
    rows = tx.execute(select(Account.id, Account.name).where(Account.id.in_(ids)))
    return {row.id: row.name for row in rows}


def user_names(tx: Session, ids: Collection[int]) -> Mapping[int, str]:
    rows = tx.execute(select(Account.id, Account.user_name).where(Account.id.in_(ids)))
    return {row.id: row.user_name for row in rows}


def user_names_there(tx: Session, names: Collection[str]) -> set[str]:
    """Which of these somebody signs in with."""
    return set(tx.scalars(select(Account.user_name).where(Account.user_name.in_(names))))


def memberships(tx: Session, account_id: int, on: date) -> tuple[Membership, ...]:
    """What the account holds on that day, in the order it was given."""
    rows = ready.rows(tx, _HELD, {"account_id": account_id, "on": on})
    return tuple(Membership(*row) for row in rows)


def memberships_of(
    tx: Session, ids: Collection[int], on: date
) -> Mapping[int, tuple[Membership, ...]]:
    """`memberships` of each account; one statement."""
    asked = (
        select(
            MembershipRow.account_id,
            MembershipRow.organisation_id,
            Organisation.code,
            MembershipRow.unit_id,
            MembershipRow.role,
            MembershipRow.group_id,
        )
        .join(Organisation, Organisation.id == MembershipRow.organisation_id)
        .where(MembershipRow.account_id.in_(ids), _on(on))
        .order_by(MembershipRow.id)
    )
    found: dict[int, tuple[Membership, ...]] = dict.fromkeys(ids, ())
    for row in tx.execute(asked):
        found[row[0]] = (*found[row[0]], Membership(*row[1:]))
    return found


def holding(
    tx: Session,
    roles: Collection[str],
    on: date,
    *,
    organisation_ids: Collection[int],
    group_id: int,
) -> list[MembershipRow]:
    """What active accounts hold of these roles in the organisations, for this group or for every
    one, by account.
    """
    asked = (
        select(MembershipRow)
        .join(Account, Account.id == MembershipRow.account_id)
        .where(MembershipRow.role.in_(roles), Account.active, _on(on))
        .where(MembershipRow.organisation_id.in_(organisation_ids))
        .where(_open_or(MembershipRow.group_id, group_id))
        .order_by(MembershipRow.account_id, MembershipRow.id)
    )
    return list(tx.scalars(asked))


def all_holding(tx: Session, roles: Collection[str], on: date) -> list[MembershipRow]:
    """What active accounts hold of these roles on that day, wherever; by account."""
    asked = (
        select(MembershipRow)
        .join(Account, Account.id == MembershipRow.account_id)
        .where(MembershipRow.role.in_(roles), Account.active, _on(on))
        .order_by(MembershipRow.account_id, MembershipRow.id)
    )
    return list(tx.scalars(asked))


def holders(
    tx: Session,
    roles: Collection[str],
    on: date,
    *,
    organisation_id: int | None = None,
    unit_id: int | None = None,
    group_id: int | None = None,
) -> list[int]:
    """Ids of active accounts that hold one of these roles there on that day.

    None leaves that part open; a holder for the whole organisation counts for each unit, and one
    without a group for each group.
    """
    asked = (
        select(MembershipRow.account_id)
        .join(Account, Account.id == MembershipRow.account_id)
        .where(MembershipRow.role.in_(roles), Account.active, _on(on))
        .order_by(MembershipRow.account_id)
        .distinct()
    )
    if organisation_id is not None:
        asked = asked.where(MembershipRow.organisation_id == organisation_id)
    if unit_id is not None:
        asked = asked.where(_open_or(MembershipRow.unit_id, unit_id))
    if group_id is not None:
        asked = asked.where(_open_or(MembershipRow.group_id, group_id))
    return list(tx.scalars(asked))


def roles_held(tx: Session, on: date) -> frozenset[str]:
    """The roles that an active account holds somewhere on that day."""
    asked = (
        select(MembershipRow.role)
        .join(Account, Account.id == MembershipRow.account_id)
        .where(Account.active, _on(on))
        .distinct()
    )
    return frozenset(tx.scalars(asked))


def people_of(tx: Session, organisation_id: int, on: date) -> list[tuple[int, str]]:
    """Ids and names of everybody who holds a role in the organisation on that day, by name."""
    asked = (
        select(Account.id, Account.name)
        .join(MembershipRow, MembershipRow.account_id == Account.id)
        .where(Account.active, MembershipRow.organisation_id == organisation_id, _on(on))
        .order_by(Account.name, Account.id)
        .distinct()
    )
    return [(row.id, row.name) for row in tx.execute(asked)]


def rows_of(tx: Session, account_id: int, on: date) -> list[MembershipRow]:
    """What one account holds on that day."""
    asked = select(MembershipRow).where(MembershipRow.account_id == account_id, _on(on))
    return list(tx.scalars(asked.order_by(MembershipRow.id)))


def group_place(
    tx: Session, account_id: int, group_id: int, roles: Collection[str], on: date
) -> tuple[int, int | None]:
    """For which organisation and unit the account sits in a group, which it does."""
    held = rows_of(tx, account_id, on)
    row = next(row for row in held if row.group_id == group_id and row.role in roles)
    return row.organisation_id, row.unit_id


def end_roles(
    tx: Session,
    account_id: int,
    roles: Collection[str],
    last_day: date,
    *,
    organisation_id: int,
    group_id: int,
) -> None:
    """Roles that the account holds there for the group end with this day at the latest."""
    tx.execute(
        update(MembershipRow)
        .where(
            MembershipRow.account_id == account_id,
            MembershipRow.organisation_id == organisation_id,
            MembershipRow.group_id == group_id,
            MembershipRow.role.in_(roles),
            or_(MembershipRow.valid_until.is_(None), MembershipRow.valid_until > last_day),
        )
        .values(valid_until=last_day)
    )


def membership_rows(tx: Session, on: date) -> list[MembershipRow]:
    """Everybody's roles on that day, for the pages that say who does what."""
    return list(tx.scalars(select(MembershipRow).where(_on(on)).order_by(MembershipRow.id)))


def active_accounts(tx: Session) -> list[Account]:
    """By name."""
    return list(tx.scalars(select(Account).where(Account.active).order_by(Account.name)))


def session(tx: Session, token_digest: bytes) -> AccountSession | None:
    return tx.get(AccountSession, token_digest)


def session_with_account(
    tx: Session, token_digest: bytes
) -> tuple[AccountSession, Account] | None:
    """The session and whose it is; one statement."""
    found = tx.execute(_SESSION, {"digest": token_digest}).first()
    return (found[0], found[1]) if found is not None else None


def sessions_of(tx: Session, account_id: int) -> list[AccountSession]:
    """Where the account is signed in, last used first."""
    asked = select(AccountSession).where(AccountSession.account_id == account_id)
    return list(tx.scalars(asked.order_by(AccountSession.last_seen.desc())))


def code(tx: Session, digest: bytes) -> OneTimeCode | None:
    return tx.get(OneTimeCode, digest, populate_existing=True)


def codes_of(tx: Session, account_id: int) -> list[OneTimeCode]:
    """What would open the account now or could have."""
    return list(tx.scalars(select(OneTimeCode).where(OneTimeCode.account_id == account_id)))


def use_code(tx: Session, digest: bytes) -> bool:
    """False if somebody else was faster."""
    used = tx.execute(
        delete(OneTimeCode).where(OneTimeCode.digest == digest).returning(OneTimeCode.account_id)
    )
    return used.first() is not None


def drop_codes(tx: Session, account_id: int) -> None:
    tx.execute(delete(OneTimeCode).where(OneTimeCode.account_id == account_id))


def roles_of_many(tx: Session, ids: Collection[int]) -> list[MembershipRow]:
    """Past and future ones too, in the order they were given."""
    asked = select(MembershipRow).where(MembershipRow.account_id.in_(ids))
    return list(tx.scalars(asked.order_by(MembershipRow.id)))


def role(tx: Session, membership_id: int) -> MembershipRow | None:
    return tx.get(MembershipRow, membership_id)


def accounts_ever_of(tx: Session, organisation_ids: Collection[int] | None) -> list[Account]:
    """Everybody who holds, held or is to hold a role there (None: anywhere), by name."""
    asked = select(Account).order_by(Account.name, Account.id)
    if organisation_ids is not None:
        there = select(MembershipRow.account_id).where(
            MembershipRow.organisation_id.in_(organisation_ids)
        )
        asked = asked.where(Account.id.in_(there))
    return list(tx.scalars(asked))


def end_session(tx: Session, token_digest: bytes) -> None:
    tx.execute(delete(AccountSession).where(AccountSession.token_digest == token_digest))


def end_sessions_of(tx: Session, account_id: int) -> None:
    """Half ones too."""
    tx.execute(delete(HalfSession).where(HalfSession.account_id == account_id))
    tx.execute(delete(AccountSession).where(AccountSession.account_id == account_id))


def sweep_sessions(tx: Session, before: datetime) -> None:
    """Forget sessions that were over before then."""
    tx.execute(delete(AccountSession).where(AccountSession.ends <= before))


def see_session(tx: Session, token_digest: bytes, now: datetime) -> None:
    tx.execute(
        update(AccountSession)
        .where(AccountSession.token_digest == token_digest)
        .values(last_seen=now)
    )


def attempt(tx: Session, name_index: bytes) -> SignInAttempt | None:
    return tx.get(SignInAttempt, name_index)


def failures_since(tx: Session, moment: datetime) -> int:
    """Failed sign-ins under all names tried since then."""
    counted = select(func.coalesce(func.sum(SignInAttempt.failures), 0))
    return tx.scalar(counted.where(SignInAttempt.last > moment)) or 0


def forget_attempts(tx: Session, name_index: bytes, before: datetime) -> None:
    """Those under this name, and everybody's old ones."""
    tx.execute(
        delete(SignInAttempt).where(
            or_(SignInAttempt.name_index == name_index, SignInAttempt.last < before)
        )
    )


def _on(day: date) -> ColumnElement[bool]:
    until = MembershipRow.valid_until
    return and_(MembershipRow.valid_from <= day, or_(until.is_(None), until >= day))


def _open_or(column: Column, value: int) -> ColumnElement[bool]:
    return or_(column.is_(None), column == value)
