"""Sealing, wrapping and blind indexes: AES-GCM and HMAC under keys derived from one master key."""

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from base.errors import SamplanError

KEY_BYTES = 32
_NONCE_BYTES = 12
_FORMAT = b"\x01"


class Unsealable(SamplanError):
    """These bytes were not sealed with this key for this place."""


def new_key() -> bytes:
    """32 random bytes."""
    return os.urandom(KEY_BYTES)


def derive(master: bytes, purpose: str) -> bytes:
    """A key for one purpose; the same master and purpose always give the same key."""
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=purpose.encode()).derive(master)


def seal(key: bytes, plain: bytes, place: str) -> bytes:
    """Encrypt and bind to ``place`` (table, row, field), so that it cannot be moved elsewhere."""
    nonce = os.urandom(_NONCE_BYTES)
    return _FORMAT + nonce + AESGCM(key).encrypt(nonce, plain, place.encode())


def unseal(key: bytes, sealed: bytes, place: str) -> bytes:
    """Raises Unsealable for another key, another place or changed bytes."""
    if sealed[:1] != _FORMAT:
        raise Unsealable
    nonce, text = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, text, place.encode())
    except InvalidTag as error:
        raise Unsealable from error


def blind_index(key: bytes, text: str) -> bytes:
    """Finds equal texts without storing them; only whoever has the key can ask."""
    return hmac.digest(key, text.encode(), "sha256")


def digest(*parts: bytes) -> bytes:
    """SHA-256 over the parts, each preceded by its length so that no two splits agree."""
    hashed = hashlib.sha256()
    for part in parts:
        hashed.update(len(part).to_bytes(8, "big"))
        hashed.update(part)
    return hashed.digest()
