"""Files of sealed chunks: what is written is never in the clear on the disk.

As in the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár (2015): each chunk's nonce
is its number and whether it is the last, so that chunks cannot be changed, moved or left out, nor
the end cut off. Each file has a key of its own, derived with a random salt.
"""

import hmac
import json
import os
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from base import crypto
from base.errors import SamplanError

_MAGIC = b"samplan backup\n"
_FORMAT = 1
_CHUNK = 64 * 1024
_TAG = 16
_LARGEST_HEAD = 4096
_OURS_ALONE = 0o600


class BackupRefused(SamplanError):
    """This backup cannot be used."""


class NoBackup(BackupRefused):
    """This file is not a backup of Samplan."""


class NewerFormat(BackupRefused):
    """This backup was made by a newer version of Samplan."""


class OtherKey(BackupRefused):
    """This backup was sealed with another key than the one given."""


class Altered(BackupRefused):
    """This backup has been changed since it was written."""


class CutShort(BackupRefused):
    """The end of this backup is missing."""


@dataclass(frozen=True, slots=True)
class Head:
    """What a file says of itself in the clear; it is sealed along with the rest.

    ``store``: cases or keys; ``made``: ISO 8601, UTC; ``schema``: the migration the rows are of,
    empty for keys; ``database``: sqlite or postgresql.
    """

    id: str
    store: str
    made: str
    schema: str
    database: str


@contextmanager
def writing(path: Path, key: bytes, head: Head) -> Iterator["Sink"]:
    """A new file; on the disk when the block has ended. One that failed is removed."""
    salt = os.urandom(crypto.KEY_BYTES)
    said = {**asdict(head), "format": _FORMAT, "salt": salt.hex(), "key": _mark(key, salt)}
    text = json.dumps(said, sort_keys=True).encode()
    beginning = _MAGIC + len(text).to_bytes(4, "big") + text
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OURS_ALONE)
    with ExitStack() as undo:
        undo.callback(path.unlink, missing_ok=True)
        with os.fdopen(descriptor, "wb") as file:
            file.write(beginning)
            sink = Sink(file, _of_file(key, salt), beginning)
            yield sink
            sink.finish()
            file.flush()
            os.fsync(file.fileno())
        undo.pop_all()


@contextmanager
def opened(path: Path) -> Iterator[tuple[Head, "_Opened"]]:
    """The head, and the rest still sealed. Raises NoBackup, NewerFormat, CutShort."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise NoBackup(f"{path} cannot be read.") from error
    with file:
        beginning = file.read(len(_MAGIC) + 4)
        if not beginning.startswith(_MAGIC):
            raise NoBackup(f"{path} is not a backup of Samplan.")
        size = int.from_bytes(beginning[len(_MAGIC) :], "big")
        text = file.read(min(size, _LARGEST_HEAD))
        if len(text) < size:
            raise CutShort
        try:
            said = json.loads(text)
            salt, mark, form = bytes.fromhex(said.pop("salt")), said.pop("key"), said.pop("format")
            head = Head(**said)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Altered from error
        if form != _FORMAT:
            raise NewerFormat
        yield head, _Opened(file, beginning + text, salt, mark)


@contextmanager
def reading(path: Path, keys: Collection[bytes]) -> Iterator["Source"]:
    """Opens with whichever of the keys it was sealed with.

    Raises OtherKey; the source raises Altered or CutShort where it comes upon that.
    """
    with opened(path) as (_, found):
        mark = str(found.mark)
        fitting = (key for key in keys if hmac.compare_digest(_mark(key, found.salt), mark))
        key = next(fitting, None)
        if key is None:
            raise OtherKey
        yield Source(found.file, _of_file(key, found.salt), found.beginning)


@dataclass(frozen=True, slots=True)
class _Opened:
    file: BinaryIO
    beginning: bytes
    salt: bytes
    mark: str


class Sink:
    """Seals what is written to it."""

    def __init__(self, file: BinaryIO, key: bytes, beginning: bytes) -> None:
        self._file, self._aead, self._beginning = file, AESGCM(key), beginning
        self._waiting = bytearray()
        self._number = 0

    def write(self, data: bytes) -> int:
        self._waiting += data
        # The last chunk is known only at the end, so that one is always held back.
        while len(self._waiting) > _CHUNK:
            self._put(bytes(self._waiting[:_CHUNK]), last=False)
            del self._waiting[:_CHUNK]
        return len(data)

    def finish(self) -> None:
        self._put(bytes(self._waiting), last=True)

    def _put(self, plain: bytes, *, last: bool) -> None:
        nonce = _nonce(self._number, last=last)
        self._file.write(self._aead.encrypt(nonce, plain, self._beginning))
        self._number += 1


class Source:
    """Opens chunk by chunk."""

    def __init__(self, file: BinaryIO, key: bytes, beginning: bytes) -> None:
        self._file, self._aead, self._beginning = file, AESGCM(key), beginning
        self._number = 0
        self._ahead = file.read(_CHUNK + _TAG)
        self._left = b""

    def read(self, size: int) -> bytes:
        """Up to so many bytes; none at the end."""
        if not self._left and self._ahead:
            self._left = self._next()
        given, self._left = self._left[:size], self._left[size:]
        return given

    def to_the_end(self) -> None:
        """Nothing that belongs to the file is left unread. Raises Altered if there is more."""
        if self._left or self._ahead:
            raise Altered

    def _next(self) -> bytes:
        sealed, self._ahead = self._ahead, self._file.read(_CHUNK + _TAG)
        last = not self._ahead
        plain = self._opened(sealed, last=last)
        if plain is None and last and self._opened(sealed, last=False) is not None:
            raise CutShort
        if plain is None:
            # A chunk that was cut off in its middle is the last one and too short.
            raise CutShort if last and len(sealed) < _CHUNK + _TAG else Altered
        self._number += 1
        return plain

    def _opened(self, sealed: bytes, *, last: bool) -> bytes | None:
        try:
            return self._aead.decrypt(_nonce(self._number, last=last), sealed, self._beginning)
        except InvalidTag:
            return None


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _of_file(key: bytes, salt: bytes) -> bytes:
    return crypto.derive(key, f"backup file {salt.hex()}")


def _mark(key: bytes, salt: bytes) -> str:
    """Tells whether a key is the right one before anything is opened."""
    return crypto.derive(key, f"backup mark {salt.hex()}")[:8].hex()
