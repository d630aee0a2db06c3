"""A furnished arena per test, copied from one made once per run and database."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from base.clock import Fixed
from base.settings import Settings
from tests.conftest import NOON, Templates
from tests.robustness.arena import Arena, furnish, open_arena, settings_for


@pytest.fixture(scope="session")
def furnished_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files of a furnished arena."""
    folder = tmp_path_factory.mktemp("furnished")
    furnish(_in_folder(folder), Fixed(NOON))
    return folder


@pytest.fixture(scope="session")
def furnished_templates(postgresql_templates: Templates) -> Templates:
    """Two databases with a furnished arena."""
    server = postgresql_templates.server
    data = server.create(postgresql_templates.data)
    keys = server.create(postgresql_templates.keys)
    furnish(settings_for(server.url(data), server.url(keys)), Fixed(NOON))
    return Templates(server, data, keys)


@contextmanager
def a_copy(request: pytest.FixtureRequest, kind: str, folder: Path) -> Iterator[Settings]:
    """The settings of a furnished arena of one's own."""
    if kind == "postgresql":
        templates: Templates = request.getfixturevalue("furnished_templates")
        with templates.copied() as (data, keys):
            yield settings_for(data, keys, var=folder)
        return
    made: Path = request.getfixturevalue("furnished_files")
    for name in ("samplan.db", "keys.db"):
        shutil.copy(made / name, folder / name)
    yield _in_folder(folder)


@pytest.fixture
def settings(
    request: pytest.FixtureRequest, database_kind: str, tmp_path: Path
) -> Iterator[Settings]:
    """The settings of a furnished arena of the test's own."""
    with a_copy(request, database_kind, tmp_path) as settings:
        yield settings


@pytest.fixture
def arena(settings: Settings, clock: Fixed) -> Iterator[Arena]:
    app = open_arena(settings, clock)
    yield Arena(app, clock)
    app.close()


def _in_folder(folder: Path) -> Settings:
    return settings_for(
        f"sqlite:///{folder}/samplan.db", f"sqlite:///{folder}/keys.db", var=folder
    )
