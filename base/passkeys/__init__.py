"""Passkeys (WebAuthn): what a browser is asked, and what it says that it answers to.

Whether an answer is right is found out with a library that is loaded for that alone.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import import_module
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from base.errors import SamplanError

#: How long a browser waits for its person.
PATIENCE_SECONDS = 120
MOST_LETTERS = 20_000
#: Of the standard.
LONGEST_ID = 1023
#: ES256, EdDSA, RS256: one of them is known to every device.
ALGORITHMS = (-7, -8, -257)
_USUAL_PORTS = {"https": 443, "http": 80}


class Unfit(SamplanError):
    """What the browser sent is no right answer."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where passkeys hold: the host they are bound to, and the one origin that may ask."""

    host: str
    origin: str


@dataclass(frozen=True, slots=True)
class Person:
    """As the device shows them; ``handle`` leads to nobody outside Samplan."""

    handle: bytes = field(repr=False)
    user_name: str
    name: str


@dataclass(frozen=True, slots=True)
class Claim:
    """What an answer says of itself: nothing in it is proven."""

    credential_id: bytes = field(repr=False)
    challenge: bytes = field(repr=False)
    origin: str
    #: None where the device keeps none.
    handle: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Made:
    """A new passkey; ``public_key`` as COSE has it."""

    credential_id: bytes = field(repr=False)
    public_key: bytes = field(repr=False)
    sign_count: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A passkey has signed; ``verified``: its device made sure who holds it."""

    sign_count: int
    verified: bool


def place_of(public_url: str) -> Place | None:
    """None where browsers know no passkeys: without encryption, or without a name."""
    parts = urlsplit(public_url)
    host = (parts.hostname or "").encode("idna").decode()
    secure = parts.scheme == "https" or (parts.scheme == "http" and host == "localhost")
    if not host or not secure or _is_address(host):
        return None
    port = "" if parts.port in {None, _USUAL_PORTS[parts.scheme]} else f":{parts.port}"
    return Place(host, f"{parts.scheme}://{host}{port}")


def to_make(
    place: Place, person: Person, *, title: str, challenge: bytes, there: Sequence[bytes]
) -> dict[str, Any]:
    """What a browser is asked for a new passkey; on devices with those that are ``there``, none.

    Whether the maker of a device vouches for it is not asked: that tells devices apart.
    """
    return {
        "rp": {"id": place.host, "name": title},
        "user": {
            "id": in_letters(person.handle),
            "name": person.user_name,
            "displayName": person.name,
        },
        "challenge": in_letters(challenge),
        "pubKeyCredParams": [{"type": "public-key", "alg": alg} for alg in ALGORITHMS],
        "timeout": PATIENCE_SECONDS * 1000,
        "excludeCredentials": _named(there),
        "authenticatorSelection": {"residentKey": "preferred", "userVerification": "preferred"},
        "attestation": "none",
    }


def to_show(
    place: Place, *, challenge: bytes, there: Sequence[bytes] = (), verified: bool
) -> dict[str, Any]:
    """What a browser is asked to sign with: one of those ``there``; none named: any it has."""
    return {
        "rpId": place.host,
        "challenge": in_letters(challenge),
        "timeout": PATIENCE_SECONDS * 1000,
        "allowCredentials": _named(there),
        "userVerification": "required" if verified else "preferred",
    }


def claimed(answer: str) -> Claim:
    """Raises Unfit."""
    try:
        told = json.loads(answer[:MOST_LETTERS])
        response = told["response"]
        client = json.loads(_bytes(response["clientDataJSON"]))
        handle = response.get("userHandle")
        claim = Claim(
            credential_id=_bytes(told["rawId"]),
            challenge=_bytes(client["challenge"]),
            origin=str(client["origin"]),
            handle=None if handle is None else _bytes(handle),
        )
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise Unfit from error
    if client.get("crossOrigin") or not 0 < len(claim.credential_id) <= LONGEST_ID:
        raise Unfit
    return claim


def made(answer: str, place: Place, challenge: bytes) -> Made:
    """The new passkey, its answer checked. Raises Unfit."""
    found: Made = import_module("base.passkeys.checking").made(answer, place, challenge)
    return found


def shown(answer: str, place: Place, challenge: bytes, public_key: bytes) -> Shown:
    """An answer that this passkey has signed. Raises Unfit; of its count, the caller judges."""
    checking = import_module("base.passkeys.checking")
    found: Shown = checking.shown(answer, place, challenge, public_key)
    return found


def in_letters(plain: bytes) -> str:
    """As browsers write bytes."""
    return urlsafe_b64encode(plain).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(f"{text}===")


def _named(ids: Sequence[bytes]) -> list[dict[str, str]]:
    return [{"type": "public-key", "id": in_letters(one)} for one in ids]


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
