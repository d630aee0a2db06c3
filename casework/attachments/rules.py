"""What may be attached: a kind is known by its content, never by what the sender calls it. Pure.

Each kind is walked from its first byte to its last, so that nothing can hang before, behind or
beside it; what could run when somebody opens it is refused.
"""

import re
import struct
import unicodedata
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from base.errors import Conflict, Invalid
from casework.attachments.containers import is_docx, is_odt

LONGEST_NAME = 120
MOST_PER_CASE = 200
_PDF_RUNS = (b"/JavaScript", b"/JS", b"/Launch", b"/EmbeddedFile", b"/RichMedia", b"/XFA")
_NAME_GOES_ON = rb"(?![A-Za-z0-9])"
_RUNS = re.compile(b"|".join(re.escape(name) + _NAME_GOES_ON for name in _PDF_RUNS))
_MARKUP = re.compile(r"<[!?/]?[a-z]", re.IGNORECASE)
_STEERS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,8}$")
_NOT_IN_NAMES = re.compile(r'[/\\:*?"<>|]')
_BEGINS, _ENDS = b"stream", b"endstream"
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_LARGEST_OBJECTS = 5_000_000
_ZIP_END = b"PK\x05\x06"
_ZIP_REACH = 66_000


class NotAttachable(Invalid):
    """Only PDF, PNG, JPEG, plain text, Word and OpenDocument files without macros are kept."""


class EmptyFile(Invalid):
    """The file is empty, or no file was chosen."""


class FileTooLarge(Invalid):
    """The file is too large."""


class TooManyFiles(Conflict):
    """This case holds as many files as a case may hold."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: how it is called, and how its content is known."""

    media_type: str
    suffix: str
    is_one: Callable[[bytes], bool]


def recognise(content: bytes, largest: int) -> Kind:
    """Raises EmptyFile, FileTooLarge, NotAttachable."""
    if not content:
        raise EmptyFile
    if len(content) > largest:
        raise FileTooLarge
    for kind in KINDS:
        if kind.is_one(content):
            return kind
    raise NotAttachable


def cleaned_name(name: str, kind: Kind) -> str:
    """A name that is safe on any disk and on any page, with the suffix of what the file is."""
    text = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1])
    text = "".join(c for c in text if not unicodedata.category(c).startswith("C"))
    text = " ".join(_NOT_IN_NAMES.sub(" ", text).split())
    stem = _SUFFIX.sub("", text).strip(". ")
    return (stem[: LONGEST_NAME - len(kind.suffix)].strip(". ") or "file") + kind.suffix


def _is_pdf(content: bytes) -> bool:
    """From header to end mark, and nothing in it that runs as far as it can be read."""
    whole = content.startswith((b"%PDF-1.", b"%PDF-2."))
    end = content.rstrip(b"\r\n\0 ").endswith(b"%%EOF")
    return whole and end and not _ends_as_archive(content) and not _runs(content)


def _runs(pdf: bytes) -> bool:
    """Looks at objects in the open and at packed ones; other streams are pictures and fonts."""
    return any(_RUNS.search(_ESCAPED.sub(_unescaped, part)) for part in _objects(pdf))


def _objects(pdf: bytes) -> Iterator[bytes]:
    """What lies between streams, and in streams that hold objects; each byte is read once."""
    at = 0
    while (begin := pdf.find(_BEGINS, at)) >= 0 and (end := pdf.find(_ENDS, begin)) >= 0:
        between = pdf[at:begin]
        yield between
        if b"/ObjStm" in between:
            yield _inflated(pdf[begin + len(_BEGINS) : end].lstrip(b"\r\n"))
        at = end + len(_ENDS)
    yield pdf[at:]


def _inflated(packed: bytes) -> bytes:
    """As much as is worth looking at; what cannot be unpacked counts as something that runs."""
    try:
        return zlib.decompressobj().decompress(packed, _LARGEST_OBJECTS)
    except zlib.error:
        return b"/Launch "


def _unescaped(found: re.Match[bytes]) -> bytes:
    return bytes.fromhex(found[1].decode())


def _ends_as_archive(content: bytes) -> bool:
    """Whether a ZIP reader, which reads from the end, would take this for an archive."""
    return _ZIP_END in content[-_ZIP_REACH:]


def _begins_as_pdf(content: bytes) -> bool:
    """Readers of PDF look for its header in the first thousand bytes."""
    return b"%PDF-" in content[:1024]


def _is_png(content: bytes) -> bool:
    """Every part with its checksum, the end mark last."""
    if not content.startswith(b"\x89PNG\r\n\x1a\n"):
        return False
    at, name = 8, b""
    while at + 12 <= len(content):
        length, name = struct.unpack_from(">L4s", content, at)
        end = at + 12 + length
        if end > len(content) or (at == 8) != (name == b"IHDR"):
            return False
        (said,) = struct.unpack_from(">L", content, end - 4)
        if zlib.crc32(content[at + 4 : end - 4]) != said:
            return False
        at = end
        if name == b"IEND":
            break
    return name == b"IEND" and at == len(content) and not _begins_as_pdf(content)


def _is_jpeg(content: bytes) -> bool:
    """Segments up to the picture, and the end mark last."""
    if not (content.startswith(b"\xff\xd8\xff") and content.endswith(b"\xff\xd9")):
        return False
    at = 2
    while at + 4 <= len(content):
        mark, code, length = struct.unpack_from(">BBH", content, at)
        if mark != 0xFF or length < 2:
            return False
        if code == 0xDA:
            return not _ends_as_archive(content) and not _begins_as_pdf(content)
        at += 2 + length
    return False


def _is_text(content: bytes) -> bool:
    """UTF-8 without markup and without signs that steer a terminal."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return not _STEERS.search(text) and not _MARKUP.search(text) and not _begins_as_pdf(content)


KINDS = (
    Kind("application/pdf", ".pdf", _is_pdf),
    Kind("image/png", ".png", _is_png),
    Kind("image/jpeg", ".jpg", _is_jpeg),
    Kind(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ".docx",
        is_docx,
    ),
    Kind("application/vnd.oasis.opendocument.text", ".odt", is_odt),
    Kind("text/plain", ".txt", _is_text),
)
