"""Mails that were not sent: they point at a person, or nobody takes them at the address."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from base.errors import NotAllowed
from casework.notifications.actions import bounced_mails, refused_mails
from web.deps import CurrentActor, Read
from web.pages import render

router = APIRouter(prefix="/mails")
_KEEPERS = frozenset({"admin", "federation"})


@router.get("/refused", name="refused-mails")
def show(request: Request, tx: Read, actor: CurrentActor) -> Response:
    """What stood in them is not shown: that it must not spread is why they were refused."""
    if actor.roles.isdisjoint(_KEEPERS):
        raise NotAllowed("Your role does not open this page.", code="role")
    return render(
        request, "refused-mails", actor=actor, mails=refused_mails(tx), bounced=bounced_mails(tx)
    )
