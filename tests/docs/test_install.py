"""The page on installing, followed to the letter in an empty environment without network."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from configparser import ConfigParser
from pathlib import Path

import httpx2
import pytest

from base import totp
from base.clock import SystemClock
from tests.arena import PASSWORD
from tests.postgresql import end_with_parent
from tests.robustness.serving import a_free_port

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
PAGE = (ROOT / "docs" / "howto" / "install.md").read_text(encoding="utf-8")
UNITS = sorted(path.name for path in DEPLOY.glob("samplan-*.*"))
_BLOCK = re.compile(r"^```sh ?(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_PATIENCE = 60.0


def unit(name: str) -> ConfigParser:
    read = ConfigParser(interpolation=None, strict=False)
    read.optionxform = str  # type: ignore[assignment, method-assign]
    read.read_string((DEPLOY / name).read_text(encoding="utf-8"))
    return read


def blocks(*kinds: str) -> Iterator[str]:
    for kind, commands in _BLOCK.findall(PAGE):
        if kind in kinds:
            yield commands


@pytest.mark.parametrize("name", UNITS)
def test_the_system_understands_the_units(name: str, tmp_path: Path):
    analyse = shutil.which("systemd-analyze")
    if analyse is None:
        pytest.skip("systemd-analyze is not installed")
    for each in UNITS:
        text = (DEPLOY / each).read_text(encoding="utf-8")
        # The program need not be installed here for its unit to be read.
        (tmp_path / each).write_text(text.replace("/opt/samplan/bin/samplan", "/bin/true"))
    done = subprocess.run(
        [analyse, "verify", "--man=no", str(tmp_path / name)],
        capture_output=True,
        text=True,
        check=False,
    )

    ours = [line for line in done.stderr.splitlines() if "samplan" in line]

    assert ours == []


def test_units_run_what_the_page_installs():
    services = [unit(name)["Service"] for name in UNITS if name.endswith(".service")]

    started = sorted(each["ExecStart"] for each in services)
    assert started == [f"/opt/samplan/bin/samplan {part}" for part in ("backup", "web", "worker")]
    for each in services:
        assert each["Environment"] == "SAMPLAN_SETTINGS=/etc/samplan/samplan.env"
        assert (each["User"], each["UMask"], each["ProtectSystem"]) == (
            "samplan",
            "0077",
            "strict",
        )
    for part in ("samplan-web", "samplan-worker", "samplan-backup.timer"):
        assert f" {part}" in PAGE


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of wheels, as the page gathers them; the only thing that needs a network."""
    folder = tmp_path_factory.mktemp("wheels")
    subprocess.run([sys.executable, "web/editor/build.py"], cwd=ROOT, check=True)
    python = shutil.which("python3", path=os.environ["PATH"].replace(str(ROOT / ".venv/bin"), ""))
    assert python is not None
    subprocess.run([python, "tools/wheels.py", str(folder)], cwd=ROOT, check=True)
    return folder


def placed(text: str, folder: Path, wheels: Path) -> str:
    """The page's commands, with every place of the system in a folder of the test."""
    for place in ("/opt/samplan", "/etc/samplan", "/var/lib/samplan"):
        text = text.replace(place, f"{folder}{place}")
    return text.replace("find-links wheels", f"find-links {wheels}")


def in_shell(commands: str, folder: Path, environment: Mapping[str, str]) -> str:
    done = subprocess.run(
        ["bash", "-euc", commands],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.soak
def test_the_page_leads_to_an_administrator_a_worker_and_a_proved_backup(
    wheels: Path, tmp_path: Path
):
    environment = {
        # Nothing of the repository or its environment may help.
        "PATH": f"{Path(sys.executable).resolve().parent}:/usr/local/bin:/usr/bin:/bin",
        "HOME": str(tmp_path),
        "PIP_NO_INDEX": "1",
        "PIP_CONFIG_FILE": os.devnull,
    }
    for place in ("opt", "etc/samplan", "var/lib/samplan"):
        (tmp_path / place).mkdir(parents=True)

    said = in_shell(placed("".join(blocks("")), tmp_path, wheels), tmp_path, environment)

    code = said.split("/code with ")[1].split()[0]
    assert said.count(", whole.\n") == 2
    assert said.endswith(" 0 of them broken.\n")

    settings = tmp_path / "etc/samplan/samplan.env"
    port = a_free_port()
    address = f"http://127.0.0.1:{port}"
    written = settings.read_text().replace("https://samplan.example", address)
    settings.write_text(f'{written}SAMPLAN_PORT="{port}"\n')
    running = [
        subprocess.Popen(
            placed(
                unit(f"samplan-{part}.service")["Service"]["ExecStart"], tmp_path, wheels
            ).split(),
            cwd=tmp_path / "var/lib/samplan",
            env={**environment, "SAMPLAN_SETTINGS": str(settings)},
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=end_with_parent,
        )
        for part in ("web", "worker")
    ]
    try:
        require_signed_in(address, code)
        (doctor,) = blocks("doctor")
        lines = in_shell(
            placed(f"{doctor.strip()} || true", tmp_path, wheels),
            tmp_path,
            {**environment, "SAMPLAN_SETTINGS": str(settings)},
        )
        assert [line for line in lines.splitlines() if line.startswith("wrong")] == []
        assert "ok    worker: alive" in lines
        assert f"ok    proxy: {address}" in lines
    finally:
        for each in running:
            each.terminate()
        for each in running:
            each.wait(timeout=_PATIENCE)


def require_signed_in(address: str, code: str) -> None:
    """The administrator's first pages, drawn with the stylesheet and words of the wheel."""
    give_up = time.monotonic() + _PATIENCE
    with httpx2.Client(base_url=address, timeout=_PATIENCE) as client:
        while True:
            try:
                page = client.get("/sign-in")
                break
            except httpx2.TransportError:
                assert time.monotonic() < give_up
                time.sleep(0.2)
        for place in re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text):
            assert client.get(place).status_code == 200, place
        assert client.post("/code", data={"code": code, "new": PASSWORD}).status_code == 200
        entered = {"user_name": "ylva.noren", "password": PASSWORD, "next": "/contacts"}
        answer = client.post("/sign-in", data=entered)
        page = client.get(answer.headers["location"], follow_redirects=True)
        secret = re.findall(r'class="sp-secret"><code>([A-Z2-7 ]+)<', page.text)[0].replace(
            " ", ""
        )
        sealed = re.findall(r'name="sealed" value="(\w+)"', page.text)[0]
        shown = totp.code_at(secret, SystemClock().now())
        typed = {"sealed": sealed, "code": shown, "next": "/contacts"}
        page = client.post("/sign-in/set-up", data=typed)
        assert 'href="/contacts"' in page.text
        page = client.get("/contacts")
        assert page.status_code == 200
        assert "Samordningsförbundet Söder" in page.text
        assert client.get("/routines").status_code == 200
