"""A draft is played: its scenarios, and what they meet of each diagram."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from casework.trials import replay, scenarios
from casework.trials.replay import Way
from engine.diagram import Process
from web.deps import CurrentActor, NoNul, Read, Sent, Tx, first
from web.drawing import Drawing, Figures, draw, part_with
from web.packs import App
from web.pages import render

#: How what would be otherwise is marked; anything else is changed.
_SIGNS = {"gone": "removed", "beside": "added"}
Mark = Annotated[str, NoNul, Query(max_length=300)]
router = APIRouter(prefix="/routines/scenarios")
replaying = APIRouter(prefix="/routines/replay")


@replaying.get("", name="replay")
def show_replay(
    request: Request, tx: Read, app: App, actor: CurrentActor, at: Mark = ""
) -> Response:
    """``at``: which row to draw."""
    page = replay.replay_page(tx, app, actor, at)
    drawing = _way(page.way) if page.way is not None else None
    return render(request, "replay", actor=actor, page=page, drawing=drawing)


def _way(way: Way) -> Drawing:
    drawn = way.drawn
    return draw(
        drawn,
        name_of=way.words.naming(drawn.id),
        done=way.been,
        marks={way.row.element: _SIGNS.get(way.row.kind, "changed")},
        view=part_with([drawn], {way.row.element, *_beside(drawn, way.row.element), *way.been}),
    )


def _beside(drawn: Process, element: str) -> set[str]:
    """The elements before and after it."""
    before = {flow.source for flow in drawn.incoming(element)}
    return before | {flow.target for flow in drawn.outgoing(element)}


@router.get("", name="scenarios")
def show(request: Request, tx: Read, app: App, actor: CurrentActor) -> Response:
    page = scenarios.scenarios_page(tx, app, actor)
    return render(request, "scenarios", actor=actor, page=page)


@router.post("/play", name="play-scenarios")
def play(tx: Tx, app: App, actor: CurrentActor, sent: Sent) -> Response:
    """The worker plays them, beside its other work."""
    again = first(sent, "again") == "yes"
    scenarios.ask(tx, app, actor, mark=first(sent, "mark"), again=again)
    return RedirectResponse("/routines/scenarios?said=played", HTTPStatus.SEE_OTHER)


@router.get("/{process}", name="scenario-coverage")
def show_coverage(
    request: Request, tx: Read, app: App, actor: CurrentActor, process: str
) -> Response:
    page = scenarios.coverage_page(tx, app, actor, process)
    flows = page.drawn.flows.keys()
    never = [id for id in flows if page.played and not page.counts.get(id)]
    drawing = draw(
        page.drawn,
        name_of=page.words.naming(page.drawn.id),
        figures={id: Figures(str(n), None, 0) for id, n in page.counts.items() if id not in flows},
        marks=dict.fromkeys(never, "removed"),
    )
    return render(request, "scenario-coverage", actor=actor, page=page, drawing=drawing)
