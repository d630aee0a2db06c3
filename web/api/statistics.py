"""Counts, hidden where they are small: the same words as on the overview."""

from typing import Annotated

from fastapi import APIRouter, Security
from pydantic import BaseModel, ConfigDict

from casework.access import Actor
from casework.statistics import actions
from web.api.callers import Read, acting
from web.deps import App

router = APIRouter(prefix="/statistics", tags=["statistics"])
Reader = Annotated[Actor, Security(acting, scopes=["statistics:read"])]


class _Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class TilesOut(_Out):
    """Numbers as they may be shown, such as “< 5”."""

    late: str
    waiting: str
    cases: str
    elsewhere: str | None


class MilestoneOut(_Out):
    """Cases at a milestone: ours exactly, others as they may be shown."""

    label: str
    own: str | None
    shown: str


class OrganisationOut(_Out):
    """Open and late steps of an organisation."""

    label: str
    own: bool
    overdue: str
    open: str


class StatisticsOut(_Out):
    tiles: TilesOut
    by_milestone: list[MilestoneOut]
    by_organisation: list[OrganisationOut]


@router.get("", name="api-statistics")
def read_statistics(tx: Read, app: App, actor: Reader) -> StatisticsOut:
    """What the overview counts; small numbers are hidden as there."""
    return StatisticsOut.model_validate(actions.overview(tx, app, actor))
