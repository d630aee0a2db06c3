"""Written orders by which auditors read what is in cases."""

from collections.abc import Mapping
from datetime import date
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from base.errors import Invalid
from casework.access import Actor
from casework.orders import actions
from casework.orders.actions import OrdersPage
from casework.orders.rules import BadOrderPeriod, NewOrder
from web.deps import App, CurrentActor, NoNul, Number, Read, SentNumber, Tx
from web.pages import render

router = APIRouter(prefix="/protection/orders")
_Line = Annotated[str, Form(max_length=200), NoNul]
_Day = Annotated[str, Form(max_length=10)]


@router.get("", name="orders")
def show(request: Request, tx: Read, app: App, actor: CurrentActor) -> Response:
    return _page(request, actor, actions.orders_page(tx, app, actor))


@router.post("", name="write-order")
def write(
    request: Request,
    tx: Tx,
    app: App,
    actor: CurrentActor,
    auditor: SentNumber = 0,
    organisation: _Line = "",
    reference: _Line = "",
    ordered_by: _Line = "",
    valid_from: _Day = "",
    valid_until: _Day = "",
) -> Response:
    typed = {
        "auditor": str(auditor),
        "organisation": organisation,
        "reference": reference,
        "ordered_by": ordered_by,
        "valid_from": valid_from,
        "valid_until": valid_until,
    }
    try:
        order = NewOrder(
            account_id=auditor,
            organisation=organisation,
            reference=reference.strip(),
            ordered_by=ordered_by.strip(),
            valid_from=_day(valid_from),
            valid_until=_day(valid_until),
        )
        actions.write_down(tx, app, actor, order)
    except Invalid as error:
        page = actions.orders_page(tx, app, actor)
        return _page(request, actor, page, typed=typed, problem=str(error))
    return RedirectResponse("/protection/orders?said=ordered", HTTPStatus.SEE_OTHER)


@router.post("/{order_id}/end", name="end-order")
def end(tx: Tx, actor: CurrentActor, order_id: Number) -> Response:
    actions.end(tx, actor, order_id)
    return RedirectResponse("/protection/orders?said=order-ended", HTTPStatus.SEE_OTHER)


def _page(
    request: Request,
    actor: Actor,
    page: OrdersPage,
    *,
    typed: Mapping[str, str] | None = None,
    problem: str = "",
) -> Response:
    return render(
        request,
        "orders",
        actor=actor,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        page=page,
        typed=typed or {},
        problem=problem,
    )


def _day(text: str) -> date | None:
    """Raises BadOrderPeriod for what is no date."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadOrderPeriod from error
