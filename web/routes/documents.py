"""Texts that are given to people, changed in a plain field and seen as they print."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from casework.access import Actor
from casework.releases import documents
from casework.releases.documents import (
    DocumentExists,
    DocumentPage,
    DocumentTooLong,
)
from casework.releases.parts import may_edit
from casework.releases.titles import NoTitle
from web.deps import CurrentActor, NoNul, Read, Sent, Tx, first
from web.downloads import handed_over
from web.packs import App
from web.pages import render
from web.studio import in_words

router = APIRouter(prefix="/routines/documents")
_PAGE = "/routines/documents"


@router.get("", name="documents")
def show_list(request: Request, tx: Read, app: App, actor: CurrentActor) -> Response:
    return _list(request, tx, app, actor)


@router.post("", name="add-document")
def add(
    request: Request,
    tx: Tx,
    app: App,
    actor: CurrentActor,
    title: Annotated[str, Form(max_length=1_000), NoNul] = "",
) -> Response:
    try:
        name, code = documents.add_document(tx, app, actor, title)
    except (NoTitle, DocumentExists) as error:
        tx.rollback()
        with app.database.reading() as again:
            return _list(request, again, app, actor, problem=str(error), title=title)
    return RedirectResponse(f"{_PAGE}/{name}/{code}", HTTPStatus.SEE_OTHER)


@router.get("/{document}", name="translate-document")
def choose(tx: Read, app: App, actor: CurrentActor, document: str, language: str = "") -> Response:
    """To the page of a language that was chosen from the list of all."""
    page = documents.document_page(tx, app, actor, document, language)
    return RedirectResponse(f"{_PAGE}/{document}/{page.code}", HTTPStatus.SEE_OTHER)


@router.get("/{document}/{language}", name="document")
def show(
    request: Request, tx: Read, app: App, actor: CurrentActor, document: str, language: str
) -> Response:
    page = documents.document_page(tx, app, actor, document, language)
    return _render(request, app, actor, page)


@router.post("/{document}/{language}", name="save-document")
def save(
    request: Request,
    tx: Tx,
    app: App,
    actor: CurrentActor,
    sent: Sent,
    document: str,
    language: str,
) -> Response:
    text = first(sent, "text")
    try:
        changed = documents.save_document(
            tx, app, actor, document, language, text, mark=first(sent, "mark")
        )
    except DocumentTooLong as error:
        tx.rollback()
        with app.database.reading() as again:
            page = documents.document_page(again, app, actor, document, language)
        return _render(request, app, actor, page, problem=str(error), typed=text)
    said = "document" if changed else "nothing-changed"
    return RedirectResponse(f"{_PAGE}/{document}/{language}?said={said}", HTTPStatus.SEE_OTHER)


@router.get("/{document}/{language}/file", name="document-file")
def download(tx: Read, app: App, actor: CurrentActor, document: str, language: str) -> Response:
    file, content = documents.document_file(tx, app, actor, document, language)
    return handed_over(content, file, "text/markdown; charset=utf-8")


@router.get("/{document}/{language}/preview.pdf", name="preview-document")
def preview(tx: Read, app: App, actor: CurrentActor, document: str, language: str) -> Response:
    """The draft as it would print, with made-up details."""
    paper = documents.preview(tx, app, actor, document, language)
    return handed_over(paper, f"{document}-{language}.pdf", "application/pdf")


@router.post("/{document}/{language}/discard", name="discard-document")
def discard(tx: Tx, app: App, actor: CurrentActor, document: str, language: str) -> Response:
    documents.discard_document(tx, app, actor, document, language)
    return RedirectResponse(f"{_PAGE}?said=discarded", HTTPStatus.SEE_OTHER)


def _list(
    request: Request, tx: Read, app: App, actor: Actor, *, problem: str = "", title: str = ""
) -> Response:
    return render(
        request,
        "documents",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        actor=actor,
        rows=documents.document_rows(tx, app, actor),
        may_edit=may_edit(actor),
        problem=problem,
        title=title,
    )


def _render(
    request: Request,
    app: App,
    actor: Actor,
    page: DocumentPage,
    *,
    problem: str = "",
    typed: str | None = None,
) -> Response:
    return render(
        request,
        "document",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        actor=actor,
        page=page,
        findings=in_words(app, actor, page.findings, page.path),
        problem=problem,
        text=page.text if typed is None else typed,
    )
