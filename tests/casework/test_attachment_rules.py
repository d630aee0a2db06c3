"""What may be attached is known by its content; what could run or hide is refused."""

import io
import struct
import zipfile
import zlib
from functools import cache

import pytest

from base.pdf import FONTS
from casework.attachments.rules import (
    KINDS,
    EmptyFile,
    FileTooLarge,
    NotAttachable,
    cleaned_name,
    recognise,
)
from casework.printing import Document, Label, Text, printed

LARGEST = 10_000_000
PLAIN = KINDS[-1]
TYPES = '<?xml version="1.0"?><Types></Types>'
MIMETYPE = "application/vnd.oasis.opendocument.text"
EXTERNAL = '<Relationship Id="a" Type="http://x/{}" Target="http://x/y" TargetMode="External"/>'


@cache
def a_pdf() -> bytes:
    return printed(Document(Label("Intyg"), (Text("Hej"),), "sv"))


def a_png(*, extra: bytes = b"") -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">L", len(data)) + name + data + struct.pack(">L", zlib.crc32(name + data))
        )

    head = struct.pack(">LLBBBBB", 1, 1, 8, 0, 0, 0, 0)
    parts = chunk(b"IHDR", head) + extra + chunk(b"IDAT", zlib.compress(b"\0\0"))
    return b"\x89PNG\r\n\x1a\n" + parts + chunk(b"IEND", b"")


def a_jpeg(*, comment: bytes = b"hello") -> bytes:
    app = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0" + b"\0" * 9
    said = b"\xff\xfe" + struct.pack(">H", 2 + len(comment)) + comment
    return b"\xff\xd8" + app + said + b"\xff\xda\x00\x02data\xff\xd9"


def an_archive(files: dict[str, str | bytes], *, how: int = zipfile.ZIP_DEFLATED) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", how) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return held.getvalue()


def a_docx(**more: str | bytes) -> bytes:
    named = {name.replace("__", "/"): data for name, data in more.items()}
    return an_archive({"[Content_Types].xml": TYPES, "word/document.xml": "<w/>"} | named)


def an_odt() -> bytes:
    return an_archive({"mimetype": MIMETYPE, "content.xml": "<office/>"})


def a_liar() -> bytes:
    """An archive that says of a hundred million bytes that they are ten."""
    packed = bytearray(a_docx(word__big="\0" * 100_000_000))
    size = struct.pack("<L", 100_000_000)
    return bytes(packed).replace(size, struct.pack("<L", 10))


#: By name: archives hold the moment they were made, and workers agree on tests by their names.
KNOWN = {
    "pdf": (a_pdf(), ".pdf"),
    "png": (a_png(), ".png"),
    "jpeg": (a_jpeg(), ".jpg"),
    "docx": (a_docx(), ".docx"),
    "docx with a link": (a_docx(**{"word__x.rels": EXTERNAL.format("hyperlink")}), ".docx"),
    "odt": (an_odt(), ".odt"),
    "text": ("Hej på dig, 3 < 5 & 7 > 2\r\n".encode(), ".txt"),
    "text with a mark": (b"\xef\xbb\xbfHej", ".txt"),
}


@pytest.mark.parametrize(("content", "suffix"), KNOWN.values(), ids=KNOWN.keys())
def test_a_kind_is_known_by_its_content(content: bytes, suffix: str) -> None:
    assert recognise(content, LARGEST).suffix == suffix


HOSTILE = {
    "html": b"<!doctype html><script>alert(1)</script>",
    "html late": b"a\n" * 9000 + b"<ScRiPt>alert(1)</script>",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "xml": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x/>',
    "program": b"MZ\x90\0\x03\0\0\0",
    "script with escapes": b"\x1b]0;hello\x07",
    "utf-16 html": "<script>".encode("utf-16"),
    "pdf without end": a_pdf()[:-20],
    "pdf behind html": b"<html>" + a_pdf(),
    "pdf and archive": a_pdf() + a_docx() + b"\n%%EOF",
    "pdf with script": b"%PDF-1.7\n1 0 obj <</S/JavaScript/JS(app.alert)>> endobj\n%%EOF",
    "pdf with hidden script": b"%PDF-1.7\n1 0 obj <</S/J#61vaScript>> endobj\n%%EOF",
    "pdf with packed script": b"%PDF-1.7\n1 0 obj <</Type/ObjStm>> stream\n"
    + zlib.compress(b"<</S/JavaScript/JS(x)>>")
    + b"\nendstream\n%%EOF",
    "png with a tail": a_png() + b"<script>",
    "png with a wrong sum": a_png()[:20] + b"\1" + a_png()[21:],
    "png cut": a_png()[:-4],
    "jpeg with a tail": a_jpeg() + b"MZ",
    "jpeg that is a pdf": a_jpeg(comment=b"%PDF-1.7 1 0 obj"),
    "jpeg that is an archive": a_jpeg()[:-2] + an_archive({"a": "b"}) + b"\xff\xd9",
    "archive": an_archive({"a.txt": "b"}),
    "docx with macros": a_docx(word__vbaProject="x"),
    "docx with a program": a_docx(word__embeddings__oleObject="x"),
    "docx with a template elsewhere": a_docx(
        **{"word__settings.rels": EXTERNAL.format("attachedTemplate")}
    ),
    "docx with a disguised template": a_docx(
        **{"word__settings.rels": EXTERNAL.format("t").replace("External", "Exte&#114;nal")}
    ),
    "streams without end": b"%PDF-1.7\n" + b"stream\n" * 1_000_000 + b"/JS \n%%EOF",
    "relations without end": a_docx(
        word__x="x", **{"word__y.rels": "<Relationship " * 500_000 + EXTERNAL}
    ),
    "docx that climbs": a_docx(**{"..__evil": "x"}),
    "docx with a tail": a_docx() + b"x",
    "docx behind something": b"MZ" + a_docx(),
    "bomb": a_docx(word__big="\0" * 70_000_000),
    "bomb that lies": a_liar(),
    "many files": an_archive({f"f{number}": "" for number in range(1001)}),
    "odt with a macro": an_archive(
        {"mimetype": MIMETYPE, "content.xml": "<o/>", "Basic/Standard/x.xml": "x"}
    ),
    "odt whose kind comes late": an_archive({"content.xml": "<o/>", "mimetype": MIMETYPE}),
    "font": (FONTS / "NotoSansHebrew_400Regular.ttf").read_bytes(),
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_could_run_or_hide_is_refused(content: bytes) -> None:
    with pytest.raises(NotAttachable):
        recognise(content, LARGEST)


def test_nothing_and_too_much_are_refused() -> None:
    with pytest.raises(EmptyFile):
        recognise(b"", LARGEST)
    with pytest.raises(FileTooLarge):
        recognise(b"a" * 11, 10)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Brev.txt", "Brev.txt"),
        ("Läkarintyg 2027.pdf", "Läkarintyg 2027.txt"),
        ("../../etc/passwd", "passwd.txt"),
        ("C:\\Users\\x\\brev.doc", "brev.txt"),
        ("brev.pdf.exe", "brev.pdf.txt"),
        ("\u202egpj.exe", "gpj.txt"),
        ("a\r\nSet-Cookie: x.txt", "aSet-Cookie x.txt"),
        ("..", "file.txt"),
        ("", "file.txt"),
        ("x" * 5000 + ".txt", "x" * 116 + ".txt"),
        ("e\u0301.txt", "é.txt"),
    ],
)
def test_names_are_safe_and_say_what_the_file_is(sent: str, kept: str) -> None:
    assert cleaned_name(sent, PLAIN) == kept
