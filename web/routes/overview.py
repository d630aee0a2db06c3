"""The overview: what waits where, and how a manager hands a step on."""

import csv
from collections.abc import Callable, Iterable
from http import HTTPStatus
from io import StringIO
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from casework.alarms import actions as alarms
from casework.news import actions as news
from casework.statistics import actions
from casework.statistics.model import Heat, Of, Overview
from casework.tasks import actions as tasks
from casework.voice import voice
from web.deps import App, CurrentActor, Read, SentNumber, Tx
from web.drawing import Drawing, Figures, draw
from web.pages import render

router = APIRouter(prefix="/overview")
#: A cell that begins with one of these is a formula to a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@router.get("", name="overview")
def show(
    request: Request,
    tx: Read,
    app: App,
    actor: CurrentActor,
    process: str | None = None,
    of: Of | None = None,
) -> Response:
    page = actions.overview(tx, app, actor, process=process, of=of)
    drawing = _drawing(page.heat)
    unseen = alarms.unseen(tx, actor)
    return render(
        request,
        "overview",
        actor=actor,
        page=page,
        drawing=drawing,
        alarms=unseen,
        news=news.unread(tx, app, actor),
        drafts=(),
    )


@router.get("/counts.csv", name="counts")
def download(
    tx: Read,
    app: App,
    actor: CurrentActor,
    process: str | None = None,
    of: Of | None = None,
) -> Response:
    """The same numbers as on the page, hidden ones included as they are shown."""
    page = actions.overview(tx, app, actor, process=process, of=of)
    text = StringIO()
    csv.writer(text, delimiter=";").writerows(safe(_lines(voice(tx, app, actor.language), page)))
    headers = {"content-disposition": 'attachment; filename="overview.csv"'}
    # The mark at the beginning tells spreadsheets that this is UTF-8.
    body = f"\ufeff{text.getvalue()}"
    return Response(body, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/{process}", name="overview-diagram")
def show_diagram(process: str) -> Response:
    """The address of one diagram's counts, to link to."""
    return RedirectResponse(f"/overview?process={process}#diagram", HTTPStatus.SEE_OTHER)


@router.get("/tasks/{task_id}/give", name="give-of-organisation")
def ask(request: Request, tx: Read, app: App, actor: CurrentActor, task_id: UUID) -> Response:
    giving = actions.giving(tx, app, actor, task_id)
    return render(request, "give", actor=actor, giving=giving)


@router.post("/tasks/{task_id}/give", name="give-now")
def give(tx: Tx, app: App, actor: CurrentActor, task_id: UUID, account: SentNumber) -> Response:
    actions.giving(tx, app, actor, task_id)
    tasks.give_task(tx, app, actor, task_id, account)
    return RedirectResponse("/overview?said=given", HTTPStatus.SEE_OTHER)


def _drawing(heat: Heat) -> Drawing:
    figures = {step.element: Figures(step.shown, step.late, step.heat) for step in heat.steps}
    return draw(heat.drawn, name_of=heat.words.naming(heat.process), figures=figures)


def _lines(_: Callable[[str], str], page: Overview) -> Iterable[tuple[str, ...]]:
    yield _("Table"), _("Row"), _("Cases"), _("Ours"), _("Late")
    for count in page.by_milestone:
        yield _("Milestones"), count.label, count.shown, count.own or "", ""
    for row in page.by_organisation:
        yield _("Open steps by organisation"), row.label, row.open, "", row.overdue
    named = page.heat.words
    for step in page.heat.steps:
        title = named.element(page.heat.process, step.element)
        yield page.heat.title, title, step.shown, "", step.late or "0"


def safe(lines: Iterable[tuple[str, ...]]) -> Iterable[tuple[str, ...]]:
    """Cells that no spreadsheet takes for a formula."""
    for line in lines:
        yield tuple(f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in line)
