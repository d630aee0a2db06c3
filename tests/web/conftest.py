"""A whole site for every test that asks for one; building it takes a second."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.world import Site, a_site, open_site


@pytest.fixture(scope="session")
def empty_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a site on which nothing has happened yet."""
    folder = tmp_path_factory.mktemp("site")
    a_site(folder).close()
    return folder


@pytest.fixture
def site(empty_site: Path, tmp_path: Path) -> Iterator[Site]:
    """A copy of the empty one."""
    for name in ("samplan.db", "keys.db"):
        shutil.copy(empty_site / name, tmp_path / name)
    site = open_site(tmp_path)
    yield site
    site.close()
