from collections.abc import Iterator
from pathlib import Path

import pytest

from base.clock import Fixed
from casework.application import Application
from tests.casework.arena import arena_on


@pytest.fixture
def app(tmp_path: Path, clock: Fixed) -> Iterator[Application]:
    with arena_on(tmp_path, clock) as application:
        yield application
