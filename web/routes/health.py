"""What a proxy or a container asks: whether to send requests here."""

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse

from base.db import Database

router = APIRouter()


@router.get("/health", name="health")
def health(request: Request) -> PlainTextResponse:
    """200 while this server takes requests; 503 when it is leaving or has no database."""
    database: Database = request.app.state.database
    if request.app.state.leaving.is_set():
        return PlainTextResponse("leaving", 503)
    if not database.answers():
        return PlainTextResponse("no database", 503)
    return PlainTextResponse("well")
