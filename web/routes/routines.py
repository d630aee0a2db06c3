"""The studio: how diagrams are changed, checked, agreed on and brought into use."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Header, Request
from starlette.datastructures import UploadFile
from starlette.responses import JSONResponse, RedirectResponse, Response

from base.errors import Invalid, NotAllowed, SamplanError
from casework.access import Actor
from casework.application import Application
from casework.news.actions import NewsTooLong
from casework.personal import PointsAtSomebody
from casework.releases import actions, adding, comments, knowing, letting, parts, proposing
from casework.releases.actions import NewErrors
from casework.releases.adding import NameTaken, StillUsed
from casework.releases.comments import Comment
from casework.releases.following import Following
from casework.releases.model import RoutinePage
from casework.releases.proposing import (
    BeginsInThePast,
    ReasonTooLong,
    ReferenceMissing,
    ReferenceTooLong,
)
from casework.releases.titles import NoTitle
from engine.check import Finding
from web.deps import CurrentActor, NoNul, Read, Sent, Tx
from web.drawing import draw
from web.errors import status_of
from web.packs import App, whom_it_concerns
from web.pages import render
from web.security import EDITOR_POLICY
from web.studio import Content, Editor, as_json, for_editor, in_words, still_used

router = APIRouter(prefix="/routines")
_XML = "application/xml"


class NoFile(Invalid):
    """Choose a file first."""


async def _file(request: Request, _actor: CurrentActor) -> bytes:
    """The one file of the form; raises NoFile if none was chosen."""
    async with request.form(max_files=1, max_fields=10) as form:
        sent = form.get("file")
        if not isinstance(sent, UploadFile) or not sent.filename:
            raise NoFile
        return await sent.read()


Chosen = Annotated[bytes, Depends(_file)]
Digest = Annotated[str, Form(max_length=100)]
#: Fields of the form that say what is new, one a role.
_NEWS = "news:"
_UNTYPED: Mapping[str, Any] = {"reference": "", "reason": "", "begins": "", "typed_news": {}}
#: Which field of the form a refusal is about.
_FIELDS: dict[type[SamplanError], str] = {
    ReferenceMissing: "reference",
    ReferenceTooLong: "reference",
    ReasonTooLong: "reason",
    BeginsInThePast: "begins",
    NewsTooLong: "news",
    PointsAtSomebody: "news",
}


@router.get("", name="routines")
def show_list(request: Request, tx: Read, app: App, actor: CurrentActor) -> Response:
    return _list(request, tx, app, actor)


@router.post("", name="add-routine")
def add(
    request: Request,
    tx: Tx,
    app: App,
    actor: CurrentActor,
    title: Annotated[str, Form(max_length=1_000), NoNul] = "",
    like: Annotated[str, Form(max_length=1_000), NoNul] = "",
) -> Response:
    """``like``: the process of the diagram to begin as, empty for none."""
    try:
        process = adding.add_diagram(tx, app, actor, title, like=like)
    except (NoTitle, NameTaken) as error:
        tx.rollback()
        with app.database.reading() as again:
            return _list(request, again, app, actor, problem=str(error), title=title, like=like)
    return RedirectResponse(f"/routines/{process}?said=diagram-begun", HTTPStatus.SEE_OTHER)


@router.get("/choices.json", name="routine-choices")
def offer_choices(tx: Read, app: App, actor: CurrentActor) -> Response:
    found = actions.choices(tx, app, actor) | parts.part_choices(tx, app, actor)
    return JSONResponse(
        {
            name: [{"value": choice.value, "label": choice.label} for choice in choices]
            for name, choices in found.items()
        }
    )


@router.get("/templates.json", name="routine-templates")
def offer_templates(tx: Read, app: App, actor: CurrentActor) -> Response:
    return JSONResponse(actions.templates(tx, app, actor))


@router.get("/{process}", name="routine")
def show(request: Request, tx: Read, app: App, actor: CurrentActor, process: str) -> Response:
    """The editor for owners, which asks for the check; for others the diagram as it would be."""
    if not parts.may_edit(actor):
        return review(request, tx, app, actor, process)
    page = actions.routine_page(tx, app, actor, process, checked=False)
    return render(
        request,
        "routine",
        actor=actor,
        page=page,
        headers={"content-security-policy": EDITOR_POLICY},
    )


@router.get("/{process}/review", name="routine-review")
def review(request: Request, tx: Read, app: App, actor: CurrentActor, process: str) -> Response:
    """What changes, what is found, whom it concerns; where one proposes and says yes."""
    page = actions.routine_page(tx, app, actor, process)
    return _review(request, app, actor, page, comments.comments(tx, app, actor))


@router.get("/{process}/file", name="routine-file")
def download(tx: Read, app: App, actor: CurrentActor, process: str) -> Response:
    name, content = actions.file(tx, app, actor, process)
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=_XML, headers=headers)


@router.get("/{process}/known.json", name="routine-known")
def offer_known(tx: Read, app: App, actor: CurrentActor, process: str) -> Response:
    """What is known where in the draft, for whoever writes a condition."""
    return JSONResponse(asdict(knowing.known(tx, app, actor, process)))


@router.post("/{process}/draft", name="save-routine", dependencies=[Editor])
def save(
    app: App,
    actor: CurrentActor,
    content: Content,
    process: str,
    if_match: Annotated[str, Header()] = "",
) -> Response:
    """Keep what the editor sends; committed before it is checked, as that takes a while."""
    try:
        with app.database.transaction() as tx:
            mark = actions.save_draft(tx, app, actor, process, content, mark=if_match)
        with app.database.reading() as tx:
            found = actions.try_content(tx, app, actor, process)
            answers = letting.answers_to_let_in(tx, app, found)
            name, _ = actions.file(tx, app, actor, process)
    except SamplanError as error:
        return as_json(app, actor, error)
    return JSONResponse({"rev": mark, "findings": for_editor(app, actor, found, name, answers)})


@router.post("/{process}/check", name="check-routine", dependencies=[Editor])
def check(tx: Read, app: App, actor: CurrentActor, content: Content, process: str) -> Response:
    """What would be found in this; nothing is kept."""
    try:
        found = actions.try_content(tx, app, actor, process, content)
        answers = letting.answers_to_let_in(tx, app, found)
        name, _ = actions.file(tx, app, actor, process)
    except SamplanError as error:
        return as_json(app, actor, error)
    return JSONResponse({"findings": for_editor(app, actor, found, name, answers)})


@router.post("/{process}/upload", name="upload-routine")
def upload(
    request: Request, tx: Tx, app: App, actor: CurrentActor, content: Chosen, process: str
) -> Response:
    try:
        actions.upload(tx, app, actor, process, content)
    except NotAllowed:
        raise
    except SamplanError as error:
        tx.rollback()
        return _upload_refused(request, app, actor, process, error)
    return RedirectResponse(f"/routines/{process}?said=uploaded", HTTPStatus.SEE_OTHER)


@router.post("/{process}/propose", name="propose-routine")
def propose(
    request: Request,
    tx: Tx,
    app: App,
    actor: CurrentActor,
    process: str,
    sent: Sent,
    digest: Digest,
    reference: Annotated[str, Form(max_length=2_000), NoNul] = "",
    reason: Annotated[str, Form(max_length=10_000), NoNul] = "",
    begins: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    told = {"reference": reference, "reason": reason}
    notes = {name.removeprefix(_NEWS): text for name, text in sent if name.startswith(_NEWS)}
    try:
        day = _day(begins)
        in_use = proposing.propose(
            tx, app, actor, process, digest=digest, begins=day, told=notes, **told
        )
    except tuple(_FIELDS) as error:
        tx.rollback()
        with app.database.reading() as again:
            page = actions.routine_page(again, app, actor, process)
            said = comments.comments(again, app, actor)
        typed = {"begins": begins, "typed_news": notes, **told}
        return _review(request, app, actor, page, said, problem=error, typed=typed)
    if in_use:
        return _published(request)
    return RedirectResponse(f"/routines/{process}/review?said=proposed", HTTPStatus.SEE_OTHER)


@router.post("/{process}/approve", name="approve-routine")
def approve(
    request: Request, tx: Tx, app: App, actor: CurrentActor, process: str, digest: Digest
) -> Response:
    if proposing.approve(tx, app, actor, process, digest=digest):
        return _published(request)
    return RedirectResponse(f"/routines/{process}/review?said=agreed-to", HTTPStatus.SEE_OTHER)


@router.post("/{process}/send-back", name="send-back-routine")
def send_back(tx: Tx, app: App, actor: CurrentActor, process: str) -> Response:
    proposing.send_back(tx, app, actor, process)
    return RedirectResponse(f"/routines/{process}/review?said=sent-back", HTTPStatus.SEE_OTHER)


@router.post("/{process}/discard", name="discard-routine")
def discard(tx: Tx, app: App, actor: CurrentActor, process: str) -> Response:
    actions.discard(tx, app, actor, process)
    return RedirectResponse("/routines?said=discarded", HTTPStatus.SEE_OTHER)


@router.post("/{process}/remove", name="remove-routine")
def remove(request: Request, tx: Tx, app: App, actor: CurrentActor, process: str) -> Response:
    try:
        adding.remove_diagram(tx, app, actor, process)
    except StillUsed as error:
        tx.rollback()
        return still_used(request, actor, error, f"/routines/{process}")
    return RedirectResponse("/routines?said=taken-out", HTTPStatus.SEE_OTHER)


def _list(
    request: Request,
    tx: Read,
    app: Application,
    actor: Actor,
    *,
    problem: str = "",
    title: str = "",
    like: str = "",
) -> Response:
    found = actions.routines(tx, app, actor)
    return render(
        request,
        "routines",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        actor=actor,
        routines=found,
        may_edit=parts.may_edit(actor),
        to_begin_as=adding.to_begin_as(found),
        problem=problem,
        title=title,
        like=like,
    )


def _published(request: Request) -> Response:
    said = "in-use" if whom_it_concerns(request) is Following.FOLLOWED else "approved"
    return RedirectResponse(f"/routines?said={said}", HTTPStatus.SEE_OTHER)


def _day(written: str) -> date | None:
    """Raises BeginsInThePast for what is no day."""
    try:
        return date.fromisoformat(written) if written.strip() else None
    except ValueError as error:
        raise BeginsInThePast from error


def _review(
    request: Request,
    app: Application,
    actor: Actor,
    page: RoutinePage,
    said: list[Comment],
    *,
    problem: SamplanError | None = None,
    typed: Mapping[str, Any] = _UNTYPED,
) -> Response:
    drawing = draw(page.drawn, name_of=page.words.naming(page.drawn.id), marks=page.marks)
    return render(
        request,
        "routine-review",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        actor=actor,
        page=page,
        drawing=drawing,
        comments=said,
        findings=in_words(app, actor, page.findings, page.file),
        problem=str(problem) if problem else "",
        field=_FIELDS[type(problem)] if problem else "",
        **typed,
    )


def _upload_refused(
    request: Request, app: Application, actor: Actor, process: str, error: SamplanError
) -> Response:
    """Why the file was not taken over, step by step; nothing has changed."""
    found: tuple[Finding, ...] = error.findings if isinstance(error, NewErrors) else ()
    return render(
        request,
        "routine-refused",
        status=status_of(error),
        actor=actor,
        process=process,
        sentence=str(error),
        findings=in_words(app, actor, found, ""),
    )
