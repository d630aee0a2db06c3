"""Every link of the documentation leads somewhere."""

import re
from pathlib import Path

import pytest

from tests.docs.tables import DOCS, ROOT, pages

_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
PAGES = list(pages())


def links(document: Path) -> list[str]:
    text = _FENCE.sub("", document.read_text(encoding="utf-8"))
    return [link for link in _LINK.findall(text) if "://" not in link]


def anchors(document: Path) -> set[str]:
    """What a heading is called in an address, as forges make it."""
    text = _FENCE.sub("", document.read_text(encoding="utf-8"))
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in _HEADING.findall(text))
    return {heading.strip().replace(" ", "-") for heading in plain}


@pytest.mark.parametrize("document", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_to_files_and_headings_that_exist(document: Path):
    lost = []
    for link in links(document):
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        if not target.exists() or (anchor and anchor not in anchors(target)):
            lost.append(link)

    assert lost == []


def test_every_page_is_reached_from_the_index():
    index = DOCS / "README.md"
    reached = {(index.parent / link.partition("#")[0]).resolve() for link in links(index)}

    missing = set(DOCS.rglob("*.md")) - reached - {index}

    assert missing == set()
