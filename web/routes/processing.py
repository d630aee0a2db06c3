"""The register of processing, the annex to an impact assessment, and the log of breaches."""

from dataclasses import asdict
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from base.db import Session
from base.errors import Invalid, SamplanError
from casework.access import Actor
from casework.processing import actions, paper
from casework.processing.register import assessment, register
from web.deps import App, CurrentActor, NoNul, Number, Read, SentNumber, Tx
from web.pages import render

router = APIRouter(prefix="/protection")


@router.get("/register", name="processing")
def show(request: Request, tx: Read, app: App, actor: CurrentActor) -> Response:
    page = register(tx, app, actor)
    return render(request, "processing", actor=actor, page=page)


@router.get("/register/print", name="print-processing")
def show_printed(tx: Read, app: App, actor: CurrentActor) -> Response:
    document = paper.printed_register(tx, app, actor)
    headers = {"content-disposition": 'inline; filename="register.pdf"'}
    return Response(document, media_type="application/pdf", headers=headers)


@router.get("/register/data", name="processing-data")
def show_data(tx: Read, app: App, actor: CurrentActor) -> Response:
    headers = {"content-disposition": 'attachment; filename="register.json"'}
    return JSONResponse(asdict(register(tx, app, actor)), headers=headers)


@router.get("/assessment", name="assessment")
def show_assessment(request: Request, tx: Read, app: App, actor: CurrentActor) -> Response:
    page = assessment(tx, app, actor)
    return render(request, "assessment", actor=actor, page=page)


@router.get("/assessment/print", name="print-assessment")
def show_printed_assessment(tx: Read, app: App, actor: CurrentActor) -> Response:
    document = paper.printed_assessment(tx, app, actor)
    headers = {"content-disposition": 'inline; filename="assessment.pdf"'}
    return Response(document, media_type="application/pdf", headers=headers)


@router.get("/breaches", name="breaches")
def show_breaches(request: Request, tx: Read, actor: CurrentActor) -> Response:
    return _breaches(request, tx, actor)


@router.post("/breaches", name="note-breach")
def note(
    request: Request,
    tx: Tx,
    actor: CurrentActor,
    what: Annotated[str, Form(max_length=2000), NoNul] = "",
    people: SentNumber = 0,
) -> Response:
    try:
        actions.note_breach(tx, actor, what, people)
    except Invalid as error:
        return _breaches(request, tx, actor, problem=error, typed=what)
    return RedirectResponse("/protection/breaches?said=clock-begun", HTTPStatus.SEE_OTHER)


@router.post("/breaches/{number}/report", name="report-breach")
def report(
    request: Request,
    tx: Tx,
    actor: CurrentActor,
    number: Number,
    reference: Annotated[str, Form(max_length=300), NoNul] = "",
) -> Response:
    try:
        actions.report_breach(tx, actor, number, reference)
    except Invalid as error:
        return _breaches(request, tx, actor, problem=error)
    return RedirectResponse("/protection/breaches?said=dealt-with", HTTPStatus.SEE_OTHER)


def _breaches(
    request: Request,
    tx: Session,
    actor: Actor,
    *,
    problem: SamplanError | None = None,
    typed: str = "",
) -> Response:
    return render(
        request,
        "breaches",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        actor=actor,
        found=actions.breaches(tx, actor),
        problem=str(problem) if problem else "",
        typed=typed,
    )
