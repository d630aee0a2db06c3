"""Whom to call."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from casework.contacts import OrganisationContacts, contacts
from web.deps import App, CurrentActor, Read
from web.pages import render

router = APIRouter(prefix="/contacts")


@router.get("", name="contacts")
def show(request: Request, tx: Read, app: App, actor: CurrentActor, q: str = "") -> Response:
    query = q[:100].strip()
    found = [one for one in contacts(tx, app) if _matches(one, query)]
    return render(request, "contacts", actor=actor, found=found, query=query)


def _matches(one: OrganisationContacts, query: str) -> bool:
    """Every word stands in the organisation, a unit, a person or a group."""
    said = [one.title, *one.units]
    for person in one.people:
        said += [person.name, person.unit, *person.groups]
    text = " ".join(said).casefold()
    return all(word in text for word in query.casefold().split())
