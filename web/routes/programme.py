"""The programme: what it is for, who carries it, how it ends."""

from collections.abc import Mapping
from datetime import date
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from base.db import Session
from base.errors import Invalid
from casework.access import Actor
from casework.organisations.store import organisations
from casework.programmes import actions, store
from casework.programmes.rules import BadProgramme, Part, Told
from web.deps import CurrentActor, Read, Sent, Tx, first, type_sent
from web.pages import render

router = APIRouter(prefix="/programme")
_DAYS = ("starts", "ends", "closing_from", "read_only_from", "archived_from")
_TEXTS = (
    "title",
    "purposes",
    "time_zone",
    "decision",
    "support_name",
    "support_phone",
    "support_mail",
)
_LONGEST = 2_000


@router.get("", name="programme")
def show(request: Request, tx: Read, actor: CurrentActor) -> Response:
    actions.require_coordinator(actor)
    programme = store.programmes(tx)[0]
    typed = {name: str(getattr(programme, name) or "") for name in (*_DAYS, *_TEXTS)}
    parts = {
        each.organisation_id: Part.of(works=each.works, carries=each.carries)
        for each in store.participations(tx, programme.id)
    }
    carrier = programme.carrier_organisation_id
    if carrier is not None:
        parts[carrier] = Part.of(works=parts.get(carrier, Part.CARRIES).works, carries=True)
    return _page(request, tx, actor, typed, programme.languages, parts)


@router.post("", name="change-programme")
def change(request: Request, tx: Tx, actor: CurrentActor, sent: Sent) -> Response:
    typed = {name: first(sent, name)[:_LONGEST].strip() for name in (*_DAYS, *_TEXTS)}
    languages = [value for name, value in sent if name == "languages"]
    parts = _parts(tx, sent)
    try:
        told = _told(typed, languages)
        actions.change(tx, actor, store.programmes(tx)[0].id, told, parts)
    except Invalid as error:
        return _page(request, tx, actor, typed, languages, parts, problem=str(error))
    return RedirectResponse("/programme?said=programme", HTTPStatus.SEE_OTHER)


def _page(
    request: Request,
    tx: Session,
    actor: Actor,
    typed: Mapping[str, str],
    languages: list[Any],
    parts: Mapping[int, Part],
    *,
    problem: str = "",
) -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
    return render(
        request,
        "programme",
        actor=actor,
        status=status,
        typed=typed,
        chosen=languages,
        parts=parts,
        organisations=organisations(tx),
        problem=problem,
    )


def _told(typed: Mapping[str, str], languages: list[str]) -> Told:
    """Raises BadProgramme for a day that is none."""
    return Told(
        title=typed["title"],
        purposes=typed["purposes"],
        languages=languages,
        time_zone=typed["time_zone"],
        starts=_day(typed["starts"]),
        ends=_day(typed["ends"]),
        closing_from=_day(typed["closing_from"]),
        read_only_from=_day(typed["read_only_from"]),
        archived_from=_day(typed["archived_from"]),
        decision=typed["decision"],
        support_name=typed["support_name"],
        support_phone=typed["support_phone"],
        support_mail=typed["support_mail"],
    )


def _parts(tx: Session, sent: type_sent) -> dict[int, Part]:
    told = dict(sent)
    known = {part.value: part for part in Part}
    return {
        organisation.id: known[told[f"part-{organisation.id}"]]
        for organisation in organisations(tx)
        if told.get(f"part-{organisation.id}") in known
    }


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadProgramme("One of the days is no date.") from error
