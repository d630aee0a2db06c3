"""Markdown of owners: the one door to its parser. Safe HTML for pages, parts for paper."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from markupsafe import Markup
from nh3 import clean

_TAGS = {"p", "strong", "em", "ul", "ol", "li", "a", "h2", "h3", "h4", "br", "hr", "blockquote"}
_TAGS |= {"code", "pre", "table", "thead", "tbody", "tr", "th", "td"}
_MARKS = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_{}[]<>()#+-.!|~&"})
_LIVE = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_[]<>#|~&"})
_PAGE = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
_PAPER = MarkdownIt("commonmark", {"html": False}).disable("image")


@dataclass(frozen=True, slots=True)
class Run:
    """Words that stand alike; a line end in them is meant."""

    text: str
    strong: bool = False
    emphasis: bool = False


@dataclass(frozen=True, slots=True)
class Title:
    """A heading; level 1 is the highest."""

    runs: tuple[Run, ...]
    level: int

    @property
    def text(self) -> str:
        return _plain(self.runs)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words that belong together."""

    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        return _plain(self.runs)


@dataclass(frozen=True, slots=True)
class Listed:
    """A list, numbered or not; an item may hold lists of its own."""

    items: tuple[tuple["Part", ...], ...]
    numbered: bool


Part: TypeAlias = Title | Paragraph | Listed


def html(text: str, *, inline: bool = False) -> Markup:
    """Safe HTML; a first-level heading becomes a second: the page has its own."""
    if inline:
        made = _PAGE.renderInline(text)
    else:
        tokens = _PAGE.parse(text)
        for token in tokens:
            _lower(token)
        made = _PAGE.renderer.render(tokens, _PAGE.options, {})
    safe = clean(
        made, tags=_TAGS, attributes={"a": {"href"}}, url_schemes={"https", "mailto", "tel"}
    )
    return Markup(safe)  # noqa: S704 - nh3 has cleaned it


def parts(text: str) -> tuple[Part, ...]:
    """What the text consists of; quotations and code are paragraphs, rules are left out."""
    return tuple(_parts(SyntaxTreeNode(_PAPER.parse(text))))


def escaped(text: str) -> str:
    """The text so that it is shown as it stands wherever markdown is read."""
    return text.translate(_MARKS)


def in_line(text: str) -> str:
    """On one line, with the marks alone escaped that mean something inside a line."""
    return " ".join(text.split()).translate(_LIVE)


def _lower(token: Token) -> None:
    if token.type in {"heading_open", "heading_close"}:
        token.tag = f"h{min(int(token.tag[1]) + 1, 4)}"


def _parts(node: SyntaxTreeNode) -> Iterator[Part]:
    for child in node.children:
        match child.type:
            case "heading":
                yield Title(tuple(_runs(child)), int(child.tag[1]))
            case "paragraph":
                yield Paragraph(tuple(_runs(child)))
            case "bullet_list" | "ordered_list":
                items = tuple(tuple(_parts(item)) for item in child.children)
                yield Listed(items, numbered=child.type == "ordered_list")
            case "fence" | "code_block":
                yield Paragraph((Run(child.content.rstrip("\n")),))
            case _:
                yield from _parts(child)


def _runs(node: SyntaxTreeNode, *, strong: bool = False, emphasis: bool = False) -> Iterator[Run]:
    for child in node.children:
        text = _text(child)
        if text:
            yield Run(text, strong, emphasis)
        yield from _runs(
            child,
            strong=strong or child.type == "strong",
            emphasis=emphasis or child.type == "em",
        )
        if child.type == "link":
            yield from _address(child)


def _text(node: SyntaxTreeNode) -> str:
    """What it says itself, apart from what it holds."""
    match node.type:
        case "text" | "code_inline":
            return node.content
        case "softbreak":
            return " "
        case "hardbreak":
            return "\n"
        case _:
            return ""


def _address(link: SyntaxTreeNode) -> Iterator[Run]:
    """Where a link leads, as paper cannot be followed; not said twice."""
    to = str(link.attrs.get("href", ""))
    said = _plain(_runs(link))
    if to and to.removeprefix("mailto:").removeprefix("tel:") != said:
        yield Run(f" ({to})")


def _plain(runs: Iterable[Run]) -> str:
    return "".join(run.text for run in runs)
