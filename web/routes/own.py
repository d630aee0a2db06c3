"""One's own account: name, password, sessions; a code instead of a password."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from base.db import Session
from base.errors import Invalid
from casework.access import Actor
from casework.account_register.actions import ask_for_reset
from casework.accounts import actions, codes, factors
from casework.accounts.passwords import BadPassword
from casework.application import Application
from casework.passkeys import actions as passkeys
from casework.provider import known
from web.deps import App, CurrentActor, NoNul, Read, Tx, cookie_name
from web.pages import render
from web.routes.entering import set_cookie

router = APIRouter()
_Line = Annotated[str, Form(max_length=200), NoNul]
_Secret = Annotated[str, Form(max_length=1000), NoNul]


@router.get("/me", name="me")
def show(request: Request, tx: Read, app: App, actor: CurrentActor) -> Response:
    return _page(request, tx, app, actor)


@router.post("/me/name", name="set-name")
def set_name(
    request: Request, tx: Tx, app: App, actor: CurrentActor, name: _Line = ""
) -> Response:
    try:
        actions.set_name(tx, actor, name.strip())
    except Invalid as error:
        return _page(request, tx, app, actor, problem=str(error), at="name")
    return RedirectResponse("/me?said=own-saved", HTTPStatus.SEE_OTHER)


@router.post("/me/mails", name="set-mails")
def set_mails(
    request: Request, tx: Tx, app: App, actor: CurrentActor, mails: _Line = ""
) -> Response:
    try:
        actions.set_mails(tx, actor, mails)
    except Invalid as error:
        return _page(request, tx, app, actor, problem=str(error), at="mails")
    return RedirectResponse("/me?said=own-saved", HTTPStatus.SEE_OTHER)


@router.post("/me/password", name="change-password")
def change_password(
    request: Request, app: App, actor: CurrentActor, now: _Secret = "", new: _Secret = ""
) -> Response:
    try:
        token = actions.change_password(app.database, actor, now, new)
    except Invalid as error:
        at = "new" if isinstance(error, BadPassword) else "now"
        with app.database.reading() as tx:
            return _page(request, tx, app, actor, problem=str(error), at=at)
    response = RedirectResponse("/me?said=new-password", HTTPStatus.SEE_OTHER)
    set_cookie(request, response, cookie_name(request), token)
    return response


@router.post("/me/sessions", name="end-sessions")
def end_sessions(request: Request, tx: Tx, actor: CurrentActor) -> Response:
    actions.end_other_sessions(tx, actor, request.cookies.get(cookie_name(request), ""))
    return RedirectResponse("/me?said=sessions-ended", HTTPStatus.SEE_OTHER)


@router.get("/forgotten", name="forgotten")
def ask_forgotten(request: Request) -> Response:
    return render(request, "forgotten", sent=False)


@router.post("/forgotten", name="send-reset")
def send_reset(request: Request, app: App, user_name: _Line = "") -> Response:
    """The same answer whoever asks for whom."""
    ask_for_reset(app, user_name)
    return render(request, "forgotten", sent=True)


@router.get("/code", name="code")
def ask_code(request: Request) -> Response:
    return _code(request, "")


@router.get("/code/{code}", name="code-from-mail")
def ask_password(request: Request, code: str) -> Response:
    """Looking at the link uses nothing up: mail programs do that by themselves."""
    return _code(request, code[:100])


@router.post("/code", name="redeem")
def redeem(request: Request, app: App, code: _Line = "", new: _Secret = "") -> Response:
    try:
        user_name = codes.redeem(app.database, code, new)
    except Invalid as error:
        return _code(request, code, problem=str(error))
    return render(request, "code-used", user_name=user_name)


def _code(request: Request, code: str, *, problem: str = "") -> Response:
    return render(
        request,
        "code",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        code=code,
        problem=problem,
        providers=known.providers(request.app.state.settings),
    )


def _page(
    request: Request,
    tx: Session,
    app: Application,
    actor: Actor,
    *,
    problem: str = "",
    at: str = "",
) -> Response:
    token = request.cookies.get(cookie_name(request), "")
    return render(
        request,
        "me",
        actor=actor,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        sessions=actions.sessions(tx, actor, token),
        standing=factors.standing(tx, actor.account_id),
        use=passkeys.use_of(tx, app, actor.account_id),
        mails=actions.mails_of(tx, actor),
        problem=problem,
        at=at,
    )
