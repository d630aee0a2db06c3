"""Deadlines as a plain table, changed without a script."""

from http import HTTPStatus

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from base import lang
from casework.access import Actor
from casework.releases import deadlines
from casework.releases.deadlines import BadLength, DeadlinesPage
from casework.releases.periods import Unit, in_plain_units
from web.deps import CurrentActor, Read, Sent, Tx, first
from web.packs import App
from web.pages import render

router = APIRouter(prefix="/routines/deadlines")


def _(text: str) -> str:
    """Marks a text for translation; the template translates it."""
    return text


UNITS = {
    Unit.MINUTES: _("minutes"),
    Unit.HOURS: _("hours"),
    Unit.DAYS: _("days"),
    Unit.WORKING_DAYS: _("working days"),
    Unit.WEEKS: _("weeks"),
    Unit.MONTHS: _("months"),
    Unit.YEARS: _("years"),
}


@router.get("", name="deadlines")
def show(request: Request, tx: Read, app: App, actor: CurrentActor) -> Response:
    return _render(request, actor, deadlines.deadlines_page(tx, app, actor))


@router.post("", name="set-deadlines")
def save(request: Request, tx: Tx, app: App, actor: CurrentActor, sent: Sent) -> Response:
    numbers = {name.removeprefix("n:"): value for name, value in sent if name.startswith("n:")}
    wanted = {rule: (number, first(sent, f"u:{rule}")) for rule, number in numbers.items()}
    try:
        changed = deadlines.set_deadlines(tx, app, actor, wanted, mark=first(sent, "mark"))
    except BadLength as error:
        tx.rollback()
        with app.database.reading() as again:
            page = deadlines.deadlines_page(again, app, actor)
        return _render(request, actor, page, problem=str(error), typed=wanted)
    said = "deadlines" if changed else "nothing-changed"
    return RedirectResponse(f"/routines/deadlines?said={said}", HTTPStatus.SEE_OTHER)


@router.post("/discard", name="discard-deadlines")
def discard(tx: Tx, app: App, actor: CurrentActor) -> Response:
    deadlines.discard_deadlines(tx, app, actor)
    return RedirectResponse("/routines/deadlines?said=discarded", HTTPStatus.SEE_OTHER)


def _render(
    request: Request,
    actor: Actor,
    page: DeadlinesPage,
    *,
    problem: str = "",
    typed: dict[str, tuple[str, str]] | None = None,
) -> Response:
    words = lang.catalogue(lang.WORDS, actor.language)
    return render(
        request,
        "deadlines",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        actor=actor,
        page=page,
        units=UNITS,
        plain=lambda text: in_plain_units(text, words),
        problem=problem,
        typed=typed or {},
    )
