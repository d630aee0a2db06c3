"""What every page must stand: axe in light and dark, and no sideways scroll on a telephone."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.browser.addresses import PAGES, kind_of, without_ids

_TELEPHONE = {"width": 360, "height": 740}
_WIDTH = "() => [document.scrollingElement.scrollWidth, innerWidth]"
_IS_THERE = "() => typeof axe === 'object'"
#: Sends back what is wrong and no more: all that is right would be megabytes. A colour that is
#: on its way from one to another, as when it gets dark, is awaited.
_RUN = """async ([rules, without]) => {
  const passing = document.getAnimations().filter(one => one.playState === "running"
    && Number.isFinite(one.effect.getComputedTiming().endTime));
  await Promise.allSettled(passing.map(one => one.finished));
  const options = {resultTypes: ["violations"], ...(rules && {runOnly: rules})};
  options.rules = Object.fromEntries(without.map(rule => [rule, {enabled: false}]));
  const found = await axe.run(document, options);
  return found.violations.map(one => `${one.id} at ${one.nodes[0].html}`);
}"""
#: The rule that takes as long as all the others.
_COLOURS = "color-contrast"
_FOLDER = os.environ.get("SAMPLAN_LOOK")


def violations(page: Page, *rules: str, without: Sequence[str] = ()) -> list[str]:
    """What axe finds wrong on the page as it is now; all its rules unless some are named."""
    if not page.evaluate(_IS_THERE):
        page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(_RUN, [rules or None, without])
    return found


@dataclass
class Eyes:
    """Looks at each kind of page once and remembers what was wrong with it."""

    seen: set[tuple[str, str]] = field(default_factory=set)
    #: Addresses whose colours are seen, here or where the page is looked at by itself: every form
    #: of a step has the same.
    coloured: set[str] = field(default_factory=lambda: {kind_of(path) for _, _, path in PAGES})
    wrong: list[str] = field(default_factory=list)
    #: A browser without script cannot be looked at with axe.
    blind: bool = False

    def look(self, page: Page) -> None:
        """Look at the page as it is now; pages that differ in their ids alone are one kind."""
        kind = (kind_of(f"/{page.url.split('/', 3)[-1]}"), without_ids(page.title()))
        if self.blind or kind in self.seen:
            return
        self.seen.add(kind)
        if kind[0] in self.coloured:
            self._note(kind, violations(page, without=[_COLOURS]))
            self._sideways(page, kind)
            return
        self.coloured.add(kind[0])
        self._note(kind, violations(page))
        self._sideways(page, kind)
        self._in_the_dark(page, kind)

    def _in_the_dark(self, page: Page, kind: tuple[str, str]) -> None:
        page.emulate_media(color_scheme="dark")
        self._note(kind, violations(page, _COLOURS))
        self._keep(page, "1280-dark")
        page.emulate_media(color_scheme="light")

    def _note(self, kind: tuple[str, str], found: list[str]) -> None:
        self.wrong += [f"{kind}: {one}" for one in found]

    def _sideways(self, page: Page, kind: tuple[str, str]) -> None:
        usual = page.viewport_size
        self._keep(page, "1280-light")
        page.set_viewport_size(_TELEPHONE)
        needed, there = page.evaluate(_WIDTH)
        if needed > there:
            self._note(kind, [f"{needed} px wide on a screen of {there}"])
        self._keep(page, "360-light")
        assert usual is not None
        page.set_viewport_size(usual)

    def _keep(self, page: Page, how: str) -> None:
        """A picture of the whole page where a folder for pictures is named."""
        if _FOLDER:
            page.screenshot(path=Path(_FOLDER) / f"{len(self.seen):03}-{how}.png", full_page=True)
