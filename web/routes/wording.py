"""A pack's texts in all languages, changed without a script."""

from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from casework.access import Actor
from casework.releases import wording
from casework.releases.wording import BadWords, WordsPage
from web.deps import CurrentActor, Read, Sent, Tx, first
from web.packs import App
from web.pages import render

router = APIRouter(prefix="/routines/words")


def _(text: str) -> str:
    """Marks a text for translation; the template translates it."""
    return text


#: What a text is, by where it stands.
ATTRIBUTES = {
    "name": _("Name"),
    "documentation": _("Guidance"),
    "title": _("Name"),
    "help": _("Explanation"),
    "label": _("Question"),
    "description": _("Explanation"),
    "text": _("Text"),
    "error": _("If the answer is wrong"),
    "hint": _("Beside the question"),
    "values": _("Answer"),
    "add": _("On the button"),
    "item": _("A row"),
    "remark": _("Remark"),
}
#: What a phrase of Samplan's own names.
NOUNS = {
    "lead": _("Coordinator"),
    "case": _("Cases"),
    "task": _("Tasks"),
    "plan": _("The plan"),
    "meeting": _("Meetings"),
    "routine": _("Routines"),
    "programme": _("The programme"),
    "role": _("Role"),
}


@router.get("", name="words")
def show(
    request: Request,
    tx: Read,
    app: App,
    actor: CurrentActor,
    file: Annotated[str, Query(max_length=300)] = "",
    missing: Annotated[str, Query(max_length=10)] = "",
) -> Response:
    page = wording.words_page(tx, app, actor, file, missing=bool(missing))
    return _render(request, actor, page, missing=bool(missing))


@router.post("", name="set-words")
def save(request: Request, tx: Tx, app: App, actor: CurrentActor, sent: Sent) -> Response:
    named = [(name.split(":", 2), value) for name, value in sent if name.startswith("w:")]
    wanted = {(name[1], name[2]): value for name, value in named if len(name) == 3}
    path, missing = first(sent, "file"), bool(first(sent, "missing"))
    try:
        changed = wording.set_words(tx, app, actor, path, wanted, mark=first(sent, "mark"))
    except BadWords as error:
        tx.rollback()
        with app.database.reading() as again:
            page = wording.words_page(again, app, actor, path, missing=missing)
        return _render(request, actor, page, missing=missing, bad=error, typed=wanted)
    said = "words" if changed else "nothing-changed"
    there = {"file": path, "said": said} | ({"missing": "1"} if missing else {})
    return RedirectResponse(f"/routines/words?{urlencode(there)}", HTTPStatus.SEE_OTHER)


@router.post("/discard", name="discard-words")
def discard(tx: Tx, app: App, actor: CurrentActor) -> Response:
    wording.discard_words(tx, app, actor)
    return RedirectResponse("/routines/words?said=discarded", HTTPStatus.SEE_OTHER)


def _render(
    request: Request,
    actor: Actor,
    page: WordsPage,
    *,
    missing: bool,
    bad: BadWords | None = None,
    typed: dict[tuple[str, str], str] | None = None,
) -> Response:
    return render(
        request,
        "words",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if bad else HTTPStatus.OK,
        actor=actor,
        page=page,
        attributes=NOUNS if page.samplans else ATTRIBUTES,
        missing=missing,
        problems=bad.problems if bad else {},
        typed=typed or {},
    )
