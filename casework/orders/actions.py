"""Write down, show and end the orders by which auditors read. The caller commits."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from base import clock
from base.db import Session
from base.errors import NotFound
from casework.access import Actor, CaseFacts
from casework.accounts import queries
from casework.accounts import store as accounts
from casework.accounts.tables import AuditOrder
from casework.application import Application
from casework.audit import actions as audit
from casework.orders import rules
from casework.orders.rules import NewOrder
from casework.organisations import store as organisations

_SHOWN = 100


class NoSuchOrder(NotFound):
    """There is no such order."""


@dataclass(frozen=True, slots=True)
class OrderLine:
    """An order as pages show it; ``state`` is to come, in force or over."""

    id: int
    auditor: str
    organisation: str
    reference: str
    ordered_by: str
    valid_from: date
    valid_until: date
    state: str


@dataclass(frozen=True, slots=True)
class OrdersPage:
    """The orders there are, and for whoever writes them down: auditors and organisations."""

    lines: tuple[OrderLine, ...]
    auditors: tuple[tuple[int, str], ...]
    organisations: tuple[tuple[str, str], ...]
    writes: bool


def orders_page(tx: Session, app: Application, actor: Actor) -> OrdersPage:
    """Raises NotYoursToOrder."""
    if actor.roles.isdisjoint(rules.READERS):
        raise rules.NotYoursToOrder
    today = clock.today(tx, app.zone)
    found = queries.orders(tx, limit=_SHOWN)
    auditors = _auditors(tx, today) - {actor.account_id}
    names = accounts.names(tx, auditors | {row.account_id for row in found})
    places = organisations.organisations(tx)
    return OrdersPage(
        lines=_lines(found, names, {each.id: each.title for each in places}, today),
        auditors=tuple(sorted(((one, names[one]) for one in auditors), key=lambda one: one[1])),
        organisations=tuple((each.code, each.title) for each in places),
        writes=not actor.roles.isdisjoint(rules.KEEPERS),
    )


def of_case(tx: Session, facts: CaseFacts, today: date) -> tuple[OrderLine, ...]:
    """The orders in force by which auditors read this case, for everybody who sees it."""
    if facts.restricted:
        return ()
    held = {holder.organisation_id for holder in facts.holders}
    found = queries.orders(tx, organisation_ids=held, limit=_SHOWN)
    titles = organisations.organisations_by_id(tx, held)
    lines = _lines(found, {}, {id: each.title for id, each in titles.items()}, today)
    return tuple(line for line in lines if line.state == "in_force")


def write_down(tx: Session, app: Application, actor: Actor, order: NewOrder) -> int:
    """Raises NotYoursToOrder, OrderIncomplete, BadOrderPeriod, NoAuditor, NotFound."""
    rules.require_writes(actor, order.account_id)
    rules.require_said(order)
    today = clock.today(tx, app.zone)
    first, last = rules.period(order, today)
    if order.account_id not in _auditors(tx, today):
        raise rules.NoAuditor
    row = AuditOrder(
        account_id=order.account_id,
        organisation_id=organisations.organisation(tx, order.organisation).id,
        reference=order.reference,
        ordered_by=order.ordered_by,
        valid_from=first,
        valid_until=last,
        by=actor.account_id,
        at=clock.now(tx),
    )
    tx.add(row)
    tx.flush()
    detail: dict[str, audit.Detail] = {
        "account": row.account_id,
        "organisation": row.organisation_id,
        "from": first,
        "until": last,
    }
    audit.write_by(tx, actor, "order.write", target=f"order:{row.id}", detail=detail)
    return row.id


def end(tx: Session, actor: Actor, order_id: int) -> None:
    """It opens nothing from now on; a second time changes nothing.

    Raises NotYoursToOrder, NoSuchOrder.
    """
    rules.require_writes(actor, account_id=0)
    row = queries.order(tx, order_id)
    if row is None:
        raise NoSuchOrder
    if row.ended is None:
        row.ended = clock.now(tx)
        audit.write_by(tx, actor, "order.end", target=f"order:{order_id}")


def _auditors(tx: Session, today: date) -> set[int]:
    return set(accounts.holders(tx, {"auditor"}, today))


def _lines(
    found: Collection[AuditOrder],
    names: Mapping[int, str],
    titles: Mapping[int, str],
    today: date,
) -> tuple[OrderLine, ...]:
    return tuple(
        OrderLine(
            id=row.id,
            auditor=names.get(row.account_id, ""),
            organisation=titles[row.organisation_id],
            reference=row.reference,
            ordered_by=row.ordered_by,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            state=_state(row, today),
        )
        for row in found
    )


def _state(row: AuditOrder, today: date) -> str:
    if row.ended is not None or row.valid_until < today:
        return "over"
    return "to_come" if today < row.valid_from else "in_force"
