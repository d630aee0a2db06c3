"""What a draft or a version changes: in words, on diagrams, and as an annex to the minutes."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from starlette.responses import Response

from casework.access import Actor
from casework.releases import comparing
from casework.releases.model import ChangedFile, DifferencesPage
from casework.words import Words
from engine.diagram import Box, Process
from web.deps import App, CurrentActor, Number, Read
from web.drawing import Drawing, draw, part_with
from web.pages import render

router = APIRouter(prefix="/routines")


@router.get("/{process}/differences", name="routine-differences")
def show_draft(
    request: Request, tx: Read, app: App, actor: CurrentActor, process: str
) -> Response:
    return _render(request, actor, comparing.draft_differences(tx, app, actor, process))


@router.get("/{process}/differences/{number}", name="version-differences")
def show_version(
    request: Request, tx: Read, app: App, actor: CurrentActor, process: str, number: Number
) -> Response:
    return _render(request, actor, comparing.version_differences(tx, app, actor, process, number))


def _render(request: Request, actor: Actor, page: DifferencesPage) -> Response:
    drawings = {file.path: _drawings(file) for file in page.files}
    return render(request, "differences", actor=actor, page=page, drawings=drawings)


def _drawings(file: ChangedFile) -> tuple[Drawing | None, Drawing | None]:
    """A diagram as it is and as it would be; None where there is none.

    Only the part that differs, unless that is only drawn elsewhere.
    """
    told = [id for id, kind in file.marks.items() if kind != "moved"]
    view = part_with(filter(None, (file.before, file.after)), told)
    return (
        _drawn(file.before, file.words_before, file.marks, view),
        _drawn(file.after, file.words_after, file.marks, view),
    )


def _drawn(
    process: Process | None, words: Words, marks: Mapping[str, str], view: Box | None
) -> Drawing | None:
    if process is None:
        return None
    return draw(process, name_of=words.naming(process.id), marks=marks, view=view)
