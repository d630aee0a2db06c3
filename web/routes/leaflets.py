"""A leaflet on paper, for the person."""

from fastapi import APIRouter
from starlette.responses import Response

from casework import leaflets
from web.deps import App, CurrentActor, Read
from web.downloads import handed_over

router = APIRouter(prefix="/leaflets")


@router.get("/{document}", name="leaflet")
def download(
    tx: Read, app: App, actor: CurrentActor, document: str, language: str = ""
) -> Response:
    """In the language asked for, else the pack's own."""
    chosen = language or app.pack(tx).config.language
    paper = leaflets.leaflet_pdf(tx, app, actor, document, chosen)
    return handed_over(paper, f"{document}-{chosen}.pdf", "application/pdf")
