"""What the routes of the studio share: who sends, what was found, how a refusal reads."""

from dataclasses import asdict
from types import MappingProxyType
from typing import Annotated, Any

from fastapi import Depends, Header, Request
from starlette.responses import JSONResponse, Response

from base.errors import NotAllowed, SamplanError
from casework.access import Actor
from casework.application import Application
from casework.releases import actions
from casework.releases.adding import StillUsed
from casework.releases.letting import Answers
from engine.check import Finding
from web.deps import CurrentActor
from web.errors import status_of
from web.pages import render


class NotTheEditor(NotAllowed):
    """Drafts are saved by the editor of this site alone."""

    code = "not_the_editor"


async def _body(request: Request, _actor: CurrentActor) -> bytes:
    return await request.body()


def _from_editor(x_samplan_request: Annotated[str, Header()] = "") -> None:
    """A form on another site cannot set this header."""
    if x_samplan_request != "editor":
        raise NotTheEditor


Content = Annotated[bytes, Depends(_body)]
Editor = Depends(_from_editor)
NOTHING_TO_LET_IN: Answers = MappingProxyType({})


def in_words(
    app: Application, actor: Actor, found: tuple[Finding, ...], file: str
) -> list[dict[str, Any]]:
    """Findings for the page, those of this file first."""
    told = for_editor(app, actor, list(found), file)
    return sorted(told, key=lambda each: (each["severity"] != "error", each["file"] != file))


def for_editor(
    app: Application,
    actor: Actor,
    found: list[Finding],
    file: str,
    answers: Answers = NOTHING_TO_LET_IN,
) -> list[dict[str, Any]]:
    """Findings as the editor reads them; of other files only the file is named."""
    say = app.translator(actor.language)
    told = []
    for each in found:
        message, remedy = actions.say(each, say)
        here = each.file == file
        answer = answers.get((each.element, each.facts.get("variable", "")))
        told.append(
            {
                "file": each.file,
                "element": each.element if here else None,
                "row": int(each.facts.get("row", "0")) if here else 0,
                "rule": each.rule,
                "severity": each.severity,
                "message": message if here else f"{each.file}: {message}",
                "remedy": remedy,
                "let_in": asdict(answer) if answer and answer.file == file else None,
            }
        )
    return told


def still_used(request: Request, actor: Actor, error: StillUsed, back: str) -> Response:
    """What refers to what was to be taken out; ``back`` is its page."""
    return render(
        request,
        "still-used",
        status=status_of(error),
        actor=actor,
        sentence=str(error),
        back=back,
        places=error.places,
    )


def as_json(app: Application, actor: Actor, error: SamplanError) -> JSONResponse:
    """A refusal for the editor; one for lack of rights is a page, and written down."""
    if isinstance(error, NotAllowed):
        raise error
    message = app.translator(actor.language)(str(error))
    return JSONResponse({"message": message}, status_of(error))
