"""A town for tests in a real browser."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests import arena
from tests.browser.looking import Eyes
from tests.browser.town import Town, served
from tests.web.conftest import site
from tests.web.world import Site

__all__ = ["site"]

BUILD = Path(__file__).parents[2] / "web" / "editor" / "build.py"


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Stylesheet, script and editor are those of the sources; built once a run."""
    shared = arena.shared_folder(tmp_path_factory.getbasetemp())
    arena.made_once(shared, "built", lambda _folder: build())


def build() -> None:
    subprocess.run([sys.executable, BUILD], check=True, capture_output=True)


@pytest.fixture(scope="session")
def eyes() -> Eyes:
    """One pair for all tests: a kind of page is looked at where it is met first."""
    return Eyes()


@pytest.fixture
def town(site: Site, built: None, browser: Browser, eyes: Eyes) -> Iterator[Town]:
    """Every page that a test comes by is looked at; what was wrong fails the test."""
    before = len(eyes.wrong)
    with served(site) as address:
        town = Town(site, address, browser, eyes)
        yield town
        town.leave()
    assert eyes.wrong[before:] == []
