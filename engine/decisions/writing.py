"""Write one cell of a decision table, and leave every other byte of the file as it is."""

import re
from html import escape

from engine.decisions.errors import BadDecisions


def with_result(data: bytes, rule_id: str, text: str, *, output: int = 0) -> bytes:
    """The file with another text in the cell of a rule's result.

    Raises BadDecisions where it is not clear which bytes are the cell.
    """
    rule = _inside(b"rule", data, attributes=rb'[^>]*\bid="%s"[^>]*' % re.escape(rule_id.encode()))
    if len(rule) != 1:
        raise BadDecisions(f"There is not one rule “{rule_id}”.")
    cells = _inside(b"outputEntry", data, *rule[0])
    texts = _inside(b"text", data, *cells[output]) if output < len(cells) else []
    if len(texts) != 1:
        raise BadDecisions(f"The rule “{rule_id}” has no such result.")
    start, end = texts[0]
    return data[:start] + escape(text, quote=False).encode() + data[end:]


def _inside(
    name: bytes, data: bytes, start: int = 0, end: int | None = None, attributes: bytes = rb"[^>]*"
) -> list[tuple[int, int]]:
    """Where the inside of each such element lies, with a prefix or without."""
    opening = rb"<(?P<prefix>(?:[\w.-]+:)?)" + name + rb"(?=[\s>])" + attributes + rb">"
    whole = opening + rb"(?P<inside>.*?)</(?P=prefix)" + name + rb"\s*>"
    found = re.compile(whole, re.DOTALL).finditer(data, start, len(data) if end is None else end)
    return [each.span("inside") for each in found]
