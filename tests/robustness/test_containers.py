"""The page on many machines, followed to the letter with Docker: built, begun, restarted, kept."""

import os
import re
import secrets
import shutil
import ssl
import subprocess
import threading
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from base import totp
from base.clock import SystemClock
from tests.arena import PASSWORD
from tests.robustness.serving import a_free_port

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "howto" / "many-machines.md").read_text(encoding="utf-8")
#: To begin, the first person, a backup, restarting, a backup put back.
BLOCKS = re.findall(r"^```sh\n((?:docker|for part).*?)^```", PAGE, re.MULTILINE | re.DOTALL)
_PATIENCE = 60.0
#: The image's account.
_SAMPLAN = 10001


@dataclass
class Site:
    """What compose.yaml describes, under a name and a port of its own."""

    folder: Path
    port: int
    environment: dict[str, str]

    def run(self, commands: str) -> str:
        done = subprocess.run(
            ["bash", "-euc", commands],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{commands}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def client(self) -> httpx2.Client:
        """A browser that believes the proxy's own authority alone."""
        root = self.folder / "root.crt"
        kept = "/data/caddy/pki/authorities/local/root.crt"
        root.write_text(self.run(f"docker compose exec -T proxy cat {kept}"))
        name = f"samplan.localhost:{self.port}"
        client = httpx2.Client(
            base_url=f"https://127.0.0.1:{self.port}",
            verify=ssl.create_default_context(cafile=str(root)),
            headers={"host": name},
            timeout=_PATIENCE,
        )
        client.event_hooks["request"].append(_named)
        return client


def _named(request: httpx2.Request) -> None:
    request.extensions["sni_hostname"] = "samplan.localhost"


@contextmanager
def read_meanwhile(client: httpx2.Client) -> Iterator[Counter[int]]:
    """How often which status was answered to somebody who goes on reading."""
    seen: Counter[int] = Counter()
    over = threading.Event()

    def read() -> None:
        while not over.wait(0.1):
            seen[client.get("/accounts").status_code] += 1

    with ThreadPoolExecutor(1) as pool:
        reader = pool.submit(read)
        try:
            yield seen
        finally:
            over.set()
        reader.result()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    answers = (
        shutil.which("docker")
        and not subprocess.run(
            ["bash", "-c", "docker info && docker compose version"],
            capture_output=True,
            check=False,
        ).returncode
    )
    if not answers:
        pytest.skip("no Docker with Compose answers on this machine")
    port = a_free_port()
    for name in ("cases", "keys"):
        (tmp_path / name).mkdir(mode=0o700)
        os.chown(tmp_path / name, _SAMPLAN, _SAMPLAN)
    ports = tmp_path / "ports.yaml"
    ports.write_text(f'services: {{proxy: {{ports: !override ["127.0.0.1:{port}:{port}"]}}}}\n')
    told = {
        "COMPOSE_FILE": f"{ROOT / 'compose.yaml'}:{ports}",
        "COMPOSE_PROJECT_NAME": f"samplan-test-{port}",
        "SITE": f"samplan.localhost:{port}",
        "DATABASE_PASSWORD": secrets.token_hex(),
        "KEYS_PASSWORD": secrets.token_hex(),
        "MASTER_KEY": b64encode(secrets.token_bytes(32)).decode(),
        "BACKUP_KEY": b64encode(secrets.token_bytes(32)).decode(),
        "BACKUPS": str(tmp_path / "cases"),
        "KEY_BACKUPS": str(tmp_path / "keys"),
        "SMTP_HOST": "mail.invalid",
        "SMTP_USER": "samplan",
        "SMTP_PASSWORD": secrets.token_hex(),
        "MAIL_FROM": "samplan@samplan.example",
    }
    site = Site(tmp_path, port, {**os.environ, **told})
    yield site
    site.run("docker compose down --volumes --timeout 5")


@pytest.mark.soak
def test_the_page_leads_to_a_site_that_restarts_without_a_lost_request(site: Site) -> None:
    begin, first, backup, restart, restore = BLOCKS
    site.run(begin)
    code = site.run(first).split()[-1]
    with site.client() as client:
        signed_in(client, code)
        hidden = [client.get(path).status_code for path in ("/health", "/health/server")]
        kept = site.run(backup)
        with read_meanwhile(client) as seen:
            site.run(restart)
        doctor = site.run("docker compose run --rm samplan doctor || true")
        (file,) = (site.folder / "cases").iterdir()
        site.run(re.sub(r"cases-\w+\.samplan", file.name, restore))
        anew = client.get("/me")

    assert hidden == [404, 404]
    assert kept.count(", whole.\n") == 2
    assert seen == {200: seen.total()}
    assert seen.total() > 10
    assert "ok    worker: alive" in doctor
    # Nobody here knows the names of the mail server and of the site.
    wrong = re.findall(r"^wrong (.*?):", doctor, re.MULTILINE)
    assert wrong == ["mail server", "proxy"]
    assert anew.headers["location"].startswith("/sign-in")


def signed_in(client: httpx2.Client, code: str) -> None:
    """Through the proxy: a password, an app, and in."""
    assert client.post("/code", data={"code": code, "new": PASSWORD}).status_code == 200
    entered = {"user_name": "ylva.noren", "password": PASSWORD, "next": "/accounts"}
    page = client.get(client.post("/sign-in", data=entered).headers["location"])
    page = client.get(page.headers["location"])
    (secret,) = re.findall(r'class="sp-secret"><code>([A-Z2-7 ]+)<', page.text)
    (sealed,) = re.findall(r'name="sealed" value="(\w+)"', page.text)
    shown = totp.code_at(secret.replace(" ", ""), SystemClock().now())
    done = client.post("/sign-in/set-up", data={"sealed": sealed, "code": shown, "next": "/"})
    assert done.status_code == 200
    assert client.get("/accounts").status_code == 200
