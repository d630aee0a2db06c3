"""Asking a remote service: a job in the transaction of the step that waits for it."""

from uuid import UUID

from base import jobs
from base.db import Session
from engine.diagram import Element
from engine.references import MOST_RETRIES

#: The job that carries out what a token waits for.
SERVICE_JOB = "service"
#: Attempts of a service task that does not say how many.
USUAL_RETRIES = 3


def ask(tx: Session, token_id: UUID, element: Element) -> None:
    """Have the service of this element carried out for the token once the step is written."""
    jobs.defer(tx, SERVICE_JOB, {"token": str(token_id)}, attempts=_retries(element))


def _retries(element: Element) -> int:
    written = element.service.retries if element.service is not None else None
    text = (written or "").strip()
    wanted = int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else USUAL_RETRIES
    return min(max(wanted, 1), MOST_RETRIES)
