"""Preview a list of accounts and roles, then do as it says. The caller commits."""

from collections.abc import Sequence

from base import clock
from base.db import Session
from base.errors import Conflict
from casework.access import Actor, Party
from casework.account_register import actions as register
from casework.account_register import rules as giving
from casework.account_register.model import Given, Newcomer
from casework.accounts import store as accounts
from casework.application import Application
from casework.listing import reading
from casework.organisations import store as organisations
from casework.staff_list import rules
from casework.staff_list.rules import Held, Known, Line, Person


class ListOverdue(Conflict):
    """Some rows are wrong by now. Nothing has been written; hand the list in again."""


def preview(tx: Session, app: Application, actor: Actor, content: bytes) -> list[Line]:
    """What would become of every row; statements do not grow with them.

    Raises NotYoursToGive, Unreadable, TooLarge, TooMany, NoHead.
    """
    if not giving.administers(actor):
        raise giving.NotYoursToGive
    rows = reading.rows(content)
    places = rules.require_head(rows)
    return rules.compare(rows, places, _known(tx, app, actor, rows, places["user_name"]))


def write(tx: Session, app: Application, actor: Actor, content: bytes) -> int:
    """Make, give and end as the list says; how many rows. A row that is wrong stops everything.

    Locks the organisations: a list that is sent twice at once is written once. Invitations leave
    when the transaction has. Raises ListOverdue and what `preview` does.
    """
    organisations.lock_organisations(tx)
    lines = preview(tx, app, actor, content)
    if any(line.becomes == "wrong" for line in lines):
        raise ListOverdue
    for line in lines:
        _write(tx, app, actor, line)
    return sum(line.becomes != "unchanged" for line in lines)


def _write(tx: Session, app: Application, actor: Actor, line: Line) -> None:
    if line.becomes in {"ended", "changed"}:
        register.end_role(tx, app, actor, line.membership_id, last_day=line.last_day)
    elif line.becomes in {"made", "given"}:
        first = line.first_day or clock.today(tx, app.zone)
        given = Given(line.place, line.role, first, line.last_day)
        account = accounts.by_user_name(tx, line.user_name)
        if account is not None:
            register.give_role(tx, app, actor, account.id, given)
            return
        told = (line.cells.get(column, "") for column in rules.TOLD)
        register.invite(tx, app, actor, Newcomer(line.user_name, *told), given)


def _known(
    tx: Session, app: Application, actor: Actor, rows: Sequence[Sequence[str]], column: int
) -> Known:
    today = clock.today(tx, app.zone)
    places = _places(tx)
    managed = {one.organisation_id for one in actor.holding({"manager"})}
    found = accounts.accounts_ever_of(tx, None if "federation" in actor.roles else managed)
    names = {account.id: account.user_name for account in found}
    named = {row[column].casefold() for row in rows[1:] if column < len(row)}
    held = accounts.roles_of_many(tx, names)
    return Known(
        people={
            each.user_name: Person(
                each.active, {"name": each.name, "mail": each.mail, "phone": each.phone}
            )
            for each in found
        },
        taken=frozenset(accounts.user_names_there(tx, named) - set(names.values())),
        held={
            (names[row.account_id], places[Party(row.organisation_id, row.unit_id)], row.role): (
                Held(row.id, row.valid_until)
            )
            for row in held
            if row.group_id is None and (row.valid_until is None or row.valid_until >= today)
        },
        places={code: giving.may_give(actor, at.organisation_id) for at, code in places.items()},
        own=accounts.by_id(tx, actor.account_id).user_name,
        today=today,
    )


def _places(tx: Session) -> dict[Party, str]:
    """Every organisation and unit, and its code as a list names it."""
    codes = {each.id: each.code for each in organisations.organisations(tx)}
    places = {Party(each): code for each, code in codes.items()}
    for unit in organisations.units(tx):
        code = f"{codes[unit.organisation_id]}/{unit.code}"
        places[Party(unit.organisation_id, unit.id)] = code
    return places
