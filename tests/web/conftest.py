"""A whole site for every test that asks for one."""

from collections.abc import Iterator

import pytest

from base.settings import Settings
from tests.web.world import Site, open_site


@pytest.fixture
def site(arena_settings: Settings) -> Iterator[Site]:
    """One on which nothing has happened yet."""
    site = open_site(arena_settings)
    yield site
    site.close()
