"""Invite people, give them roles for a time, end them at once. The caller commits."""

from datetime import date, timedelta

from base import clock
from base.db import Session
from base.errors import Invalid, NotFound
from casework.access import Actor
from casework.account_register import rules
from casework.account_register.model import AccountPage, Given, Newcomer, Offer, Paper, RoleLine
from casework.accounts import actions as accounts
from casework.accounts import codes, factors, store
from casework.accounts.tables import Account, MembershipRow
from casework.application import Application
from casework.audit import actions as audit
from casework.calendar import actions as calendar
from casework.choices import party_of
from casework.notifications import actions as notifications
from casework.organisations import store as organisations
from casework.roles import holds
from casework.seats.rules import require_period
from casework.tasks import store as tasks
from casework.tokens import actions as tokens
from engine import runtime

_DAY = timedelta(days=1)


class NoSuchRole(NotFound):
    """There is no such role, or it is over."""


class BadAccount(Invalid):
    """What was said of the account cannot be right."""


def people(tx: Session, app: Application, actor: Actor) -> list[AccountPage]:
    """Everybody of the actor's organisations; the federation sees all. Statements do not grow.

    Raises NotYoursToGive.
    """
    _require_administers(actor)
    found = _seen(tx, actor)
    rows = store.roles_of_many(tx, {account.id for account in found})
    titles = {each.id: each.title for each in organisations.organisations(tx)}
    units = {unit.id: unit.title for unit in organisations.units(tx)}
    today = clock.today(tx, app.zone)
    roles: dict[int, list[RoleLine]] = {}
    held: dict[int, list[tuple[int, str]]] = {}
    for row in rows:
        line = RoleLine(
            id=row.id,
            role=row.role,
            organisation=titles[row.organisation_id],
            unit=units.get(row.unit_id or 0, ""),
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            over=row.valid_until is not None and row.valid_until < today,
            mine=_may_end(actor, row),
        )
        roles.setdefault(row.account_id, []).append(line)
        if not line.over:
            held.setdefault(row.account_id, []).append((row.organisation_id, row.role))
    return [
        _page(
            account,
            roles.get(account.id, []),
            resets=rules.may_reset(actor, account.id, held.get(account.id, ())),
        )
        for account in found
    ]


def account_page(tx: Session, app: Application, actor: Actor, account_id: int) -> AccountPage:
    """Raises NotYoursToGive, NoSuchAccount."""
    for page in people(tx, app, actor):
        if page.id == account_id:
            return page
    raise store.NoSuchAccount


def offer(tx: Session, actor: Actor) -> Offer:
    """Raises NotYoursToGive."""
    _require_administers(actor)
    mine = [one for one in organisations.organisations(tx) if rules.may_give(actor, one.id)]
    units = organisations.units(tx, [organisation.id for organisation in mine])
    places: list[tuple[str, str]] = []
    roles: dict[str, None] = {}
    for organisation in mine:
        code, title = organisation.code, organisation.title
        own = [unit for unit in units if unit.organisation_id == organisation.id]
        places.append((code, title))
        places += [(f"{code}/{unit.code}", f"{title}, {unit.title}") for unit in own]
        roles |= dict.fromkeys(rules.may_give(actor, organisation.id))
    return Offer(tuple(places), tuple(roles))


def invite(tx: Session, app: Application, actor: Actor, newcomer: Newcomer, given: Given) -> Paper:
    """A new account with a role, and the code that opens it.

    Raises NotYoursToGive, BadAccount, NameTaken, PeriodInThePast, NotFound.
    """
    _require(actor, tx, given, account_id=0)
    require_period(given.valid_from, given.valid_until, clock.today(tx, app.zone))
    if not newcomer.name or not newcomer.user_name:
        raise BadAccount("Give a name and a user name.")
    account = accounts.add_account(
        tx,
        newcomer.user_name,
        newcomer.name,
        language=app.pack(tx).config.language,
        mail=newcomer.mail,
        phone=newcomer.phone,
    )
    audit.write_by(tx, actor, "account.invite", target=f"account:{account.id}")
    _give(tx, app, actor, account.id, given)
    return _paper(tx, app, account)


def give_role(tx: Session, app: Application, actor: Actor, account_id: int, given: Given) -> None:
    """Whom the actor's list of accounts does not show does not exist for them.

    Raises NotYoursToGive, NotToYourself, PeriodInThePast, NotFound.
    """
    _require_administers(actor)
    _require_seen(tx, actor, account_id, store.NoSuchAccount)
    _give(tx, app, actor, account_id, given)


def _give(tx: Session, app: Application, actor: Actor, account_id: int, given: Given) -> None:
    _require(actor, tx, given, account_id=account_id)
    require_period(given.valid_from, given.valid_until, clock.today(tx, app.zone))
    party = party_of(tx, given.place)
    accounts.appoint(
        tx,
        account_id,
        party.organisation_id,
        given.role,
        valid_from=given.valid_from,
        unit_id=party.unit_id,
        valid_until=given.valid_until,
    )
    detail: dict[str, audit.Detail] = {
        "role": given.role,
        "organisation": party.organisation_id,
        "from": given.valid_from,
        "until": given.valid_until,
    }
    target = f"account:{account_id}"
    audit.write_by(tx, actor, "account.give_role", target=target, detail=detail)


def end_role(
    tx: Session, app: Application, actor: Actor, membership_id: int, *, last_day: date | None
) -> int:
    """It ends after this day; None: at once, with the steps that it alone let them do.

    Whose it was; of people whom the actor's list does not show there is none. Raises
    NoSuchRole, NotYoursToGive, NotToYourself, PeriodInThePast.
    """
    _require_administers(actor)
    row, today = store.role(tx, membership_id), clock.today(tx, app.zone)
    if row is None or (row.valid_until is not None and row.valid_until < today):
        raise NoSuchRole
    _require_seen(tx, actor, row.account_id, NoSuchRole)
    rules.require_gives(actor, row.account_id, row.organisation_id, row.role)
    if last_day is not None:
        require_period(today, last_day, today)
    row.valid_until = last_day or today - _DAY
    tx.flush()
    detail: dict[str, audit.Detail] = {"role": row.role, "until": row.valid_until}
    target = f"account:{row.account_id}"
    audit.write_by(tx, actor, "account.end_role", target=target, detail=detail)
    if row.valid_until < today:
        _let_go(tx, app, row, today)
    return row.account_id


def new_code(tx: Session, app: Application, actor: Actor, account_id: int) -> Paper:
    """For somebody who has no password yet; everybody else asks for a mail themselves.

    Raises NoSuchAccount, NotYoursToGive, BadAccount.
    """
    page = account_page(tx, app, actor, account_id)
    if not any(role.mine for role in page.roles):
        raise rules.NotYoursToGive
    if not page.fresh:
        raise BadAccount("Whoever has a password asks for a new one themselves.")
    audit.write_by(tx, actor, "account.new_code", target=f"account:{account_id}")
    return _paper(tx, app, store.by_id(tx, account_id))


def begin_anew(
    tx: Session, app: Application, actor: Actor, account_id: int, *, checked: str
) -> Paper:
    """The code to begin with, on paper alone; nothing that opened the account does any more.

    ``checked`` says how the actor made sure who asks. The owner is told by mail.

    Raises NoSuchAccount, NotYoursToGive, NotYoursToReset, BadAccount.
    """
    page = account_page(tx, app, actor, account_id)
    if not page.resets:
        raise rules.NotYoursToReset
    if checked not in rules.CHECKED:
        raise BadAccount("Say how you made sure that it is them.")
    detail: dict[str, audit.Detail] = {"checked": checked}
    target = f"account:{account_id}"
    audit.write_by(tx, actor, "account.begin_anew", target=target, detail=detail)
    account, code = close_all_doors(tx, account_id)
    mailed = notifications.mail_begun_anew(tx, app, account)
    return Paper(account.id, account.user_name, code, mailed=mailed, anew=True)


def close_all_doors(tx: Session, account_id: int) -> tuple[Account, str]:
    """Password, second factor, sessions, programs and calendar; and the code to begin anew with.

    The actor is asked before, and the audit told.
    """
    tokens.revoke_all(tx, account_id)
    calendar.end_of(tx, account_id)
    return factors.forget(tx, account_id)


def ask_for_reset(app: Application, user_name: str) -> None:
    """A mail with a link, if there is such an account with an address; tells nobody whether."""
    with app.database.transaction() as tx:
        account = store.by_user_name(tx, user_name.strip().casefold())
        asked = accounts.may_ask(tx, user_name)
        if account is None or not account.active or account.password_hash is None or not asked:
            return
        code = codes.issue(tx, account.id, codes.RESET)
        notifications.mail_code(tx, app, account, code)
        audit.write(tx, actor="system", action="account.ask_reset", target=f"account:{account.id}")


def _paper(tx: Session, app: Application, account: Account) -> Paper:
    code = codes.issue(tx, account.id, codes.INVITATION)
    mailed = notifications.mail_code(tx, app, account, code)
    return Paper(account.id, account.user_name, codes.in_letters(tx, code), mailed)


def _let_go(tx: Session, app: Application, row: MembershipRow, today: date) -> None:
    """Open steps that they may not do any more wait for everybody of the organisation."""
    held = store.rows_of(tx, row.account_id, today)
    if not held:
        store.end_sessions_of(tx, row.account_id)
    roles = app.pack(tx).config.roles
    theirs = tasks.of_organisation(tx, row.account_id, row.organisation_id)
    lost = [spot for spot in theirs if not holds(row.account_id, held, roles, spot.freed)]
    tasks.lock_cases(tx, {spot.case_id for spot in lost})
    ids = [spot.task_id for spot in lost]
    runtime.hand_over(tx, ids, from_account=row.account_id, to_account=None)


def _seen(tx: Session, actor: Actor) -> list[Account]:
    """Everybody who ever held a role where the actor manages; the federation sees all."""
    managed = {one.organisation_id for one in actor.holding({"manager"})}
    return store.accounts_ever_of(tx, None if "federation" in actor.roles else managed)


def _require_seen(tx: Session, actor: Actor, account_id: int, refusal: type[NotFound]) -> None:
    if all(account.id != account_id for account in _seen(tx, actor)):
        raise refusal


def _require_administers(actor: Actor) -> None:
    if not rules.administers(actor):
        raise rules.NotYoursToGive


def _require(actor: Actor, tx: Session, given: Given, *, account_id: int) -> None:
    place = party_of(tx, given.place)
    rules.require_gives(actor, account_id, place.organisation_id, given.role)


def _may_end(actor: Actor, row: MembershipRow) -> bool:
    given = rules.may_give(actor, row.organisation_id)
    return row.role in given and row.account_id != actor.account_id


def _page(account: Account, roles: list[RoleLine], *, resets: bool) -> AccountPage:
    return AccountPage(
        id=account.id,
        name=account.name,
        user_name=account.user_name,
        mail=account.mail,
        phone=account.phone,
        fresh=account.password_hash is None,
        resets=resets and account.password_hash is not None,
        roles=tuple(roles),
    )
