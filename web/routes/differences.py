"""What a draft or a version changes: in words, on diagrams, and as an annex to the minutes."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from base.errors import Invalid
from casework.access import Actor
from casework.application import Application
from casework.releases import comments, comparing
from casework.releases.comments import Comment
from casework.releases.model import ChangedFile, DifferencesPage
from casework.words import Words
from engine.diagram import Box, Process
from web.deps import CurrentActor, NoNul, Number, Read, Tx
from web.drawing import Drawing, draw, part_with
from web.packs import App
from web.pages import render

router = APIRouter(prefix="/routines")


@router.get("/{process}/differences", name="routine-differences")
def show_draft(
    request: Request, tx: Read, app: App, actor: CurrentActor, process: str
) -> Response:
    page = comparing.draft_differences(tx, app, actor, process)
    return _render(request, actor, page, comments.comments(tx, app, actor))


@router.get("/{process}/differences/{number}", name="version-differences")
def show_version(
    request: Request, tx: Read, app: App, actor: CurrentActor, process: str, number: Number
) -> Response:
    page = comparing.version_differences(tx, app, actor, process, number)
    return _render(request, actor, page, comments.comments(tx, app, actor, number=number))


@router.post("/{process}/comments", name="comment-draft")
def say(
    request: Request,
    tx: Tx,
    app: App,
    actor: CurrentActor,
    process: str,
    element: Annotated[str, Form(max_length=200), NoNul] = "",
    text: Annotated[str, Form(max_length=10_000), NoNul] = "",
) -> Response:
    try:
        comments.say(tx, app, actor, process, element=element, text=text)
    except Invalid as error:
        tx.rollback()
        return _refused(request, app, actor, process, error, element=element, text=text)
    back = f"/routines/{process}/differences?said=commented#comments"
    return RedirectResponse(back, HTTPStatus.SEE_OTHER)


@router.post("/{process}/comments/{comment}/answer", name="answer-comment")
def answer(
    request: Request,
    tx: Tx,
    app: App,
    actor: CurrentActor,
    process: str,
    comment: Number,
    text: Annotated[str, Form(max_length=10_000), NoNul] = "",
) -> Response:
    try:
        comments.answer(tx, app, actor, comment, text=text)
    except Invalid as error:
        tx.rollback()
        return _refused(request, app, actor, process, error, answering=comment, text=text)
    back = f"/routines/{process}/differences?said=answered-comment#comments"
    return RedirectResponse(back, HTTPStatus.SEE_OTHER)


def _refused(
    request: Request,
    app: Application,
    actor: Actor,
    process: str,
    error: Invalid,
    *,
    text: str,
    element: str = "",
    answering: int = 0,
) -> Response:
    """The page again with what was typed."""
    with app.database.reading() as again:
        page = comparing.draft_differences(again, app, actor, process)
        told = comments.comments(again, app, actor)
    typed = Typed(text, element, answering, str(error))
    return _render(request, actor, page, told, typed)


@dataclass(frozen=True, slots=True)
class Typed:
    """A comment, or the answer to the one with the number ``answering``, that was not taken."""

    text: str = ""
    element: str = ""
    answering: int = 0
    problem: str = ""


_NOTHING = Typed()


def _render(
    request: Request,
    actor: Actor,
    page: DifferencesPage,
    told: list[Comment],
    typed: Typed = _NOTHING,
) -> Response:
    drawings = {file.path: _drawings(file) for file in page.files}
    return render(
        request,
        "differences",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if typed.problem else HTTPStatus.OK,
        actor=actor,
        page=page,
        drawings=drawings,
        comments=told,
        typed=typed,
    )


def _drawings(file: ChangedFile) -> tuple[Drawing | None, Drawing | None]:
    """A diagram as it is and as it would be; None where there is none.

    Only the part that differs, unless that is only drawn elsewhere.
    """
    told = [id for id, kind in file.marks.items() if kind != "moved"]
    view = part_with(filter(None, (file.before, file.after)), told)
    return (
        _drawn(file.before, file.words_before, file.marks, view),
        _drawn(file.after, file.words_after, file.marks, view),
    )


def _drawn(
    process: Process | None, words: Words, marks: Mapping[str, str], view: Box | None
) -> Drawing | None:
    if process is None:
        return None
    return draw(process, name_of=words.naming(process.id), marks=marks, view=view)
