"""A filled form shown again to the person who typed it, after they signed in anew."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from base.errors import SamplanError
from casework.access import Actor
from web.deps import type_sent
from web.errors import refuse
from web.routes import hearings, tasks


def show(request: Request, actor: Actor, path: str, sent: type_sent) -> Response:
    """The page at ``path`` with the answers in it; nothing is stored.

    Refusals become pages here: the answer carries the new session's cookie in any case.
    """
    _, kind, place, *rest = path.split("/")
    try:
        if kind == "tasks":
            return tasks.show_typed(request, actor, UUID(place), sent)
        return hearings.show_typed(request, actor, UUID(place), rest[-1], sent)
    except SamplanError as error:
        return refuse(request, error, actor)
