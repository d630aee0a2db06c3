"""The history that every world begins with, made once."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from base.clock import Fixed
from tests import arena
from tests.rights import seeing
from tests.rights.asking import Copies, Watch, World
from tests.rights.ids import Ids, ids_of
from tests.rights.seeing import Planted
from tests.rights.worlds import WORLDS, Base, make_base, programs, sessions
from web.app import create_app


@dataclass(frozen=True, slots=True)
class Past:
    """The base at rest: its files, and what is known of it."""

    folder: Path
    base: Base
    ids: Ids
    planted: dict[str, Planted]

    @contextmanager
    def world(self, name: str, folder: Path) -> Iterator[World]:
        arena.copy(self.folder, folder)
        settings = arena.settings_in(folder, demo=True, api_per_minute=10_000)
        clock = Fixed(self.base.clock.now())
        base = replace(self.base, app=arena.opened(settings, clock), clock=clock)
        WORLDS[name](base)
        tokens, secrets = sessions(base), programs(base)
        with base.app.database.reading() as tx:
            planted = seeing.planted(tx, base)
        site = create_app(base.app, settings)
        watch = Watch(base.app.database)
        copies = Copies.of(base.app)
        with TestClient(site, base_url="http://testserver", follow_redirects=False) as client:
            yield World(name, base, self.ids, planted, tokens, client, watch, copies, secrets)
        base.app.close()


@pytest.fixture(scope="session")
def past(tmp_path_factory: pytest.TempPathFactory, furnished_files: Path) -> Past:
    folder = tmp_path_factory.mktemp("rights")
    arena.copy(furnished_files, folder)
    base = make_base(arena.settings_in(folder, demo=True))
    with base.app.database.reading() as tx:
        ids, planted = ids_of(tx, base.cases, base.accounts), dict(seeing.planted(tx, base))
    base.app.close()
    return Past(folder, base, ids, planted)
