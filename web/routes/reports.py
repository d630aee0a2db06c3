"""Reports: hand one in, read the register, take it along as a file."""

import csv
import json
from http import HTTPStatus
from io import StringIO
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import RedirectResponse, Response

from base.errors import Invalid
from casework.access import Actor
from casework.naming import local_day
from casework.report_register import actions
from casework.report_register.model import NewReport, ReportRow
from casework.reports.filing import Pin
from forms import problems
from web.deps import App, CurrentActor, NoNul, Number, PartNumber, Read, Sent, Tx, first
from web.errors import status_of
from web.pages import render
from web.routes.overview import safe
from web.routes.tasks import asks_rows

router = APIRouter(prefix="/reports")
_OURS = frozenset({"_key", "_process", "_element", "_group"})
_Code = Annotated[str, Query(max_length=64)]
_COLUMNS = ("number", "kind", "type", "area", "happened", "status", "filed", "reference")


@router.get("", name="reports")
def show_list(
    request: Request,
    tx: Read,
    app: App,
    actor: CurrentActor,
    kind: _Code = "",
    status: _Code = "",
    part: PartNumber = 1,
) -> Response:
    found = actions.register(tx, app, actor, kind=kind, status=status, part=part)
    return render(request, "reports", actor=actor, page=found)


@router.get("/register.csv", name="reports-csv")
def download_csv(
    tx: Read, app: App, actor: CurrentActor, kind: _Code = "", status: _Code = ""
) -> Response:
    rows = actions.all_rows(tx, app, actor, kind=kind, status=status)
    text = StringIO()
    lines = [_COLUMNS, *(tuple(_cells(row, app.zone).values()) for row in rows)]
    csv.writer(text, delimiter=";").writerows(safe(lines))
    # The mark at the beginning tells spreadsheets that this is UTF-8.
    return _file(f"\ufeff{text.getvalue()}", "text/csv; charset=utf-8", "reports.csv")


@router.get("/register.json", name="reports-json")
def download_json(
    tx: Read, app: App, actor: CurrentActor, kind: _Code = "", status: _Code = ""
) -> Response:
    rows = actions.all_rows(tx, app, actor, kind=kind, status=status)
    text = json.dumps([_cells(row, app.zone) for row in rows], ensure_ascii=False, indent=1)
    return _file(text, "application/json", "reports.json")


@router.get("/new", name="new-report")
def ask(
    request: Request,
    tx: Read,
    app: App,
    actor: CurrentActor,
    kind: _Code = "deviation",
    process: _Code = "",
    element: Annotated[str, Query(max_length=200)] = "",
    group: Annotated[int | None, Query(ge=0, lt=2**31)] = None,
) -> Response:
    pin = Pin(process, element, group)
    return _new(request, actor, pin, actions.new_report(tx, app, actor, kind, pin))


@router.post("/new/{kind}", name="file-report")
def file_report(
    request: Request, tx: Tx, app: App, actor: CurrentActor, sent: Sent, kind: str
) -> Response:
    answers = [(name, value) for name, value in sent if name not in _OURS]
    group = first(sent, "_group")
    pin = Pin(
        first(sent, "_process"),
        first(sent, "_element"),
        int(group) if group.isascii() and group.isdecimal() and len(group) < 10 else None,
    )
    key = first(sent, "_key")
    if asks_rows(answers):
        page = actions.new_report(tx, app, actor, kind, pin, sent=answers, key=key)
        return _new(request, actor, pin, page)
    filed = actions.file_report(tx, app, actor, kind, pin, answers, key=key)
    if isinstance(filed, NewReport):
        tx.rollback()
        return _new(request, actor, pin, filed)
    return RedirectResponse(f"/reports/{filed}?said=reported", HTTPStatus.SEE_OTHER)


@router.get("/{report_id}", name="report")
def show(request: Request, tx: Read, app: App, actor: CurrentActor, report_id: Number) -> Response:
    page = actions.report_page(tx, app, actor, report_id)
    return render(request, "report", actor=actor, page=page, problem="", typed="")


@router.post("/{report_id}/reference", name="refer-report")
def refer(
    request: Request,
    tx: Tx,
    app: App,
    actor: CurrentActor,
    report_id: Number,
    reference: Annotated[str, Form(max_length=80), NoNul] = "",
) -> Response:
    try:
        actions.refer(tx, actor, report_id, reference)
    except Invalid as error:
        tx.rollback()
        with request.app.state.database.reading() as again:
            page = actions.report_page(again, app, actor, report_id)
        return render(
            request,
            "report",
            status=status_of(error),
            actor=actor,
            page=page,
            problem=str(error),
            typed=reference,
        )
    return RedirectResponse(f"/reports/{report_id}?said=referred", HTTPStatus.SEE_OTHER)


def _new(request: Request, actor: Actor, pin: Pin, page: NewReport) -> Response:
    return render(
        request,
        "new-report",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if page.errors else HTTPStatus.OK,
        actor=actor,
        page=page,
        pin=pin,
        problems=problems(page.rows),
    )


def _cells(row: ReportRow, zone: str) -> dict[str, str]:
    cells = {name: str(getattr(row, name)) for name in _COLUMNS}
    return cells | {"filed": str(local_day(row.filed, zone))}


def _file(body: str, kind: str, name: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type=kind, headers=headers)
