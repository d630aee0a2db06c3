"""Refusals as RFC 9457 problems, with the same statuses and codes as on the pages."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import Response

from base import lang
from base.db import AWAY
from base.errors import Invalid, NotAllowed, NotFound, SamplanError
from casework.access import Actor
from casework.releases.actions import NewErrors
from casework.releases.checks import say
from web.errors import status_of, write_down

MEDIA_TYPE = "application/problem+json"


class FieldProblem(BaseModel):
    """What is wrong with one field, or one element of a diagram."""

    field: str
    message: str


class Problem(BaseModel):
    """A refusal. ``code`` stays the same in every language; ``detail`` is for people."""

    type: str = "about:blank"
    title: str
    status: int
    code: str
    detail: str = ""
    errors: list[FieldProblem] = []


class NoToken(SamplanError):
    """Send a token that works."""


class AskedTooOften(SamplanError):
    """This token has asked too often; wait a little."""

    def __init__(self, wait: int) -> None:
        super().__init__()
        self.wait = wait


class WrongAnswers(Invalid):
    """Some answers are not right yet; nothing has been saved."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__()
        self.errors = errors


_MEANT = {
    400: "What was sent cannot be read.",
    401: "There is no token, or it works no more.",
    403: "The account may not do this, or the token was not made for it.",
    404: "There is no such thing, or the account may not know of it.",
    409: "Somebody else was faster, or the case does not wait for this any more.",
    413: "More was sent than is read at once.",
    422: "Something in what was sent is not right.",
    429: "The token has asked too often.",
    503: "The database is away; ask again later.",
}
#: For the description of every route.
ANSWERS: dict[int | str, dict[str, Any]] = {
    status: {
        "description": words,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for status, words in _MEANT.items()
}


def add_problems(api: FastAPI) -> None:
    api.add_exception_handler(SamplanError, _refuse)
    api.add_exception_handler(HTTPException, _refuse_http)
    api.add_exception_handler(RequestValidationError, _refuse_sent)
    for away in AWAY:
        api.add_exception_handler(away, _away)
    # The site around writes it into the log.
    api.add_exception_handler(Exception, _fail)


def too_much() -> Response:
    """For more than is read at once."""
    return _answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, code="too_large")


def _refuse(request: Request, error: Exception) -> Response:
    actor: Actor | None = getattr(request.state, "actor", None)
    match error:
        case NoToken():
            headers = {"www-authenticate": "Bearer"}
            return _answer(HTTPStatus.UNAUTHORIZED, code="token", headers=headers)
        case AskedTooOften():
            headers = {"retry-after": str(error.wait)}
            return _answer(HTTPStatus.TOO_MANY_REQUESTS, code="too_often", headers=headers)
        case NotFound():
            # The same for what there is not and what one may not know of.
            return _answer(HTTPStatus.NOT_FOUND, code="not_found")
        case NotAllowed():
            if actor is not None:
                write_down(request, actor, error.code)
            return _answer(HTTPStatus.FORBIDDEN, code=error.code, detail=_said(error, actor))
        case SamplanError():
            return _answer(
                status_of(error),
                code=_code(error),
                detail=_said(error, actor),
                errors=_fields(error, actor),
            )
    raise error


def _refuse_http(_request: Request, error: Exception) -> Response:
    status = HTTPStatus(error.status_code if isinstance(error, HTTPException) else 500)
    headers = error.headers if isinstance(error, HTTPException) else None
    return _answer(status, code=status.name.lower(), headers=headers)


def _refuse_sent(_request: Request, error: Exception) -> Response:
    """What does not fit the description: which part, and why; never what was sent."""
    found = error.errors() if isinstance(error, RequestValidationError) else []
    errors = [
        FieldProblem(field=".".join(map(str, each["loc"])), message=str(each["msg"]))
        for each in found
    ]
    return _answer(HTTPStatus.UNPROCESSABLE_ENTITY, code="not_as_described", errors=errors)


def _away(_request: Request, _error: Exception) -> Response:
    headers = {"retry-after": "30"}
    return _answer(HTTPStatus.SERVICE_UNAVAILABLE, code="away", headers=headers)


def _fail(_request: Request, _error: Exception) -> Response:
    return _answer(HTTPStatus.INTERNAL_SERVER_ERROR, code="failed")


def _answer(
    status: HTTPStatus,
    *,
    code: str,
    detail: str = "",
    errors: list[FieldProblem] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    problem = Problem(
        title=status.phrase, status=status, code=code, detail=detail, errors=errors or []
    )
    return Response(problem.model_dump_json(), status, headers, media_type=MEDIA_TYPE)


def _fields(error: SamplanError, actor: Actor | None) -> list[FieldProblem]:
    match error:
        case WrongAnswers():
            return [FieldProblem(field=at, message=text) for at, text in error.errors.items()]
        case NewErrors():
            return [
                FieldProblem(field=found.element, message=say(found, _words(actor))[0])
                for found in error.findings
            ]
    return []


def _said(error: SamplanError, actor: Actor | None) -> str:
    return _words(actor)(str(error))


def _words(actor: Actor | None) -> Callable[[str], str]:
    """Samplan's own sentences in the account's language."""
    return lang.catalogue(lang.WORDS, actor.language if actor else lang.SOURCE).gettext


def _code(error: SamplanError) -> str:
    """The name of the refusal, as a code: ``TaskTaken`` is ``task_taken``."""
    name = type(error).__name__
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")
