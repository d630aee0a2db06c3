"""A draft is played: begun, step by step, pushed in time, taken back, kept as a scenario."""

from collections.abc import Mapping
from datetime import date
from http import HTTPStatus
from types import MappingProxyType
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import RedirectResponse, Response

from base.errors import Invalid
from casework.access import Actor
from casework.application import Application
from casework.trials import beginning, keeping, trying
from casework.trials.beginning import Begin
from casework.trials.keeping import ScenarioExists
from casework.trials.model import TrialPage
from casework.trials.trying import HearingOfTrial, NoSuchStep, StepOfTrial
from forms import problems
from web.deps import CurrentActor, NoNul, Number, Read, Sent, SentNumber, Tx, first, type_sent
from web.drawing import draw
from web.packs import App
from web.pages import render
from web.routes.tasks import asks_rows

router = APIRouter(prefix="/routines/trials")
#: Hidden fields of the page and its buttons; the rest are answers.
_OURS = frozenset({"_rev", "_do", "_by"})
#: Before the names of what a diagram is handed.
_GIVEN = "given."
Text = Annotated[str, NoNul, Form(max_length=200)]
Name = Annotated[str, NoNul, Query(max_length=200)]


@router.get("", name="trials")
def show_all(request: Request, app: App, actor: CurrentActor, alone: Name = "") -> Response:
    """``alone``: the diagram that is to begin by itself."""
    return _list(request, app, actor, alone)


@router.post("", name="begin-trial")
def begin(request: Request, app: App, actor: CurrentActor, sent: Sent) -> Response:
    """Nobody waits for the lock while it is played."""
    count, process = first(sent, "moves").strip(), first(sent, "process")
    values = {name.removeprefix(_GIVEN): value for name, value in sent if name.startswith(_GIVEN)}
    try:
        asked = Begin(
            scenario=first(sent, "scenario"),
            moves=int(count) if count.isdecimal() and len(count) < 4 else None,
            organisation=first(sent, "organisation"),
            group=first(sent, "group"),
            on=date.fromisoformat(first(sent, "on")) if first(sent, "on") else None,
            process=process,
            start=first(sent, "start"),
            values=values,
            consented=first(sent, "consented") == "yes",
        )
        trial_id = beginning.begin(app, actor, asked)
    except ValueError:
        return _list(request, app, actor, process, str(trying.NoSuchMove()), values)
    except Invalid as error:
        return _list(request, app, actor, process, str(error), values)
    return _to(trial_id)


@router.get("/{trial_id}", name="trial")
def show(
    request: Request,
    tx: Read,
    app: App,
    actor: CurrentActor,
    trial_id: Number,
    diagram: Name = "",
) -> Response:
    return _show(request, actor, trying.trial_page(tx, app, actor, trial_id, diagram=diagram))


@router.get("/{trial_id}/step", name="trial-step")
def ask(
    request: Request,
    tx: Read,
    app: App,
    actor: CurrentActor,
    trial_id: Number,
    at: Name = "",
    filled: bool = False,
) -> Response:
    found = trying.step_page(tx, app, actor, trial_id, at, filled=filled)
    return _step(request, actor, found, at)


@router.post("/{trial_id}/step", name="do-trial-step")
def do(
    request: Request,
    app: App,
    actor: CurrentActor,
    sent: Sent,
    trial_id: Number,
    at: Name = "",
) -> Response:
    answers, rev = _answers(sent), _rev(sent)
    try:
        if first(sent, "_do") == "example":
            trying.do_with_test_data(app, actor, trial_id, at, rev=rev)
            return _to(trial_id)
        if asks_rows(answers):
            with app.database.reading() as tx:
                found = trying.step_page(tx, app, actor, trial_id, at, sent=answers)
            return _step(request, actor, found, at)
        wrong = trying.do_step(app, actor, trial_id, at, answers, rev=rev)
    except (Invalid, NoSuchStep) as error:
        return _again(request, app, actor, trial_id, str(error))
    return _to(trial_id) if wrong is None else _step(request, actor, wrong, at)


@router.get("/{trial_id}/hear/{message}", name="trial-hearing")
def ask_hearing(
    request: Request,
    tx: Read,
    app: App,
    actor: CurrentActor,
    trial_id: Number,
    message: str,
    by: Name = "",
    filled: bool = False,
) -> Response:
    found = trying.hearing_page(tx, app, actor, trial_id, message, by=by, filled=filled)
    return _hearing(request, actor, found)


@router.post("/{trial_id}/hear/{message}", name="hear-in-trial")
def hear(
    request: Request, app: App, actor: CurrentActor, sent: Sent, trial_id: Number, message: str
) -> Response:
    answers, rev, by = _answers(sent), _rev(sent), first(sent, "_by")
    try:
        if asks_rows(answers):
            with app.database.reading() as tx:
                found = trying.hearing_page(tx, app, actor, trial_id, message, by=by, sent=answers)
            return _hearing(request, actor, found)
        wrong = trying.hear(app, actor, trial_id, message, answers, rev=rev, by=by)
    except Invalid as error:
        return _again(request, app, actor, trial_id, str(error))
    return _to(trial_id) if wrong is None else _hearing(request, actor, wrong)


@router.post("/{trial_id}/clock", name="push-clock-of-trial")
def push(
    request: Request,
    app: App,
    actor: CurrentActor,
    trial_id: Number,
    by: Text,
    rev: SentNumber,
) -> Response:
    try:
        trying.push_clock(app, actor, trial_id, by, rev=rev)
    except Invalid as error:
        return _again(request, app, actor, trial_id, str(error))
    return _to(trial_id)


@router.post("/{trial_id}/meeting", name="meet-in-trial")
def meet(
    request: Request,
    app: App,
    actor: CurrentActor,
    trial_id: Number,
    what: Text,
    rev: SentNumber,
    on: Annotated[date | None, Form()] = None,
) -> Response:
    try:
        trying.meet(app, actor, trial_id, what, on, rev=rev)
    except Invalid as error:
        return _again(request, app, actor, trial_id, str(error))
    return _to(trial_id)


@router.post("/{trial_id}/back", name="take-back-in-trial")
def take_back(tx: Tx, app: App, actor: CurrentActor, trial_id: Number, to: SentNumber) -> Response:
    trying.take_back(tx, app, actor, trial_id, to)
    return _to(trial_id)


@router.post("/{trial_id}/keep", name="keep-trial")
def keep(
    request: Request, app: App, actor: CurrentActor, trial_id: Number, name: Text = ""
) -> Response:
    try:
        keeping.keep(app, actor, trial_id, name)
    except (Invalid, ScenarioExists) as error:
        return _again(request, app, actor, trial_id, str(error))
    return RedirectResponse("/routines/scenarios?said=scenario-kept", HTTPStatus.SEE_OTHER)


@router.post("/{trial_id}/end", name="end-trial")
def end(tx: Tx, actor: CurrentActor, trial_id: Number) -> Response:
    trying.end(tx, actor, trial_id)
    return RedirectResponse("/routines/trials?said=trial-ended", HTTPStatus.SEE_OTHER)


def _to(trial_id: int) -> Response:
    return RedirectResponse(f"/routines/trials/{trial_id}", HTTPStatus.SEE_OTHER)


def _rev(sent: type_sent) -> int:
    """Of the trial as the page showed it; one that none ever has where it is missing."""
    text = first(sent, "_rev")
    return int(text) if text.isdecimal() and len(text) < 10 else -1


def _answers(sent: type_sent) -> type_sent:
    return [(name, value) for name, value in sent if name not in _OURS]


def _list(
    request: Request,
    app: Application,
    actor: Actor,
    process: str,
    problem: str = "",
    typed: Mapping[str, str] = MappingProxyType({}),
) -> Response:
    with app.database.reading() as tx:
        page = beginning.trials_page(tx, app, actor, process, typed)
    return render(
        request,
        "trials",
        status=_status(bool(problem)),
        actor=actor,
        page=page,
        problem=_said(app, actor, problem),
    )


def _again(
    request: Request, app: Application, actor: Actor, trial_id: int, problem: str
) -> Response:
    """The trial as it was, and why it did not go on."""
    with app.database.reading() as tx:
        page = trying.trial_page(tx, app, actor, trial_id)
    return _show(request, actor, page, _said(app, actor, problem))


def _said(app: Application, actor: Actor, problem: str) -> str:
    """Not by the template, which would take a per cent sign in it for a gap."""
    return app.translator(actor.language)(problem) if problem else ""


def _show(request: Request, actor: Actor, page: TrialPage, problem: str = "") -> Response:
    drawing = None
    if page.drawn is not None and page.words is not None:
        drawing = draw(
            page.drawn,
            name_of=page.words.naming(page.drawn.id),
            here=page.here,
            done=page.done,
        )
    return render(
        request,
        "trial",
        status=_status(bool(problem)),
        actor=actor,
        page=page,
        drawing=drawing,
        problem=problem,
    )


def _step(request: Request, actor: Actor, found: StepOfTrial, name: str) -> Response:
    return render(
        request,
        "trial-step",
        status=_status(bool(found.page.errors)),
        actor=actor,
        found=found,
        page=found.page,
        name=name,
        problems=problems(found.page.rows),
    )


def _hearing(request: Request, actor: Actor, found: HearingOfTrial) -> Response:
    return render(
        request,
        "trial-hearing",
        status=_status(bool(found.page.errors)),
        actor=actor,
        found=found,
        page=found.page,
        problems=problems(found.page.rows),
    )


def _status(wrong: bool) -> HTTPStatus:
    return HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
