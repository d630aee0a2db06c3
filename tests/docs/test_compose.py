"""The recipe for many machines says what the programs understand."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from base.settings import Settings
from cli.main import app
from web.routes import ROUTERS
from web.security import MAX_BODY_BYTES

ROOT = Path(__file__).parents[2]
CADDY = (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")
DOCKER = (ROOT / "Dockerfile").read_text(encoding="utf-8")
HOWTO = (ROOT / "docs" / "howto" / "many-machines.md").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: one for name, one in SERVICES.items() if one["image"] == "samplan"}
FIELDS = {f"SAMPLAN_{name.upper()}": field for name, field in Settings.model_fields.items()}


def commands() -> set[str]:
    return set(getattr(typer.main.get_command(app), "commands", {}))


def asked(service: Mapping[str, Any]) -> list[str]:
    """The commands of ``samplan`` that a service runs."""
    if "entrypoint" in service:
        return re.findall(r"samplan (\w+)", " ".join(service["command"]))
    return service.get("command", [])[:1]


def test_two_web_servers_and_two_workers_are_started():
    ran = sorted(name for service in OURS.values() for name in asked(service))

    assert ran == ["deploy", "migrate", "web", "web", "worker", "worker"]


@pytest.mark.parametrize("name", OURS)
def test_every_command_exists_and_every_setting_is_known(name: str):
    assert set(asked(OURS[name])) <= commands()
    assert set(OURS[name]["environment"]) <= set(FIELDS)


def test_secrets_come_from_the_environment_and_must_be_there():
    secret = re.compile(r"PASSWORD|KEY$|_URL$")
    values = [
        str(value)
        for service in SERVICES.values()
        for name, value in service.get("environment", {}).items()
        if secret.search(name)
    ]

    assert len(values) > 10
    assert [value for value in values if not re.search(r"\$\{\w+:\?\}", value)] == []


def test_who_waits_for_an_empty_database_waits_for_the_one_that_others_reach():
    """While it is being made, the image's server answers at its socket alone."""
    for name in ("database", "keys"):
        assert "pg_isready --host 127.0.0.1" in SERVICES[name]["healthcheck"]["test"][1]


def test_what_a_command_needs_does_not_run_by_itself():
    assert OURS["samplan"]["profiles"] == ["commands"]
    assert not {"SAMPLAN_BACKUP_KEY"} & set(OURS["web1"]["environment"])


def test_what_must_be_given_stands_in_the_howto():
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    wanted = set(re.findall(r"\$\{(\w+)", text))
    told = set(re.findall(r"^(\w+)=", HOWTO, re.MULTILINE))

    assert wanted == told


def test_only_the_proxy_can_be_reached_from_outside():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    for name in ("database", "keys"):
        assert SERVICES[name]["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}


def test_cases_and_keys_lie_apart():
    urls = OURS["web1"]["environment"]
    assert "@database/" in urls["SAMPLAN_DATABASE_URL"]
    assert "@keys/" in urls["SAMPLAN_KEYS_URL"]
    assert set(SERVICES["database"]["volumes"]).isdisjoint(SERVICES["keys"]["volumes"])


def test_the_proxy_asks_the_web_servers_where_they_listen_and_how_they_are():
    (upstreams,) = re.findall(r"reverse_proxy (.+) \{", CADDY)
    port = OURS["web1"]["environment"]["SAMPLAN_PORT"]
    webs = [name for name, service in OURS.items() if asked(service) == ["web"]]
    (path,) = re.findall(r"health_uri (\S+)", CADDY)
    paths = {route.path for router, _ in ROUTERS for route in router.routes}  # type: ignore[attr-defined]

    assert upstreams.split() == [f"{name}:{port}" for name in webs]
    assert path in paths
    assert f"127.0.0.1:{port}{path}" in str(OURS["web1"]["healthcheck"])


def test_the_proxy_notices_a_leaving_server_before_it_stops():
    (interval,) = re.findall(r"health_interval (\d+)s", CADDY)
    leaving = float(OURS["web1"]["environment"]["SAMPLAN_LEAVE_SECONDS"])
    grace = float(OURS["web1"]["stop_grace_period"].removesuffix("s"))

    assert float(interval) * 3 <= leaving < grace - 20


def test_the_proxy_passes_on_the_address_that_the_browser_asked_for():
    assert "header_up Host {host}" in CADDY
    assert "proxy_set_header Host $host;" in HOWTO
    assert f"max_size {MAX_BODY_BYTES // 2**20}MB" in CADDY


def test_the_image_is_made_of_what_there_is():
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKER, re.MULTILINE)
    sources = [source for line in copied for source in line.split()]

    assert [source for source in sources if not (ROOT / source).exists()] == []
    for script in re.findall(r"(?:python|\.venv/bin/python) (\S+\.py)", DOCKER):
        assert (ROOT / script).exists()
    (first,) = re.findall(r'^CMD \["(\w+)"\]', DOCKER, re.MULTILINE)
    assert first in commands()


def mentioned() -> Iterator[str]:
    yield from re.findall(r"SAMPLAN_[A-Z_]+", HOWTO + CADDY)


def test_every_setting_that_is_mentioned_is_one():
    assert set(mentioned()) <= set(FIELDS)
