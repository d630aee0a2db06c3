"""Cases: lists, the page of one, its diagrams."""

from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from casework import start
from casework.casefile import actions
from casework.casefile.actions import DrawnDiagram
from casework.looks import noting
from web.deps import App, CurrentActor, PartNumber, Read, note_read
from web.drawing import Drawing, draw
from web.pages import render
from web.routes.looks import ask_why

router = APIRouter(prefix="/cases")
CaseView = Literal["mine", "organisation", "closed"]


@router.get("", name="cases")
def show_list(
    request: Request,
    tx: Read,
    app: App,
    actor: CurrentActor,
    view: CaseView = "mine",
    q: str = "",
    part: PartNumber = 1,
) -> Response:
    found = actions.my_cases(tx, app, actor, view=view, query=q[:100].strip(), part=part)
    may_start = start.may_start(tx, app, actor)
    noting.note_listed(app, actor, [row.id for row in found.rows])
    return render(request, "cases", actor=actor, list=found, may_start=may_start)


@router.get("/{case_id}", name="case")
def show(request: Request, tx: Read, app: App, actor: CurrentActor, case_id: UUID) -> Response:
    page = actions.case_page(tx, app, actor, case_id)
    has_step = any(step.task_id is not None for step in page.running)
    purpose = noting.why(tx, app, actor, case_id, has_step=has_step)
    if purpose is None:
        return ask_why(request, actor, case_id, page.number)
    note_read(request, actor, case_id, "case", purpose=purpose)
    return render(request, "case", actor=actor, pack_id=page.pack_id, page=page)


@router.get("/{case_id}/diagram", name="case-diagram")
def show_diagrams(
    request: Request, tx: Read, app: App, actor: CurrentActor, case_id: UUID
) -> Response:
    page = actions.case_page(tx, app, actor, case_id)
    found = actions.diagrams(tx, app, actor, case_id)
    note_read(request, actor, case_id, "diagram")
    drawn = [(diagram.title, _drawing(diagram), _stands(diagram)) for diagram in found]
    return render(request, "diagram", actor=actor, pack_id=page.pack_id, page=page, diagrams=drawn)


def _drawing(diagram: DrawnDiagram) -> Drawing:
    return draw(
        diagram.process,
        name_of=diagram.words.naming(diagram.process.id),
        here=diagram.here,
        done=diagram.done,
    )


def _stands(diagram: DrawnDiagram) -> list[str]:
    """Where the case stands, in words; unnamed events and gateways say nothing to a reader."""
    named = (
        diagram.words.element(diagram.process.id, element.id)
        for element in diagram.process.nodes
        if element.id in diagram.here and element.name
    )
    return sorted(named)
