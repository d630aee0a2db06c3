"""An organisation's own sign-in is killed, silent and back, on the real programs.

Whoever uses it is told so in bounded time; whoever signs in elsewhere or here goes on as before,
and once it is back it works without hands.
"""

import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

import httpx2
import pytest

from base.settings import Settings
from casework.accounts import codes
from casework.accounts import store as accounts
from tests.arena import PASSWORD
from tests.postgresql import end_with_parent
from tests.robustness.arena import Arena
from tests.robustness.conftest import Make
from tests.robustness.serving import a_free_port
from tests.robustness.test_crash import acknowledged, let_answer
from tests.robustness.test_fault_drills import at_work, require_nothing_lost
from tests.web.reading import addresses, heading, said

pytestmark = pytest.mark.soak
#: Of somebody who asks for an answer; far more than any answer may take.
_PATIENCE = 60.0
#: Three times as many as may wait for one directory.
_VISITORS = 24
#: What one question may take, and a busy machine.
_BOUND = 20.0
_FILE = """
[provider.{code}]
title = "{title}"
organisation = "{code}"
issuer = "http://localhost:{port}"
client_id = "samplan"
client_secret_file = "{secret}"
second_factor = false
"""


@dataclass
class Directory:
    """An organisation's sign-in, written by others, as a process of its own."""

    code: str
    title: str
    folder: Path
    port: int = field(default_factory=a_free_port)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with (self.folder / f"{self.code}.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "oidc_provider_mock", "--port", str(self.port)],
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=end_with_parent,
            )
        give_up = time.monotonic() + _PATIENCE
        while not self._answers():
            assert time.monotonic() < give_up, (self.folder / f"{self.code}.log").read_text()
            time.sleep(0.05)

    def send(self, number: int) -> None:
        """Stopped it still takes connections, as the kernel does for it, and never answers."""
        assert self.process is not None
        self.process.send_signal(number)
        if number == signal.SIGKILL:
            self.process.wait(timeout=_PATIENCE)

    def _answers(self) -> bool:
        try:
            place = f"http://localhost:{self.port}/.well-known/openid-configuration"
            return httpx2.get(place).status_code == 200
        except httpx2.TransportError:
            return False

    def told(self, secret: Path) -> str:
        return _FILE.format(code=self.code, title=self.title, port=self.port, secret=secret)


@pytest.fixture
def directories(tmp_path: Path) -> Iterator[tuple[Directory, Directory]]:
    """The employment service's, which fails, and the insurance office's, which does not."""
    both = Directory("af", "Arbetsförmedlingen", tmp_path), Directory("fk", "FK", tmp_path)
    for each in both:
        each.start()
    yield both
    for each in both:
        if each.process is not None:
            each.send(signal.SIGKILL)


@pytest.fixture
def site(site: Settings, directories: tuple[Directory, Directory], tmp_path: Path) -> Settings:
    file, secret = tmp_path / "providers.toml", tmp_path / "secret"
    secret.write_text("of the client")
    file.write_text("".join(each.told(secret) for each in directories))
    return site.model_copy(update={"providers": file})


@dataclass
class Visitor:
    """A browser, and how long each of its pages took."""

    address: str
    directory: Directory
    seconds: list[float] = field(default_factory=list)
    client: httpx2.Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = httpx2.Client(
            base_url=self.address,
            timeout=_PATIENCE,
            verify=False,
            headers={"accept-language": "en"},
        )

    def comes(self) -> httpx2.Response:
        """To the door of the directory."""
        return self._timed(lambda: self.client.get(f"/sign-in/with/{self.directory.code}"))

    def shows(self, address: str, subject: str) -> str:
        """Says to the directory who one is; where that sends the browser."""
        shown = httpx2.post(address, data={"sub": subject}, timeout=_PATIENCE)
        place = httpx2.URL(shown.headers["location"])
        return place.raw_path.decode()

    def returns(self, place: str) -> httpx2.Response:
        return self._timed(lambda: self.client.get(place))

    def links(self, code: str) -> httpx2.Response:
        """To the door with the code of an invitation."""
        place = f"/code/with/{self.directory.code}"
        return self._timed(lambda: self.client.post(place, data={"code": code}))

    def signs_out(self) -> httpx2.Response:
        place = self.client.post("/sign-out").headers["location"]
        return self._timed(lambda: self.client.get(place))

    def enters(self, subject: str) -> bool:
        return self.returns(self.shows(self.comes().headers["location"], subject)).is_redirect

    def is_in(self) -> bool:
        return self.client.get("/me").status_code == 200

    def _timed(self, ask: Callable[[], httpx2.Response]) -> httpx2.Response:
        begun = time.monotonic()
        answer = ask()
        self.seconds.append(time.monotonic() - begun)
        return answer


def invited(arena: Arena, who: str) -> str:
    with arena.transaction() as tx:
        account = accounts.by_user_name(tx, who)
        assert account is not None
        return codes.in_letters(tx, codes.issue(tx, account.id, codes.INVITATION))


def linked(visitor: Visitor, code: str, subject: str) -> bool:
    [address] = addresses(
        visitor.links(code), rf"http://localhost:{visitor.directory.port}/[^\"]+"
    )
    return visitor.returns(visitor.shows(unescape(address), subject)).is_redirect


def require_away(page: httpx2.Response) -> None:
    assert page.status_code == 503
    assert heading(page) == "You are not signed in"
    assert "does not answer just now" in said(page)
    assert 'href="/sign-in"' in page.text


def seconds_here(address: str, times: int) -> list[float]:
    """What people take who sign in with a password and look at their steps, one after another."""
    found = []
    for _ in range(times):
        typed = {"user_name": "nils.ek", "password": PASSWORD, "next": "/tasks"}
        with httpx2.Client(base_url=address, timeout=_PATIENCE, verify=False) as client:
            begun = time.monotonic()
            assert client.post("/sign-in", data=typed).is_redirect
            assert client.get("/tasks").status_code == 200
            found.append(time.monotonic() - begun)
    return found


def keeps_coming(visitor: Visitor, over: threading.Event) -> None:
    """One of many who try again and again while the directory is away."""
    while not over.is_set():
        require_away(visitor.comes())
        over.wait(4)


def test_an_organisations_sign_in_is_killed_silent_and_comes_back(
    directories: tuple[Directory, Directory], site: Settings, program: Make, today: Arena
) -> None:
    fails, works = directories
    web = program("web")
    web.start()
    web.await_answer()
    with ExitStack() as stack:

        def a_visitor(directory: Directory) -> Visitor:
            visitor = Visitor(web.address, directory)
            stack.enter_context(visitor.client)
            return visitor

        inside, other, late = a_visitor(fails), a_visitor(works), a_visitor(fails)
        late_code = invited(today, "tomas.bly")
        assert linked(inside, invited(today, "sofia.alm"), "sofia")
        assert linked(other, invited(today, "ida.rask"), "ida")
        crowd = stack.enter_context(at_work(today, web.address))
        usual = seconds_here(web.address, 3)

        half_way, killed = a_visitor(fails), a_visitor(fails)
        place = half_way.shows(half_way.comes().headers["location"], "sofia")
        fails.send(signal.SIGKILL)
        require_away(half_way.returns(place))
        require_away(killed.comes())
        let_answer(crowd)
        fails.start()
        assert half_way.enters("sofia")
        assert killed.enters("sofia")

        many, over = [a_visitor(fails) for _ in range(_VISITORS)], threading.Event()
        fails.send(signal.SIGSTOP)
        with ThreadPoolExecutor(_VISITORS) as pool:
            coming = [pool.submit(keeps_coming, each, over) for each in many]
            try:
                time.sleep(1)
                before, elsewhere = acknowledged(crowd), a_visitor(works)
                here = seconds_here(web.address, 5)
                entered = elsewhere.enters("ida")
                stayed = inside.is_in()
                require_away(late.links(late_code))
                signed_out = inside.signs_out()
                let_answer(crowd)
                done = acknowledged(crowd) - before
            finally:
                over.set()
            for one in coming:
                one.result(timeout=_PATIENCE)
        fails.send(signal.SIGCONT)
        back = await_back(late)
        assert linked(late, late_code, "tomas")
        assert all(each.enters("sofia") for each in many[:3])
    web.stop()

    asked = [seconds for each in many for seconds in each.seconds]
    tell(usual, here, asked, done, back)
    assert (entered, stayed) == (True, True)
    assert heading(signed_out) == "You are signed out of Samplan"
    assert max(asked) < _BOUND
    assert done > 0
    require_nothing_lost(today, crowd, late=0)


def await_back(visitor: Visitor) -> float:
    """Until the door opens again; seconds."""
    begun = time.monotonic()
    while not visitor.comes().is_redirect:
        assert time.monotonic() < begun + _PATIENCE
        time.sleep(0.2)
    return time.monotonic() - begun


def tell(
    usual: list[float], here: list[float], asked: list[float], done: int, back: float
) -> None:
    sys.stdout.write(
        f"signing in here {statistics.median(usual):.2f} s, then {statistics.median(here):.2f} s "
        f"(longest {max(here):.2f} s), {done} steps meanwhile; of {len(asked)} who asked half "
        f"waited {statistics.median(asked):.2f} s, the longest {max(asked):.1f} s; "
        f"back after {back:.1f} s\n"
    )
