"""A furnished arena per test, and programs at work on one."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from base.clock import Fixed, SystemClock
from base.settings import Settings
from tests.casework.post_office import PostOffice, post_office
from tests.robustness.arena import Arena, open_arena
from tests.robustness.serving import Program, a_free_port

Make = Callable[..., Program]


@pytest.fixture
def settings(arena_settings: Settings) -> Settings:
    return arena_settings


@pytest.fixture
def arena(settings: Settings, clock: Fixed) -> Iterator[Arena]:
    app = open_arena(settings, clock)
    yield Arena(app, clock)
    app.close()


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with post_office() as found:
        # Time enough to be killed over a mail.
        found.seconds = 0.03
        yield found


@pytest.fixture
def site(settings: Settings, office: PostOffice) -> Settings:
    """Settings of a site on a port of its own, with a mail server."""
    mail = {"smtp_host": "127.0.0.1", "smtp_port": office.port}
    return settings.model_copy(update={"port": a_free_port(), **mail})


@pytest.fixture
def program(site: Settings, tmp_path: Path) -> Iterator[Make]:
    """Makes programs on the site's database; ends them all."""
    made: list[Program] = []

    def make(part: str, before: tuple[str, ...] = ()) -> Program:
        made.append(Program(part, site, tmp_path, before))
        return made[-1]

    yield make
    for one in made:
        one.kill()


@pytest.fixture
def today(site: Settings) -> Iterator[Arena]:
    """The site's databases as the programs see them: at the machine's time."""
    app = open_arena(site, SystemClock())
    yield Arena(app, Fixed(SystemClock().now()))
    app.close()
