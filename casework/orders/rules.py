"""What an order must say, and who writes it down. Pure. Source: domain.md §5 (auditors)."""

from dataclasses import dataclass
from datetime import date, timedelta

from base.errors import Invalid, NotAllowed
from casework.access import Actor

#: The federation writes orders down; auditors read which there are.
KEEPERS, READERS = frozenset({"federation"}), frozenset({"federation", "auditor"})
LONGEST = timedelta(days=366)
_MOST_TEXT = 200


class NotYoursToOrder(NotAllowed):
    """The federation writes down what auditors were ordered to read, and never for itself."""

    code = "role"


class OrderIncomplete(Invalid):
    """Give the reference of the written order, and which office ordered it."""


class BadOrderPeriod(Invalid):
    """Choose a first and a last day that has not passed, a year apart at most."""


class NoAuditor(Invalid):
    """Choose somebody who audits today."""


@dataclass(frozen=True, slots=True)
class NewOrder:
    """An order on paper: to whom, for whose cases, from when until when."""

    account_id: int
    organisation: str
    reference: str
    ordered_by: str
    valid_from: date | None
    valid_until: date | None


def require_writes(actor: Actor, account_id: int) -> None:
    """Raises NotYoursToOrder."""
    if actor.roles.isdisjoint(KEEPERS) or actor.account_id == account_id:
        raise NotYoursToOrder


def period(order: NewOrder, today: date) -> tuple[date, date]:
    """First and last day. Raises BadOrderPeriod."""
    first, last = order.valid_from, order.valid_until
    if first is None or last is None or not first <= last <= first + LONGEST or last < today:
        raise BadOrderPeriod
    return first, last


def require_said(order: NewOrder) -> None:
    """Raises OrderIncomplete."""
    for text in (order.reference, order.ordered_by):
        if not 0 < len(text) <= _MOST_TEXT:
            raise OrderIncomplete
