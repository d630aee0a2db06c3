"""Whom to call: organisations, who does what, and what the public may see of it."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from casework import contacts
from casework.contacts import OrganisationContacts
from casework.organisations.actions import Contact
from casework.seats import pages
from web.deps import App, CurrentActor, MaybeActor, NoNul, Number, Read, Tx
from web.pages import render

router = APIRouter(prefix="/contacts")
_Line = Annotated[str, Form(max_length=200), NoNul]


@router.get("", name="contacts")
def show(request: Request, tx: Read, app: App, actor: CurrentActor, q: str = "") -> Response:
    query = q[:100].strip()
    found = [one for one in contacts.contacts(tx, app, actor) if _matches(one, query)]
    return render(request, "contacts", actor=actor, found=found, query=query)


@router.get("/roles", name="who-does-what")
def show_roles(request: Request, tx: Read, app: App, actor: CurrentActor) -> Response:
    return render(request, "roles", actor=actor, roles=contacts.who_does_what(tx, app))


@router.get("/public", name="public-contacts")
def show_public(request: Request, tx: Read, app: App, actor: MaybeActor) -> Response:
    """For anybody: organisations, groups, general ways; names where an organisation says so."""
    return render(
        request,
        "public-contacts",
        actor=actor,
        organisations=contacts.contacts(tx, app),
        groups=pages.groups(tx, app, None),
    )


@router.get("/organisations/{organisation_id}", name="organisation")
def edit(request: Request, tx: Read, actor: CurrentActor, organisation_id: Number) -> Response:
    organisation = contacts.of_organisation(tx, actor, organisation_id)
    return render(request, "organisation", actor=actor, organisation=organisation)


@router.post("/organisations/{organisation_id}", name="set-contact")
def save(
    tx: Tx,
    actor: CurrentActor,
    organisation_id: Number,
    phone: _Line = "",
    mail: _Line = "",
    address: _Line = "",
    names_public: bool = Form(default=False),
) -> Response:
    contact = Contact(phone.strip(), mail.strip(), address.strip())
    contacts.set_contact(tx, actor, organisation_id, contact, names_public=names_public)
    return RedirectResponse("/contacts?said=contact", HTTPStatus.SEE_OTHER)


def _matches(one: OrganisationContacts, query: str) -> bool:
    """Every word stands in the organisation, a unit, a person or a group."""
    said = [one.title, *one.units]
    for person in one.people:
        said += [person.name, person.unit, *person.groups]
    text = " ".join(said).casefold()
    return all(word in text for word in query.casefold().split())
