"""Data protection: where everything about it is found."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from web.deps import CurrentActor
from web.pages import render

router = APIRouter(prefix="/protection")


@router.get("", name="safeguards")
def show(request: Request, actor: CurrentActor) -> Response:
    return render(request, "safeguards", actor=actor)
