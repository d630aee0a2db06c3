"""Sign in through an organisation's own directory, and come back from it."""

from http import HTTPStatus
from typing import Annotated

import structlog
from fastapi import APIRouter, Form, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from base.errors import Invalid, NotAllowed
from base.outgoing import Unreachable
from casework.accounts.actions import HalfWay
from casework.provider import actions, known
from casework.provider.known import Provider
from casework.provider.rules import MOST_TOKEN, AnswerRefused
from web.deps import App, NoNul, cookie_name
from web.pages import render
from web.routes.entering import drop_cookie, inside, let_in, set_cookie
from web.routes.factors import half_way

router = APIRouter()
_log = structlog.get_logger()
_Line = Annotated[str, Form(max_length=200), NoNul]
_LONGEST = 2_000


@router.get("/sign-in/with/{provider}", name="sign-in-with")
def go(request: Request, app: App, provider: str, next: str = "/") -> Response:
    """A link and no form: pages of ours send forms nowhere else."""
    there = known.provider(app.settings, provider)
    try:
        begun = actions.begin(app, there, next_path=inside(next))
    except (Unreachable, AnswerRefused) as error:
        return _refused(request, there, error)
    response = RedirectResponse(begun.address, HTTPStatus.SEE_OTHER)
    set_cookie(request, response, _cookie(request), begun.secret)
    return response


@router.post("/code/with/{provider}", name="link-with")
def link(request: Request, app: App, provider: str, code: _Line = "") -> Response:
    """The code of an invitation, used up when the browser comes back."""
    there = known.provider(app.settings, provider)
    try:
        begun = actions.begin(app, there, typed=code or " ")
    except (Unreachable, AnswerRefused) as error:
        return _refused(request, there, error)
    except (Invalid, NotAllowed) as error:
        return render(
            request,
            "code",
            status=HTTPStatus.UNPROCESSABLE_ENTITY,
            code=code,
            problem=str(error),
            providers=known.providers(app.settings),
        )
    response = render(request, "provider-go", provider=there, address=begun.address)
    set_cookie(request, response, _cookie(request), begun.secret)
    return response


@router.get("/sign-in/with/{provider}/back", name="back-from")
def back(request: Request, app: App, provider: str) -> Response:
    there = known.provider(app.settings, provider)
    answer = {name: value[:_LONGEST] for name, value in request.query_params.items()}
    secret = request.cookies.get(_cookie(request), "")
    try:
        found = actions.finish(app, there, secret, answer)
    except (Unreachable, Invalid, NotAllowed) as error:
        response = _refused(request, there, error)
    else:
        if isinstance(found.result, HalfWay):
            response = half_way(request, found.result, found.next_path, "")
        else:
            response = let_in(request, found.result, None, found.next_path)
    drop_cookie(request, response, _cookie(request))
    return response


@router.post("/sign-in/with/{provider}/out", name="provider-signs-out")
def sign_out(
    app: App, provider: str, logout_token: Annotated[str, Form(max_length=MOST_TOKEN)] = ""
) -> Response:
    """The provider itself asks, without a browser; what it sent is believed for its signature."""
    there = known.provider(app.settings, provider)
    status, said = HTTPStatus.OK, {}
    try:
        actions.log_out(app, there, logout_token)
    except (Unreachable, AnswerRefused) as error:
        away = isinstance(error, Unreachable)
        code = "away" if away else getattr(error, "code", "")
        _log.warning("provider log-out refused", provider=there.code, code=code)
        status = HTTPStatus.SERVICE_UNAVAILABLE if away else HTTPStatus.BAD_REQUEST
        said = {"error": "temporarily_unavailable" if away else "invalid_request"}
    return JSONResponse(said, status, headers={"cache-control": "no-store"})


@router.get("/signed-out/{provider}", name="signed-out")
def signed_out(request: Request, app: App, provider: str) -> Response:
    """Out of Samplan; by a link out of the organisation's own sign-in as well."""
    there = known.provider(app.settings, provider)
    address = actions.end_address(app, there)
    return render(request, "signed-out", provider=there, address=address)


def _refused(
    request: Request, provider: Provider, error: Unreachable | Invalid | NotAllowed
) -> Response:
    """Says what happened, and that nothing was lost; the log gets a code and nothing else."""
    code = "away" if isinstance(error, Unreachable) else getattr(error, "code", "code_over")
    _log.warning("provider refused", provider=provider.code, code=code)
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    if isinstance(error, Unreachable):
        status = HTTPStatus.SERVICE_UNAVAILABLE
    return render(
        request, "provider-refused", status=status, provider=provider, code=code, said=str(error)
    )


def _cookie(request: Request) -> str:
    return f"{cookie_name(request)}-provider"
