"""Help, and what everybody may know about the site."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from web.deps import MaybeActor
from web.pages import render

router = APIRouter(prefix="/help")


@router.get("", name="help")
def show(request: Request, actor: MaybeActor) -> Response:
    return render(request, "help", actor=actor)


@router.get("/accessibility", name="accessibility")
def show_accessibility(request: Request, actor: MaybeActor) -> Response:
    return render(request, "accessibility", actor=actor)


@router.get("/privacy", name="privacy")
def show_privacy(request: Request, actor: MaybeActor) -> Response:
    return render(request, "privacy", actor=actor)
