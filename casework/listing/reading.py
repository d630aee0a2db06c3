"""Rows of a spreadsheet that somebody hands in: CSV, Excel or OpenDocument.

What they hold is text; formulas are never calculated (what a program has saved for them is read,
as text). A file that unpacks to more than its share is refused before it is read.
"""

import csv
from io import BytesIO, StringIO
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, CalamineWorkbook

from base.errors import Invalid

MOST_BYTES = 1_000_000
_MOST_UNPACKED = 20_000_000
MOST_ROWS = 2_000
_MOST_COLUMNS = 50
_MOST_TEXT = 500
_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


class Unreadable(Invalid):
    """This file is no table that can be read: save it as CSV, Excel or OpenDocument."""


class TooLarge(Invalid):
    """This file is larger than such a list can be."""


def rows(content: bytes) -> list[list[str]]:
    """Every row as text, empty ones left out. Raises Unreadable, TooLarge."""
    if len(content) > MOST_BYTES:
        raise TooLarge
    if content.startswith(_ZIP):
        found = _workbook(_small(content))
    elif content.startswith(_OLD_EXCEL):
        found = _workbook(content)
    else:
        found = _csv(_text(content))
    kept = [[cell.strip()[:_MOST_TEXT] for cell in row[:_MOST_COLUMNS]] for row in found]
    kept = [row for row in kept if any(row)]
    if len(kept) > MOST_ROWS:
        raise TooLarge
    return kept


def _small(content: bytes) -> bytes:
    """Raises TooLarge for a small file that is a large one packed."""
    try:
        with ZipFile(BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > _MOST_UNPACKED:
                raise TooLarge
            # What is said of the size need not be true.
            for part in packed.infolist():
                with packed.open(part) as opened:
                    _count(opened.read(part.file_size + 1), part.file_size)
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise Unreadable from error
    return content


def _count(read: bytes, said: int) -> None:
    if len(read) > said:
        raise TooLarge


def _workbook(content: bytes) -> list[list[str]]:
    try:
        sheet = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0)
        return [[_cell(cell) for cell in row] for row in sheet.to_python()]
    except (CalamineError, ValueError, OSError) as error:
        raise Unreadable from error


def _cell(cell: object) -> str:
    """Whole numbers as people type them: programs keep them as 3.0."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _text(content: bytes) -> str:
    """UTF-8, with or without its mark, else Windows-1252 as older programs write it."""
    if b"\0" in content:
        raise Unreadable
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable


def _csv(text: str) -> list[list[str]]:
    head = text.partition("\n")[0]
    delimiter = max(";,\t", key=head.count)
    try:
        return list(csv.reader(StringIO(text), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise Unreadable from error
