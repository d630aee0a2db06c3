"""Reading a page as a person does: headings, links, what stands in a form."""

import re
from html import unescape

from httpx2 import Response

_TAG = re.compile(r"<[^>]+>")


def heading(page: Response) -> str:
    return _words(re.search(r"<h1[^>]*>(.*?)</h1>", page.text, re.S))


def title(page: Response) -> str:
    return _words(re.search(r"<title>(.*?)</title>", page.text, re.S))


def said(page: Response) -> str:
    """Everything that the main part of the page says."""
    return _words(re.search(r"<main.*?</main>", page.text, re.S))


def fields(page: Response) -> dict[str, str]:
    """Hidden fields and what is typed in inputs and text areas of the main part, by name."""
    found = {}
    main = page.text.partition("<main")[2]
    for tag in re.findall(r"<input\b[^>]*>", main):
        name = _attribute(tag, "name")
        kind = _attribute(tag, "type")
        if name and (kind not in {"radio", "checkbox"} or " checked" in tag):
            found[name] = _attribute(tag, "value")
    for tag, text in re.findall(r"(<textarea\b[^>]*>)(.*?)</textarea>", main, re.S):
        found[_attribute(tag, "name")] = unescape(text).removeprefix("\n")
    return found


def addresses(page: Response, pattern: str) -> list[str]:
    """Addresses on the page, each once, in order."""
    return list(dict.fromkeys(re.findall(pattern, page.text)))


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return unescape(found[1]) if found else ""


def _words(found: re.Match[str] | None) -> str:
    assert found is not None
    return " ".join(unescape(_TAG.sub(" ", found[0])).split())
