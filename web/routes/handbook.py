"""The handbook of each role: pages and PDF, without signing in where the pack is public."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from base import lang
from base.db import Session
from casework.access import Actor
from casework.application import Application
from casework.handbook import actions
from casework.handbook.model import Handbook, Shelf
from casework.printing import printed
from engine.diagram import Process
from web.deps import App, MaybeActor, NotSignedIn, Read
from web.downloads import handed_over
from web.drawing import Drawing, draw
from web.pages import language_of, picture, render

router = APIRouter(prefix="/handbook")


@router.get("", name="handbooks")
def show_all(request: Request, tx: Read, app: App, actor: MaybeActor) -> Response:
    found = _shelf(tx, app, actor, language_of(request, actor))
    return render(request, "handbooks", actor=actor, pack_id=app.pack_id, titles=found.titles)


@router.get("/{role}.pdf", name="handbook-pdf")
def download(
    request: Request, tx: Read, app: App, actor: MaybeActor, role: str, language: str = ""
) -> Response:
    chosen = language if language in lang.LANGUAGES else language_of(request, actor)
    _shelf(tx, app, actor, chosen)
    book = actions.handbook(tx, app, role, chosen)
    pictures = {
        chapter.process.id: picture(_drawing(book, chapter.process), chosen)
        for chapter in book.chapters
    }
    document = actions.paper(book, pictures, app.programme_title)
    name = f"handbook-{book.role}-{book.number}-{chosen}.pdf"
    return handed_over(printed(document), name, "application/pdf")


@router.get("/{role}", name="handbook")
def show(request: Request, tx: Read, app: App, actor: MaybeActor, role: str) -> Response:
    language = language_of(request, actor)
    _shelf(tx, app, actor, language)
    book = actions.handbook(tx, app, role, language)
    drawings = {each.process.id: _drawing(book, each.process) for each in book.chapters}
    return render(
        request, "handbook", actor=actor, pack_id=app.pack_id, book=book, drawings=drawings
    )


def _shelf(tx: Session, app: Application, actor: Actor | None, language: str) -> Shelf:
    """Raises NotSignedIn where the pack does not say that anybody may read."""
    found = actions.shelf(tx, app, language)
    if actor is None and not found.public:
        raise NotSignedIn
    return found


def _drawing(book: Handbook, process: Process) -> Drawing:
    """With the steps of the role marked."""
    own = {each.id for each in process.nodes if process.role_of(each) == book.role}
    steps = {id for id in own if process.elements[id].kind in {"user_task", "manual_task"}}
    return draw(process, name_of=book.words.naming(process.id), here=steps)
