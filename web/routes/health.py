"""What a monitor, a proxy or a container asks: whether all is well, whether to send requests."""

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse

from base.db import Database

router = APIRouter()
#: Bytes; less does not hold the next transactions.
_LEAST_ROOM = 1_000_000


@router.get("/health", name="health")
def health(request: Request) -> PlainTextResponse:
    """200 while all is well; 503 when it is leaving, has no database or no room to save."""
    database: Database = request.app.state.database
    room = database.room()
    if request.app.state.leaving.is_set():
        return PlainTextResponse("leaving", 503)
    if not database.answers():
        return PlainTextResponse("no database", 503)
    if room is not None and room < _LEAST_ROOM:
        return PlainTextResponse("no room", 503)
    return PlainTextResponse("well")


@router.get("/health/server", name="health-of-server")
def health_of_server(request: Request) -> PlainTextResponse:
    """200 while this server takes requests; 503 when it is leaving.

    While the database is away it still does: to say so, and to give back what was typed.
    """
    if request.app.state.leaving.is_set():
        return PlainTextResponse("leaving", 503)
    return PlainTextResponse("takes requests")
