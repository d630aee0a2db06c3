"""How cases are numbered and how they may change. Pure."""

from base.errors import Conflict, NotAllowed

OPEN = "open"
LAPSED = "consent_lapsed"
CLOSED = "closed"


class CaseClosed(Conflict):
    """The case is closed."""


class NotYourGroup(NotAllowed):
    """Cases of this local group are raised by the organisations that sit in it."""

    code = "not_yours"


class NotYourOrganisation(NotAllowed):
    """You raise cases for your own organisation."""

    code = "not_yours"


def number(prefix: str, year: int, ordinal: int) -> str:
    """``VMO-2027-014``: short enough to say on the phone; grows past 999."""
    return f"{prefix}-{year}-{ordinal:03d}"


def require_open(status: str) -> None:
    """Raises CaseClosed; a resting case is not closed."""
    if status == CLOSED:
        raise CaseClosed
