"""Forms and decision tables in the studio."""

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Annotated

from fastapi import APIRouter, Form, Header, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from base.errors import SamplanError
from casework.access import Actor
from casework.releases import adding, parts
from casework.releases.adding import NameTaken, StillUsed
from casework.releases.parts import Kind
from casework.releases.titles import NoTitle
from web.deps import CurrentActor, NoNul, Read, Tx
from web.packs import App
from web.pages import render
from web.security import EDITOR_POLICY
from web.studio import Content, Editor, as_json, for_editor, in_words, still_used

router = APIRouter(prefix="/routines/files")
_TYPES = {Kind.FORM: "application/json", Kind.DECISION: "application/xml"}
NO_PROBLEM: Mapping[str, str] = MappingProxyType({})
_ON_ONE_PAGE = {"content-security-policy": EDITOR_POLICY}


@router.get("", name="parts")
def show_list(request: Request, tx: Read, app: App, actor: CurrentActor) -> Response:
    return _list(request, tx, app, actor)


@router.post("", name="add-form")
def add(
    request: Request,
    tx: Tx,
    app: App,
    actor: CurrentActor,
    title: Annotated[str, Form(max_length=1_000), NoNul] = "",
    what: Annotated[Kind, Form()] = Kind.FORM,
) -> Response:
    try:
        name = adding.add_part(tx, app, actor, what, title)
    except (NoTitle, NameTaken) as error:
        tx.rollback()
        with app.database.reading() as again:
            problem = {"what": what, "says": str(error), "title": title}
            return _list(request, again, app, actor, problem)
    return RedirectResponse(f"/routines/files/{name}", HTTPStatus.SEE_OTHER)


@router.get("/{name}", name="part")
def show(request: Request, tx: Read, app: App, actor: CurrentActor, name: str) -> Response:
    """The editor for owners; for everybody else what is found and what it is for."""
    page = parts.part_page(tx, app, actor, name)
    return render(
        request,
        "part",
        actor=actor,
        page=page,
        findings=in_words(app, actor, page.findings, page.path),
        headers=_ON_ONE_PAGE if page.may_edit else {},
    )


@router.get("/{name}/file", name="part-file")
def download(tx: Read, app: App, actor: CurrentActor, name: str) -> Response:
    path, content = parts.part_file(tx, app, actor, name)
    kind = _TYPES[Kind(f".{path.rpartition('.')[2]}")]
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=kind, headers=headers)


@router.post("/{name}/draft", name="save-part", dependencies=[Editor])
def save(
    app: App,
    actor: CurrentActor,
    content: Content,
    name: str,
    if_match: Annotated[str, Header()] = "",
) -> Response:
    """Keep what the editor sends; committed before it is checked, as that takes a while."""
    try:
        with app.database.transaction() as tx:
            mark = parts.save_part(tx, app, actor, name, content, mark=if_match)
        with app.database.reading() as tx:
            found = parts.try_part(tx, app, actor, name)
            path, _ = parts.part_file(tx, app, actor, name)
    except SamplanError as error:
        return as_json(app, actor, error)
    return JSONResponse({"rev": mark, "findings": for_editor(app, actor, found, path)})


@router.post("/{name}/check", name="check-part", dependencies=[Editor])
def check(tx: Read, app: App, actor: CurrentActor, content: Content, name: str) -> Response:
    """What would be found in this; nothing is kept."""
    try:
        found = parts.try_part(tx, app, actor, name, content)
        path, _ = parts.part_file(tx, app, actor, name)
    except SamplanError as error:
        return as_json(app, actor, error)
    return JSONResponse({"findings": for_editor(app, actor, found, path)})


@router.post("/{name}/remove", name="remove-part")
def remove(request: Request, tx: Tx, app: App, actor: CurrentActor, name: str) -> Response:
    try:
        adding.remove_part(tx, app, actor, name)
    except StillUsed as error:
        tx.rollback()
        return still_used(request, actor, error, f"/routines/files/{name}")
    return RedirectResponse("/routines/files?said=taken-out", HTTPStatus.SEE_OTHER)


@router.post("/{name}/discard", name="discard-part")
def discard(tx: Tx, app: App, actor: CurrentActor, name: str) -> Response:
    parts.discard_part(tx, app, actor, name)
    return RedirectResponse("/routines/files?said=discarded", HTTPStatus.SEE_OTHER)


def _list(
    request: Request,
    tx: Read,
    app: App,
    actor: Actor,
    problem: Mapping[str, str] = NO_PROBLEM,
) -> Response:
    """``problem``: which name would not do, what it was, and why."""
    rows = parts.parts(tx, app, actor)
    return render(
        request,
        "parts",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        actor=actor,
        forms=[row for row in rows if row.kind is Kind.FORM],
        decisions=[row for row in rows if row.kind is Kind.DECISION],
        may_edit=parts.may_edit(actor),
        problem=problem,
    )
