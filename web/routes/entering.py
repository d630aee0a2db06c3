"""How a browser becomes somebody's: the cookies of whole and half sessions, and where to go."""

from http import HTTPStatus

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from base import clock
from casework.accounts.actions import HalfWay, SignedIn, sign_out
from casework.seats.store import waiting
from web.deps import actor_with, application_of, cookie_name, find_actor
from web.kept import Kept
from web.routes import again


def half_cookie_name(request: Request) -> str:
    """Of whoever is asked for the second factor."""
    return f"{cookie_name(request)}-half"


def let_in(request: Request, signed_in: SignedIn, kept: Kept | None, next_path: str) -> Response:
    """The page to go on with; the browser holds the session from now on."""
    end_earlier(request)
    response = _after(request, signed_in, kept, next_path)
    hold(request, response, signed_in)
    return response


def hold(request: Request, response: Response, signed_in: SignedIn) -> None:
    """The whole session instead of the half one."""
    set_cookie(request, response, cookie_name(request), signed_in.token)
    drop_cookie(request, response, half_cookie_name(request))


def hold_half(request: Request, response: Response, half: HalfWay) -> None:
    set_cookie(request, response, half_cookie_name(request), half.token)


def set_cookie(request: Request, response: Response, name: str, value: str) -> None:
    """Hidden from scripts, of this host alone, gone with the browser."""
    secure = cookie_name(request).startswith("__Host-")
    response.set_cookie(name, value, httponly=True, samesite="lax", secure=secure, path="/")


def drop_cookie(request: Request, response: Response, name: str) -> None:
    """Where the browser holds it; without ``Secure`` it would keep one of this host."""
    if name in request.cookies:
        secure = cookie_name(request).startswith("__Host-")
        response.delete_cookie(name, path="/", secure=secure, httponly=True, samesite="lax")


def end_earlier(request: Request) -> None:
    """A session that this browser still holds ends: two people may share a machine."""
    earlier = request.cookies.get(cookie_name(request))
    if earlier and find_actor(request) is not None:
        with request.app.state.database.transaction() as tx:
            sign_out(tx, earlier)


def inside(path: str) -> str:
    """Only places of this site: no scheme, no host, however written."""
    path = path[:500]
    ours = path.startswith("/") and not path.startswith("//") and "\\" not in path
    return path if ours and path.isprintable() else "/"


def first_place(request: Request, account_id: int, next_path: str) -> str:
    """Whoever has been appointed reads what it means before anything else (GG-07)."""
    app = application_of(request)
    with app.database.reading() as tx:
        assigned, _ = waiting(tx, account_id, clock.today(tx, app.zone))
    return "/assignments" if assigned else next_path


def _after(request: Request, signed_in: SignedIn, kept: Kept | None, next_path: str) -> Response:
    """Back to the form as it was typed, if it was this account's; else where one wanted to go."""
    if kept is None:
        place = first_place(request, signed_in.account_id, next_path)
        return RedirectResponse(place, HTTPStatus.SEE_OTHER)
    actor = actor_with(request, signed_in.token)
    if actor is None or kept.account_id != signed_in.account_id:
        return RedirectResponse("/tasks?said=dropped", HTTPStatus.SEE_OTHER)
    return again.show(request, actor, kept.path, kept.sent)
