"""What every page must stand: axe in light and dark, and no sideways scroll on a telephone."""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_IDS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\b\d+\b")
_TELEPHONE = {"width": 360, "height": 740}
_COLOURS = {"runOnly": ["color-contrast"]}
_WIDTH = "() => [document.scrollingElement.scrollWidth, innerWidth]"
_FOLDER = os.environ.get("SAMPLAN_LOOK")


@dataclass
class Eyes:
    """Looks at each kind of page once and remembers what was wrong with it."""

    axe: Axe = field(default_factory=Axe)
    seen: set[tuple[str, str]] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)
    #: A browser without script cannot be looked at with axe.
    blind: bool = False

    def look(self, page: Page) -> None:
        """Look at the page as it is now; pages that differ in their ids alone are one kind."""
        kind = (_IDS.sub("*", page.url.split("/", 3)[-1].split("?")[0]), page.title())
        kind = (kind[0], _IDS.sub("*", kind[1]))
        if self.blind or kind in self.seen:
            return
        self.seen.add(kind)
        self._shut_out(page, kind, None)
        self._sideways(page, kind)
        page.emulate_media(color_scheme="dark")
        self._shut_out(page, kind, _COLOURS)
        self._keep(page, "1280-dark")
        page.emulate_media(color_scheme="light")

    def _shut_out(self, page: Page, kind: tuple[str, str], options: dict[str, Any] | None) -> None:
        for found in self.axe.run(page, options=options).response["violations"]:
            where = found["nodes"][0]["html"]
            self.wrong.append(f"{kind}: {found['id']} at {where}")

    def _sideways(self, page: Page, kind: tuple[str, str]) -> None:
        usual = page.viewport_size
        self._keep(page, "1280-light")
        page.set_viewport_size(_TELEPHONE)
        needed, there = page.evaluate(_WIDTH)
        if needed > there:
            self.wrong.append(f"{kind}: {needed} px wide on a screen of {there}")
        self._keep(page, "360-light")
        assert usual is not None
        page.set_viewport_size(usual)

    def _keep(self, page: Page, how: str) -> None:
        """A picture of the whole page where a folder for pictures is named."""
        if _FOLDER:
            page.screenshot(path=Path(_FOLDER) / f"{len(self.seen):03}-{how}.png", full_page=True)
