"""A furnished arena per test."""

from collections.abc import Iterator

import pytest

from base.clock import Fixed
from base.settings import Settings
from tests.robustness.arena import Arena, open_arena


@pytest.fixture
def settings(arena_settings: Settings) -> Settings:
    return arena_settings


@pytest.fixture
def arena(settings: Settings, clock: Fixed) -> Iterator[Arena]:
    app = open_arena(settings, clock)
    yield Arena(app, clock)
    app.close()
