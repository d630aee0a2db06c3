"""What a browser was asked to sign, and whether it may still answer. The caller commits."""

import hashlib
import secrets
from dataclasses import dataclass, field

from base import clock, passkeys
from base.db import Session
from base.passkeys import Claim, Place, Unfit
from casework.accounts import queries
from casework.accounts.tables import PasskeyChallenge
from casework.application import Application
from casework.passkeys import rules

ADD, SECOND, SIGN_IN = "add", "second", "sign_in"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a browser sent, and to what: nothing in it is proven but that it was asked."""

    place: Place
    claim: Claim
    text: str = field(repr=False)


def place(app: Application) -> Place | None:
    """Where passkeys hold: at the address in the settings, whatever a request says."""
    return passkeys.place_of(app.settings.public_url)


def challenge(tx: Session, holder: str, purpose: str) -> bytes:
    """A new one for whoever holds this secret; the database keeps a digest alone."""
    drawn, now = secrets.token_bytes(32), clock.now(tx)
    asked = PasskeyChallenge(
        digest=_digest(drawn),
        holder_digest=_digest(holder.encode()),
        purpose=purpose,
        ends=now + rules.LASTS,
    )
    queries.add_challenge(tx, asked, now=now)
    return drawn


def answered(tx: Session, app: Application, holder: str, purpose: str, text: str) -> Answer:
    """The challenge is used up, whatever comes of the answer. Raises PasskeyRefused."""
    here = place(app)
    if here is None:
        raise rules.PasskeyRefused
    try:
        claim = passkeys.claimed(text)
    except Unfit as error:
        raise rules.PasskeyRefused from error
    heard = queries.use_challenge(
        tx,
        _digest(claim.challenge),
        holder_digest=_digest(holder.encode()),
        purpose=purpose,
        now=clock.now(tx),
    )
    if not heard:
        raise rules.PasskeyLate
    if claim.origin != here.origin:
        raise rules.PasskeyElsewhere
    return Answer(here, claim, text)


def _digest(plain: bytes) -> bytes:
    return hashlib.sha256(plain).digest()
