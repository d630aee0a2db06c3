"""The one place where a refusal becomes a page and an HTTP status."""

from collections.abc import Awaitable, Callable
from functools import wraps
from http import HTTPStatus
from uuid import UUID

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from base.db import AWAY
from base.errors import Conflict, NotAllowed, NotFound, SamplanError
from base.passkeys import place_of
from base.reports import report
from casework.access import Actor
from casework.audit.actions import refusal
from casework.provider import known
from engine.errors import DiagramError, StepFailed
from engine.reasons import said
from web.deps import NotSignedIn, find_actor, read_sent, sign_in_address, type_sent
from web.kept import keep, may_keep
from web.pages import _, language_of, render, render_alone
from web.resending import to_send_again

_STATUS: dict[type[SamplanError], HTTPStatus] = {
    NotFound: HTTPStatus.NOT_FOUND,
    NotAllowed: HTTPStatus.FORBIDDEN,
    Conflict: HTTPStatus.CONFLICT,
    SamplanError: HTTPStatus.UNPROCESSABLE_ENTITY,
}
#: What somebody who was refused can do, by the code of the refusal.
WAYS = {
    "no_consent": (
        _("Ask the person, together with whoever raised the case; register the consent."),
        _("At a meeting: take the question up without the person, as a general question."),
    ),
    "not_written": (_("Have the consent signed on paper or electronically, and register it."),),
    "party_not_named": (
        _("Ask the person whether your organisation may take part; write a new consent."),
    ),
    "purpose": (_("Ask the person for a consent to this purpose as well."),),
    "excluded_by_person": (_("Respect it. Ask the person if it is really needed."),),
    "category_not_named": (_("Ask the person for a consent that names it."),),
    "not_yours": (_("Ask whoever coordinates the case, or your manager, to give you the step."),),
    "second_person": (_("Ask somebody else who is named on this case to do the step."),),
    "restricted": (_("Turn to whoever coordinates the case."),),
    "role": (_("Ask whoever appoints people in your organisation."),),
}
_SAFE = frozenset({"GET", "HEAD"})
_log = structlog.get_logger()


Answer = Callable[[Request, Exception], Response]


def _or_away(answer: Answer) -> Callable[[Request, Exception], Awaitable[Response]]:
    """A refusal looks up who was refused: there may be nobody to ask any more."""

    @wraps(answer)
    async def answer_or_away(request: Request, error: Exception) -> Response:
        try:
            return await run_in_threadpool(answer, request, error)
        except AWAY as away:
            return await _away(request, away)

    return answer_or_away


def add_error_pages(app: FastAPI) -> None:
    app.add_exception_handler(NotSignedIn, _sign_in)
    for kind in _STATUS:
        app.add_exception_handler(kind, _refuse)
    app.add_exception_handler(HTTPException, _refuse_http)
    app.add_exception_handler(RequestValidationError, _refuse_address)
    for away in AWAY:
        app.add_exception_handler(away, _away)
    app.add_exception_handler(Exception, _fail)


def status_of(error: SamplanError) -> HTTPStatus:
    return next(_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS)


def refuse(request: Request, error: SamplanError, actor: Actor | None) -> Response:
    """The page for a refusal; what somebody may not do or read is written down first."""
    code = getattr(error, "code", "")
    noted = False
    if isinstance(error, NotAllowed) and actor is not None:
        write_down(request, actor, code)
        noted = True
    if isinstance(error, DiagramError | StepFailed):
        say = request.app.state.application.translator(language_of(request, actor))
        return _page(request, status_of(error), "", code, actor, reason=said(str(error), say))
    told = getattr(error, "told", False)
    return _page(request, status_of(error), str(error), code, actor, noted=noted, told=told)


async def _sign_in(request: Request, error: Exception) -> Response:
    """To the sign-in page; what was typed when the session had ended goes there, sealed."""
    if request.method in _SAFE or not may_keep(request.url.path):
        return RedirectResponse(sign_in_address(request), status_code=303)
    sent = await read_sent(request)
    try:
        return await run_in_threadpool(_sign_in_keeping, request, sent)
    except AWAY as away:
        return await _away(request, away)


def _sign_in_keeping(request: Request, sent: type_sent) -> Response:
    kept = keep(request, sent)
    return render(
        request,
        "sign-in",
        status=HTTPStatus.UNAUTHORIZED,
        next=request.url.path,
        refused=None,
        problem="",
        minutes=None,
        kept=kept or "",
        lost=kept is None,
        user_name="",
        passkeys=place_of(request.app.state.settings.public_url) is not None,
        providers=known.providers(request.app.state.settings),
    )


@_or_away
def _refuse(request: Request, error: Exception) -> Response:
    if not isinstance(error, SamplanError):  # pragma: no cover - registered for these alone
        raise error
    return refuse(request, error, _known(request))


@_or_away
def _refuse_http(request: Request, error: Exception) -> Response:
    status = HTTPStatus(error.status_code if isinstance(error, HTTPException) else 500)
    return _page(request, status, "", "", _known(request))


@_or_away
def _refuse_address(request: Request, error: Exception) -> Response:
    """An address or a field that cannot be read: there is no such page."""
    return _page(request, HTTPStatus.NOT_FOUND, "", "", _known(request))


async def _away(request: Request, error: Exception) -> Response:
    """Without the database nobody is known and no answer certain; the page needs neither."""
    sent = [] if request.method in _SAFE else await to_send_again(request)
    return await run_in_threadpool(_say_away, request, error, sent)


def _say_away(request: Request, error: Exception, sent: type_sent) -> Response:
    _log.error("database away", error=type(error).__name__)
    return render_alone(
        request,
        "away",
        HTTPStatus.SERVICE_UNAVAILABLE,
        {"retry-after": "30"},
        changing=request.method not in _SAFE,
        address=request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        sent=sent,
    )


def _fail(request: Request, error: Exception) -> Response:
    if isinstance(error, AWAY):
        # What came with the request has been read by then.
        return _say_away(request, error, [])
    route = getattr(request.scope.get("route"), "name", "")
    _log.error("request failed", route=route, error=type(error).__name__, exc_info=error)
    number = structlog.contextvars.get_contextvars().get("request", "")
    report(error, route or "none", request=number)
    actor = getattr(request.state, "actor", None)
    try:
        return _page(request, HTTPStatus.INTERNAL_SERVER_ERROR, "", "", actor)
    except AWAY as away:
        return _say_away(request, away, [])


def too_large(request: Request) -> Response:
    """The page for more than we read at once."""
    try:
        return _page(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "", "", find_actor(request))
    except AWAY as away:
        return _say_away(request, away, [])


def _known(request: Request) -> Actor | None:
    """Who is asking: as this request has found already, else looked up."""
    return getattr(request.state, "actor", None) or find_actor(request)


def write_down(request: Request, actor: Actor, code: str) -> None:
    """Keep a refusal in the audit, before the answer leaves."""
    route = request.scope.get("route")
    refusal(
        request.app.state.database,
        actor,
        getattr(route, "name", "request"),
        code,
        case_id=_case_id(request),
        target=request.url.path,
    )


def _case_id(request: Request) -> UUID | None:
    """The case that the request is about: from its path, or as the route noted it."""
    text = request.path_params.get("case_id") or getattr(request.state, "case_id", None)
    return UUID(str(text)) if text else None


def _page(
    request: Request,
    status: HTTPStatus,
    sentence: str,
    code: str,
    actor: Actor | None,
    *,
    noted: bool = False,
    reason: str = "",
    told: bool = False,
) -> Response:
    """``reason``: a sentence in the reader's language already; ``told``: said with 404, too."""
    return render(
        request,
        "refused",
        status=status,
        status_code=int(status),
        sentence=sentence,
        reason=reason,
        code=code,
        told=told,
        ways=WAYS,
        noted=noted,
        actor=actor,
    )
