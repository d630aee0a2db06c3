"""Text documents that are ZIP archives: looked into without trusting what they say of themselves.

Everything in one is unpacked piece by piece up to a bound, so that a bomb is found however it
lies about its size; nothing is written anywhere.
"""

import io
import re
import zipfile
import zlib

_MOST_FILES = 1_000
_LARGEST = 60_000_000
_PIECE = 1 << 16
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_LOOKED_AT = re.compile(r"\.rels$|^\[Content_Types\]\.xml$|^mimetype$")
_LOCAL, _END = b"PK\x03\x04", b"PK\x05\x06"
_END_BYTES = 22
_ODT = b"application/vnd.oasis.opendocument.text"
#: Macros, other programs' files, and what is fetched from elsewhere when the document is opened.
_RUNS = re.compile(
    r"vbaProject|vbaData|activeX|/embeddings/|\.bin$|\.exe$|\.dll$|\.js$|^Basic/|^Scripts/"
    r"|^Object ",
    re.IGNORECASE,
)
_FETCHED = re.compile(
    rb"<(?:\w+:)?Relationship\b(?=[^<>]*TargetMode\s*=\s*[\"']External)"
    rb"(?![^<>]*Type\s*=\s*[\"'][^\"'<>]*/hyperlink[\"'])",
    re.IGNORECASE,
)
#: Ways to write the same otherwise, which nobody needs: other encodings, entities.
_DISGUISED = re.compile(rb"\0|&#|<!")


def is_docx(content: bytes) -> bool:
    found = _unpacked(content)
    if found is None or not {"[Content_Types].xml", "word/document.xml"} <= found.keys():
        return False
    relations = b"".join(data for name, data in found.items() if name.endswith(".rels"))
    kinds = found["[Content_Types].xml"]
    plain = not _DISGUISED.search(kinds + relations)
    return plain and b"macroEnabled" not in kinds and not _FETCHED.search(relations)


def is_odt(content: bytes) -> bool:
    found = _unpacked(content)
    if found is None or "content.xml" not in found:
        return False
    return next(iter(found)) == "mimetype" and found["mimetype"] == _ODT


def _unpacked(content: bytes) -> dict[str, bytes] | None:
    """Names and, of some, data, in order; None for what is broken, too much, or could run."""
    if not content.startswith(_LOCAL) or content.find(_END) != len(content) - _END_BYTES:
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _read(archive)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError):
        return None


def _read(archive: zipfile.ZipFile) -> dict[str, bytes] | None:
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    if len(entries) > _MOST_FILES or len(names) < len(entries):
        return None
    if any(_RUNS.search(name) or ".." in name or name.startswith("/") for name in names):
        return None
    if any(entry.compress_type not in _PACKED for entry in entries):
        return None
    left, found = _LARGEST, {}
    for entry in entries:
        size, data = _some(archive, entry, left)
        left -= size
        if left < 0:
            return None
        found[entry.filename] = data
    return found


def _some(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> tuple[int, bytes]:
    """How large the entry is, read to just over ``most``; its data where somebody looks at it."""
    pieces, size = [], 0
    with archive.open(entry) as file:
        while size <= most and (piece := file.read(_PIECE)):
            size += len(piece)
            if _LOOKED_AT.search(entry.filename):
                pieces.append(piece)
    return size, b"".join(pieces)
