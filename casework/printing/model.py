"""A document in blocks. Labels may stand in two languages; what people wrote stands as written."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from base import markdown
from base.pdf import Printable, pdf

_TEMPLATE = Path(__file__).parent / "document.typ"


@dataclass(frozen=True, slots=True)
class Label:
    """Words of ours in the reader's language; ``beside``: the same in the office's, or empty."""

    text: str
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """Begins a part; level 1 stands below the document's title, 2 below that."""

    label: Label
    level: int = 1


@dataclass(frozen=True, slots=True)
class Text:
    """Paragraphs, parted by empty lines; line ends are kept."""

    text: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Rich:
    """Paragraphs and lists as their owner marked them."""

    parts: tuple[markdown.Part, ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A bulleted list."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Label and value, one pair a line."""

    rows: tuple[tuple[Label, str], ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with its head repeated on each page; every row is as long as the head."""

    head: tuple[Label, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """Empty lines to write on by hand, each with its label below."""

    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing of ours as SVG, as wide as the page; ``says`` tells in words what it shows."""

    svg: str
    says: str


@dataclass(frozen=True, slots=True)
class Logo:
    """Whose paper it is: a drawing as SVG, ``says`` whose; sides in millimetres."""

    svg: str
    says: str
    width: float
    height: float


Block: TypeAlias = Heading | Text | Rich | Items | Facts | Grid | Lines | Picture


@dataclass(frozen=True, slots=True)
class Document:
    """``kind`` is the title on paper and in the file's metadata: never a name.

    ``reference`` stands on top of each page (a case's number), ``foot`` at its bottom.
    ``beside_language``: language of the labels' ``beside``; empty where there are none.
    """

    kind: Label
    blocks: Sequence[Block]
    language: str
    beside_language: str = ""
    reference: str = ""
    foot: str = ""
    logo: Logo | None = None


def printed(document: Document) -> bytes:
    """The document as PDF/UA-1. Raises base.pdf.TooMuchToPrint."""
    data: dict[str, Printable] = {
        "kind": _label(document.kind),
        "beside_language": document.beside_language,
        "reference": document.reference,
        "foot": document.foot,
        "logo": _logo(document.logo) if document.logo else None,
        "blocks": [_block(block) for block in document.blocks],
    }
    return pdf(_TEMPLATE, data, language=document.language)


def _logo(logo: Logo) -> dict[str, Printable]:
    return {"svg": logo.svg, "says": logo.says, "width": logo.width, "height": logo.height}


def _block(block: Block) -> dict[str, Printable]:
    match block:
        case Heading(label, level):
            return {"is": "heading", "label": _label(label), "level": level}
        case Text(text, quoted):
            return {"is": "text", "paragraphs": _paragraphs(text), "quoted": quoted}
        case Rich(parts):
            return {"is": "rich", "parts": [_part(part) for part in parts]}
        case Items(items):
            return {"is": "items", "items": list(items)}
        case Facts() | Grid():
            return _table(block)
        case Picture(svg, says):
            return {"is": "picture", "svg": svg, "says": says}
        case Lines(labels):
            return {"is": "lines", "labels": [_label(label) for label in labels]}


def _table(block: Facts | Grid) -> dict[str, Printable]:
    if isinstance(block, Facts):
        return {"is": "facts", "rows": [[_label(label), value] for label, value in block.rows]}
    return {"is": "grid", "head": [_label(label) for label in block.head], "rows": block.rows}


def _part(part: markdown.Part) -> dict[str, Printable]:
    match part:
        case markdown.Listed(items, numbered):
            inside = [[_part(each) for each in item] for item in items]
            return {"is": "listed", "items": inside, "numbered": numbered}
        case markdown.Title(runs) | markdown.Paragraph(runs):
            return {"is": "paragraph", "runs": [_run(run) for run in runs]}


def _run(run: markdown.Run) -> dict[str, Printable]:
    return {"rows": run.text.split("\n"), "strong": run.strong, "emphasis": run.emphasis}


def _label(label: Label) -> dict[str, Printable]:
    return {"text": label.text, "beside": label.beside}


def _paragraphs(text: str) -> list[list[str]]:
    """Lines of each paragraph."""
    parts = [part.strip("\n") for part in text.replace("\r\n", "\n").split("\n\n")]
    return [part.split("\n") for part in parts if part.strip()]
