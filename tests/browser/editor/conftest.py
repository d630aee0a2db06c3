"""One server and one browser for all tests of the editor: what it has fetched once it keeps."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.editor.studio import Studio, Studios, serving


@pytest.fixture(scope="session")
def studios(built: None) -> Iterator[Studios]:
    with serving() as studios:
        yield studios


@pytest.fixture(scope="session")
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context()
    yield context
    context.close()


@pytest.fixture
def studio(studios: Studios) -> Studio:
    return studios.begin()


@pytest.fixture
def page(visitor: BrowserContext) -> Iterator[Page]:
    page = visitor.new_page()
    yield page
    page.close()


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser's console complains about: errors, and what the policy refused."""
    heard: list[str] = []
    page.on("console", lambda said: heard.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard
