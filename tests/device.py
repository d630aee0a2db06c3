"""A security key in software: real keys, real signatures, and it lies where a test has it lie."""

import hashlib
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

_PRESENT, _VERIFIED, _ATTESTED = 1, 4, 64


@dataclass
class Device:
    """One passkey, for the site at ``origin``; ``verifies``: it asks for a PIN or a finger."""

    origin: str
    host: str
    verifies: bool = True
    #: How often it has signed; None: it does not count.
    count: int | None = 0
    id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    handle: bytes = b""

    def made(self, options: Mapping[str, Any]) -> str:
        """What the browser sends for a new passkey."""
        self.handle = _bytes(options["user"]["id"])
        numbers = self.key.public_key().public_numbers()
        x, y = (number.to_bytes(32, "big") for number in (numbers.x, numbers.y))
        public_key = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + public_key
        said = {"fmt": "none", "attStmt": {}, "authData": self._said(_ATTESTED) + attested}
        client = self._client("webauthn.create", options)
        return self._sent(clientDataJSON=client, attestationObject=cbor2.dumps(said))

    def shown(self, options: Mapping[str, Any]) -> str:
        """What the browser sends when the passkey has signed."""
        client, said = self._client("webauthn.get", options), self._said(0)
        signed = said + hashlib.sha256(client).digest()
        return self._sent(
            clientDataJSON=client,
            authenticatorData=said,
            signature=self.key.sign(signed, ec.ECDSA(hashes.SHA256())),
            userHandle=self.handle,
        )

    def but(self, **otherwise: Any) -> "Device":
        """The same one, which says something else from now on."""
        return replace(self, **otherwise)

    def _said(self, flags: int) -> bytes:
        flags |= _PRESENT | (_VERIFIED if self.verifies else 0)
        if self.count is not None:
            self.count += 1
        site = hashlib.sha256(self.host.encode()).digest()
        return site + bytes([flags]) + (self.count or 0).to_bytes(4, "big")

    def _client(self, kind: str, options: Mapping[str, Any]) -> bytes:
        told = {"type": kind, "challenge": options["challenge"], "origin": self.origin}
        return json.dumps({**told, "crossOrigin": False}).encode()

    def _sent(self, **response: bytes) -> str:
        told = {name: _letters(plain) for name, plain in response.items()}
        id = _letters(self.id)
        return json.dumps({"id": id, "rawId": id, "type": "public-key", "response": told})


def _letters(plain: bytes) -> str:
    return urlsafe_b64encode(plain).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(f"{text}===")
