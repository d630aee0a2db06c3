"""Routines and the versions of their packs; a draft from elsewhere."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Security
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from casework.access import Actor
from casework.releases import actions, listing
from web.api.callers import Read, Tx, acting
from web.deps import App

router = APIRouter(tags=["releases"])
Reader = Annotated[Actor, Security(acting, scopes=["releases:read"])]
Writer = Annotated[Actor, Security(acting, scopes=["releases:write"])]
Process = Annotated[str, Path(max_length=200, pattern=r"^[A-Za-z_][\w.-]*$")]


class ReleaseOut(BaseModel):
    """A version of a pack; one of each pack is in use for new cases."""

    model_config = ConfigDict(from_attributes=True)

    pack: str
    number: int
    created: datetime
    digest: str
    in_use: bool


class RoutineOut(BaseModel):
    """A diagram in use."""

    model_config = ConfigDict(from_attributes=True)

    process: str
    title: str
    version: int
    since: datetime
    has_draft: bool


class DraftIn(BaseModel):
    """The whole file, BPMN."""

    model_config = ConfigDict(extra="forbid")

    content: Annotated[str, Field(max_length=2_097_152)]


@router.get("/releases", name="api-releases")
def list_releases(tx: Read, actor: Reader) -> list[ReleaseOut]:
    """Every pack's versions, newest first."""
    return [ReleaseOut.model_validate(each) for each in listing.published(tx, actor)]


@router.get("/routines", name="api-routines")
def list_routines(tx: Read, app: App, actor: Reader) -> list[RoutineOut]:
    """The diagrams in use, by title."""
    rows = actions.routines(tx, app, actor)
    return [RoutineOut.model_validate(row) for row in rows if row.version is not None]


@router.put("/routines/{process}/draft", name="api-upload-draft", status_code=204)
def upload_draft(tx: Tx, app: App, actor: Writer, process: Process, body: DraftIn) -> Response:
    """Take over a file as the draft, if it brings no error; what is in use stays."""
    actions.upload(tx, app, actor, process, body.content.encode())
    return Response(status_code=204)
