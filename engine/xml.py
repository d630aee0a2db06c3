"""The only way in for XML: anything that could reach out, blow up or hide is refused."""

from __future__ import annotations

from lxml import etree

from base.errors import SamplanError

LARGEST = 2 * 1024 * 1024
DEEPEST = 64
MOST_ELEMENTS = 60_000


class UnreadableXml(SamplanError):
    """This file cannot be read as XML."""

    def __init__(self, name: str, message: str, line: int | None = None) -> None:
        place = f"{name}, line {line}" if line else name
        super().__init__(f"{place}: {message}")
        self.name = name
        self.line = line


def parse(data: bytes, *, name: str) -> etree._Element:
    """The root element of a file. Raises UnreadableXml with the line that is wrong."""
    if len(data) > LARGEST:
        raise UnreadableXml(name, f"The file is larger than {LARGEST // 1024**2} MiB.")
    if not data.strip():
        raise UnreadableXml(name, "The file is empty.")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableXml(name, f"This is not XML: {error.msg}.", error.lineno) from error
    except ValueError as error:
        raise UnreadableXml(name, "This is not XML.") from error
    _refuse_declarations(root, name)
    _refuse_size(root, name)
    return root


def _refuse_declarations(root: etree._Element, name: str) -> None:
    # Asked after parsing, so that no encoding can hide a declaration from a search for its text.
    info = root.getroottree().docinfo
    if info.internalDTD is not None or info.externalDTD is not None:
        raise UnreadableXml(name, "A DOCTYPE is not allowed; remove it.", 1)


def _refuse_size(root: etree._Element, name: str) -> None:
    waiting: list[tuple[etree._Element, int]] = [(root, 1)]
    count = 0
    while waiting:
        element, depth = waiting.pop()
        count += 1
        if depth > DEEPEST:
            message = f"Elements are nested more than {DEEPEST} deep."
            raise UnreadableXml(name, message, _line(element))
        if count > MOST_ELEMENTS:
            raise UnreadableXml(name, f"The file has more than {MOST_ELEMENTS} elements.")
        waiting.extend((child, depth + 1) for child in element)


def _line(element: etree._Element) -> int | None:
    line = element.sourceline
    return line if isinstance(line, int) else None
