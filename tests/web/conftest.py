"""A whole site for every test that asks for one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import arena
from tests.web.world import Site, open_site


@pytest.fixture
def site(furnished_files: Path, tmp_path: Path) -> Iterator[Site]:
    """One on which nothing has happened yet."""
    arena.copy(furnished_files, tmp_path)
    site = open_site(tmp_path)
    yield site
    site.close()
