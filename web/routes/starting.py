"""Raise a new case."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from casework import start
from web.deps import App, CurrentActor, Read, SentNumber, Tx
from web.pages import render

router = APIRouter(prefix="/cases/new")


@router.get("", name="new-case")
def ask(request: Request, tx: Read, app: App, actor: CurrentActor) -> Response:
    return render(request, "new-case", actor=actor, page=start.start_page(tx, app, actor))


@router.post("", name="start-case")
def begin(
    tx: Tx,
    app: App,
    actor: CurrentActor,
    group: SentNumber,
    key: Annotated[str, Form(alias="_key", min_length=1, max_length=100)],
    restricted: Annotated[bool, Form()] = False,
) -> Response:
    case_id, task_id = start.start_case(
        tx, app, actor, group_id=group, key=key, restricted=restricted
    )
    place = f"/tasks/{task_id}" if task_id else f"/cases/{case_id}"
    return RedirectResponse(f"{place}?said=started", HTTPStatus.SEE_OTHER)
