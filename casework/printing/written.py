"""Markdown of owners as blocks of a document."""

from collections.abc import Iterator

from base import markdown
from casework.printing.model import Block, Heading, Label, Lines, Rich

#: What stands for a line to write on.
LINE = "____"


def written(text: str, *, level: int = 1) -> Iterator[Block]:
    """Headings, paragraphs and lists; a paragraph with `LINE` becomes a line to write on.

    ``level`` is that of the highest heading below the document's title.
    """
    for part in markdown.parts(text):
        match part:
            case markdown.Title():
                yield Heading(Label(part.text), level + max(part.level - 2, 0))
            case markdown.Paragraph() if LINE in part.text:
                yield Lines((Label(part.text.partition(LINE)[0].strip(" :")),))
            case _:
                yield Rich((part,))
