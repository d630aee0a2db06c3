"""Codes of an authenticator app (RFC 6238): six digits, another every half minute.

The only door to pyotp.
"""

import hmac
from datetime import datetime

import pyotp

_PERIOD = 30
#: Clocks of telephones and servers differ: a code is heard one step early and one late.
_APART = (-1, 0, 1)


def new_secret() -> str:
    """160 random bits, in the letters that people can type into their app."""
    return pyotp.random_base32()


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """Which step's code this is, of the present one and its neighbours; None for a wrong code."""
    totp, present = pyotp.TOTP(secret), int(now.timestamp()) // _PERIOD
    typed = code.encode()
    found = [
        present + by
        for by in _APART
        if hmac.compare_digest(totp.generate_otp(present + by).encode(), typed)
    ]
    return found[-1] if found else None


def code_at(secret: str, now: datetime) -> str:
    """What the app shows at this moment."""
    return pyotp.TOTP(secret).generate_otp(int(now.timestamp()) // _PERIOD)


def address(secret: str, *, account: str, issuer: str) -> str:
    """What an app reads from a picture: the secret, and the names it is shown under."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)
