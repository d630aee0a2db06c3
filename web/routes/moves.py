"""What a change would mean for running cases, and moving them: groups, progress, way back."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import RedirectResponse, Response

from casework.access import Actor
from casework.application import Application
from casework.releases import impact, moving
from casework.releases.model import ImpactPage, MoveGroup, MoveProgress
from engine.moving import Place
from web.deps import CurrentActor, Number, Read, SentNumber, Tx
from web.drawing import Drawing, draw
from web.packs import App
from web.pages import render

router = APIRouter(prefix="/routines")
Mark = Annotated[str, Query(max_length=40)]


@router.get("/{process}/impact", name="routine-impact")
def show_impact(
    request: Request, tx: Read, app: App, actor: CurrentActor, process: str, group: Mark = ""
) -> Response:
    page = impact.draft_impact(tx, app, actor, process)
    return _render(request, app, actor, page, (), group)


@router.get("/{process}/move", name="move-cases")
def show_move(
    request: Request, tx: Read, app: App, actor: CurrentActor, process: str, group: Mark = ""
) -> Response:
    page = impact.move_impact(tx, app, actor, process)
    moves = tuple(moving.move_progress(tx, app, actor, process))
    return _render(request, app, actor, page, moves, group)


@router.post("/{process}/move", name="begin-move")
def begin(
    tx: Tx,
    app: App,
    actor: CurrentActor,
    process: str,
    root: Annotated[str, Form(max_length=200)],
    number: SentNumber,
    seen: SentNumber,
    group: Annotated[list[str], Form(max_length=1_000)] = [],  # noqa: B006
) -> Response:
    moving.move(tx, app, actor, root, number=number, groups=frozenset(group), seen=seen)
    return _back(process, "move-begun")


@router.post("/{process}/moves/{batch}/stop", name="stop-move")
def stop(tx: Tx, app: App, actor: CurrentActor, process: str, batch: Number) -> Response:
    moving.stop_move(tx, app, actor, batch)
    return _back(process, "move-stopped")


@router.post("/{process}/moves/{batch}/resume", name="resume-move")
def resume(tx: Tx, app: App, actor: CurrentActor, process: str, batch: Number) -> Response:
    moving.resume_move(tx, app, actor, batch)
    return _back(process, "move-resumed")


@router.post("/{process}/moves/{batch}/revert", name="revert-move")
def revert(tx: Tx, app: App, actor: CurrentActor, process: str, batch: Number) -> Response:
    moving.revert_move(tx, app, actor, batch)
    return _back(process, "move-reverted")


def _back(process: str, said: str) -> Response:
    return RedirectResponse(f"/routines/{process}/move?said={said}", HTTPStatus.SEE_OTHER)


def _render(
    request: Request,
    app: Application,
    actor: Actor,
    page: ImpactPage,
    moves: tuple[MoveProgress, ...],
    mark: str,
) -> Response:
    say = app.translator(actor.language)
    return render(
        request,
        "cases-of-routine",
        actor=actor,
        page=page,
        moves=moves,
        may_move=bool(actor.roles & moving.MOVERS),
        say_why=lambda blocked: moving.say_why(blocked, say),
        drawings=_drawings(page, mark),
        mark=mark,
    )


def _drawings(page: ImpactPage, mark: str) -> list[tuple[str, Drawing]]:
    """The diagrams in which the chosen group stands, or has something to skip or do again."""
    for found in page.impacts:
        for group in found.groups:
            if group.mark == mark:
                return [
                    (process, _draw(page, found.number, group, process))
                    for process in _processes(page, group)
                ]
    return []


def _processes(page: ImpactPage, group: MoveGroup) -> list[str]:
    """This routine's diagram first."""
    places = (*group.at.stand, *group.at.skipped, *group.at.repeated)
    found = dict.fromkeys(process for process, _ in places)
    return sorted(found, key=lambda process: process != page.process)


def _draw(page: ImpactPage, number: int, group: MoveGroup, process: str) -> Drawing:
    """The new diagram, or the old one where it is gone."""
    words = page.words if process in page.after.diagrams else page.words_before(number)
    marks = dict.fromkeys(_in(process, group.at.skipped), "removed")
    marks |= dict.fromkeys(_in(process, group.at.repeated), "again")
    drawn = words.pack.diagrams[process]
    here = _in(process, group.at.stand)
    return draw(drawn, name_of=words.naming(process), here=here, marks=marks)


def _in(process: str, places: tuple[Place, ...]) -> frozenset[str]:
    return frozenset(element for owner, element in places if owner == process)
