"""Which pack the studio's pages are about: the programme's, or another that an owner works on."""

from typing import Annotated

from fastapi import Depends, Request
from starlette.responses import Response

from casework.application import Application
from casework.releases.following import Following, following
from engine import releases
from web.deps import application_of, cookie_name


def pack_cookie_name(request: Request) -> str:
    """Of the pack that this browser's owner works on, where it is not the programme's."""
    return f"{cookie_name(request)}-pack"


def _studio_of(request: Request) -> Application:
    """With the chosen pack, as long as there is one of that name.

    Keeps for the page whom it concerns, and which pack it is about if not the programme's.
    """
    app = application_of(request)
    chosen = request.cookies.get(pack_cookie_name(request), "")
    if not chosen or chosen == app.pack_id:
        return app
    with app.database.reading() as tx:
        newest = releases.newest_ids(tx)
        if chosen not in newest:
            return app
        request.state.studio = releases.load(tx, newest[chosen]).config.title
        request.state.following = following(tx, chosen)
    return app.with_pack(chosen)


def whom_it_concerns(request: Request) -> Following:
    """Once `App` has been asked for."""
    found: Following = getattr(request.state, "following", Following.FOLLOWED)
    return found


def work_on(request: Request, response: Response, pack_id: str) -> None:
    """The studio is about this pack from now on, in this browser."""
    name = pack_cookie_name(request)
    secure = name.startswith("__Host-")
    response.set_cookie(name, pack_id, httponly=True, samesite="lax", secure=secure, path="/")


#: What pages of the studio are handed as their application.
App = Annotated[Application, Depends(_studio_of)]
