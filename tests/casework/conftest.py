"""The arena for tests of casework that need a whole one."""

from collections.abc import Iterator

import pytest

from base.clock import Fixed
from base.settings import Settings
from casework.application import Application
from tests.arena import opened


@pytest.fixture
def app(arena_settings: Settings, clock: Fixed) -> Iterator[Application]:
    """A furnished arena of the test's own."""
    application = opened(arena_settings, clock)
    yield application
    application.close()
