"""What passkeys may do, and why an answer of one is not heard. Pure.

Source: Web Authentication Level 3, 7.1 and 7.2.
"""

from datetime import datetime, timedelta
from enum import Enum, auto

from base.errors import Invalid

#: How long after signing in one may add or remove a passkey.
RECENT = timedelta(minutes=10)
#: How long a browser may take to answer; longer than it waits for its person.
LASTS = timedelta(minutes=5)
MOST = 10
LONGEST_NAME = 60


class Use(Enum):
    """What a passkey is to an account: the whole way in, the second proof alone, or nothing."""

    WHOLE = auto()
    SECOND = auto()
    NOTHING = auto()


class PasskeyRefused(Invalid):
    """This passkey was not accepted. Try again, or sign in another way."""

    code = "passkey_wrong"

    def __init__(self, *, code: str = "") -> None:
        super().__init__()
        if code:
            self.code = code


class PasskeyLate(PasskeyRefused):
    """That took too long, or was answered before. Try again."""

    code = "passkey_late"


class PasskeyElsewhere(PasskeyRefused):
    """This page was opened at another address than Samplan's own. Open it there, and try again."""

    code = "passkey_elsewhere"


class PasskeyUnverified(PasskeyRefused):
    """The device did not ask who you are. Set up a PIN, fingerprint or face, or use a password."""

    code = "passkey_unverified"


class PasskeyCopied(PasskeyRefused):
    """There may be a copy of this passkey. Sign in another way, and remove it."""

    code = "passkey_copied"


class PasskeyThere(PasskeyRefused):
    """This passkey is in use already."""

    code = "passkey_there"


class NotRecent(Invalid):
    """It is too long since you signed in. Sign in again, then change your passkeys."""


class PasskeyNameless(Invalid):
    """Give the passkey a name of at most 60 characters, so that you know it again."""


class TooManyPasskeys(Invalid):
    """You have ten passkeys. Remove one that you do not use any more."""


class PasskeyUseless(Invalid):
    """Your organisation asks for every proof itself. A passkey here would open nothing."""


class CodesLeft(Invalid):
    """There are recovery codes left: use these first."""


def use(*, password: bool, elsewhere: bool, asked_here: bool) -> Use:
    """``password``: the account has one; ``elsewhere``: its organisation lets nobody in with it.

    ``asked_here``: whoever comes from its organisation's own sign-in gives a second proof here.
    """
    if password and not elsewhere:
        return Use.WHOLE
    return Use.SECOND if asked_here else Use.NOTHING


def is_recent(begun: datetime | None, now: datetime) -> bool:
    """``begun``: when the session began; None where it is over."""
    return begun is not None and now - begun < RECENT


def require_name(name: str) -> str:
    """The name without what surrounds it. Raises PasskeyNameless."""
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise PasskeyNameless
    return name


def require_onward(before: int, now: int) -> None:
    """A count that does not rise comes from a copy; those who keep none say nought each time.

    Raises PasskeyCopied.
    """
    if (before or now) and now <= before:
        raise PasskeyCopied
