"""Sentences that hold on every course: what became of each, and writing them without a script."""

from collections.abc import Callable, Mapping
from http import HTTPStatus

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from base import lang
from casework.access import Actor
from casework.releases import sentences
from casework.releases.sentences import (
    NothingNamed,
    NoWords,
    SentencePage,
    SentenceRow,
    SentencesPage,
    TooMany,
)
from engine.sentences import FORMS
from web.deps import CurrentActor, Read, Sent, Tx, first
from web.drawing import Drawing, draw
from web.packs import App
from web.pages import render

router = APIRouter(prefix="/routines/sentences")
_PAGE = "/routines/sentences"


def _(text: str) -> str:
    """Marks a text for translation; the template translates it."""
    return text


#: Each form as people read it, its parts in the order of ``FORMS``.
READS = {
    "without": _("Never %(never)s without %(without)s before"),
    "inside": _("Never %(never)s inside %(inside)s"),
    "ends": _("Every course of %(of)s ends in %(ends_in)s"),
    "after": _("After %(after)s always %(always)s"),
    "between": _("Between %(after)s and %(before)s always %(always)s"),
}
PARTS = {
    "never": _("Never this"),
    "without": _("without one of these before"),
    "inside": _("inside one of these"),
    "of": _("Every course of this process"),
    "ends_in": _("ends in one of these"),
    "after": _("After one of these"),
    "before": _("and before one of these"),
    "always": _("always one of these"),
}


@router.get("", name="sentences")
def show(request: Request, tx: Read, app: App, actor: CurrentActor) -> Response:
    page = sentences.sentences_page(tx, app, actor)
    say = app.translator(actor.language)
    drawings = {row.code: _drawings(page, row) for row in page.rows}
    return render(
        request,
        "sentences",
        actor=actor,
        page=page,
        drawings=drawings,
        forms={form: say(text) % _letters(form) for form, text in READS.items()},
        reads={row.code: _read(row, say) for row in page.rows},
    )


@router.get("/edit", name="edit-sentence")
def edit(
    request: Request, tx: Read, app: App, actor: CurrentActor, code: str = "", form: str = ""
) -> Response:
    page = sentences.sentence_page(tx, app, actor, code=code, form=form)
    return _render(request, actor, page, typed=page.texts, chosen=page.parts)


@router.post("/edit", name="save-sentence")
def save(request: Request, tx: Tx, app: App, actor: CurrentActor, sent: Sent) -> Response:
    code, form = first(sent, "code"), first(sent, "form")
    parts = {
        part: tuple(value for name, value in sent if name == part) for part in FORMS.get(form, ())
    }
    texts = {name: first(sent, f"text-{name}") for name in lang.LANGUAGES}
    told = {"code": code, "form": form, "mark": first(sent, "mark")}
    try:
        sentences.save_sentence(tx, app, actor, parts=parts, texts=texts, **told)
    except (NothingNamed, NoWords, TooMany) as error:
        tx.rollback()
        with app.database.reading() as again:
            page = sentences.sentence_page(again, app, actor, code=code, form=form)
        return _render(request, actor, page, typed=texts, chosen=parts, problem=str(error))
    return RedirectResponse(f"{_PAGE}?said=sentences", HTTPStatus.SEE_OTHER)


@router.post("/remove", name="remove-sentence")
def remove(tx: Tx, app: App, actor: CurrentActor, sent: Sent) -> Response:
    told = {"code": first(sent, "code"), "mark": first(sent, "mark")}
    sentences.remove_sentence(tx, app, actor, **told)
    return RedirectResponse(f"{_PAGE}?said=sentences", HTTPStatus.SEE_OTHER)


@router.post("/discard", name="discard-sentences")
def discard(tx: Tx, app: App, actor: CurrentActor) -> Response:
    sentences.discard_sentences(tx, app, actor)
    return RedirectResponse(f"{_PAGE}?said=discarded", HTTPStatus.SEE_OTHER)


def _render(
    request: Request,
    actor: Actor,
    page: SentencePage,
    *,
    typed: Mapping[str, str],
    chosen: Mapping[str, tuple[str, ...]],
    problem: str = "",
) -> Response:
    return render(
        request,
        "sentence",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        actor=actor,
        page=page,
        typed=typed,
        chosen=chosen,
        parts=PARTS,
        problem=problem,
    )


def _letters(form: str) -> dict[str, str]:
    """A, B and C where something is to be named."""
    return dict(zip(FORMS[form], "ABC", strict=False))


def _read(row: SentenceRow, say: Callable[[str], str]) -> str:
    """What is checked, with everything by its name."""
    said = {
        part: f" {say(_('or'))} ".join(say(_("“%(name)s”")) % {"name": name} for name in names)
        for part, names in row.parts.items()
    }
    return say(READS[row.form]) % said


def _drawings(page: SentencesPage, row: SentenceRow) -> list[tuple[str, Drawing]]:
    """The diagrams of the path by their titles: what was passed, and where the sentence breaks."""
    return [
        (
            page.words.process(shown.process.id),
            draw(
                shown.process,
                name_of=page.words.naming(shown.process.id),
                here={shown.last},
                done=shown.passed,
                marks={shown.last: "changed"} if number == 0 else {},
            ),
        )
        for number, shown in enumerate(row.shown)
    ]
