"""What holds safety up outside of any one page: the linter, the proxies, the log."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("base", "feel", "engine", "forms", "casework", "web", "cli")
#: Weak digests and ciphers, guessable chance, pickles, unproved certificates, shells.
WATCHED = ("S301", "S304", "S305", "S311", "S324", "S501", "S602", "S604", "S605")


def test_the_linter_watches_for_what_is_dangerous_and_nobody_looks_away():
    said = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lint = said["tool"]["ruff"]["lint"]
    sources = [file for package in PACKAGES for file in (ROOT / package).rglob("*.py")]

    silenced = [
        (file.name, code)
        for file in sources
        if "node_modules" not in file.parts
        for code in WATCHED
        if re.search(rf"noqa:[^\n]*\b{code}\b", file.read_text(encoding="utf-8"))
    ]

    assert "S" in lint["select"]
    assert [code for code in lint["ignore"] if code.startswith("S")] == []
    assert [
        place
        for place, codes in lint["per-file-ignores"].items()
        if any(code.startswith("S") for code in codes) and place not in ("tests/**", "tools/**")
    ] == []
    # Which fictional people a demonstration has may be guessed by anybody.
    assert silenced == [("stories.py", "S311")]


def test_the_proxy_speaks_present_tls_alone_and_keeps_the_inside_in():
    nginx = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    _before, encrypted, plain = nginx.split("server {")

    assert re.findall(r"ssl_protocols ([^;]+);", nginx) == ["TLSv1.2 TLSv1.3"]
    assert "location = /health { return 404; }" in encrypted
    assert re.findall(r"(?:return|proxy_pass) ([^;]+);", plain) == [
        "301 https://$host$request_uri"
    ]


def test_nobody_writes_a_second_line_into_the_log():
    said = 'x\n{"event": "signed in"}\r\x1b[2K'
    program = (
        "import structlog, sys; from base import log; log.set_up();"
        "structlog.get_logger().info('answered', what=sys.argv[1])"
    )

    done = subprocess.run(
        [sys.executable, "-c", program, said], cwd=ROOT, capture_output=True, text=True, check=True
    )

    [line] = done.stderr.splitlines()
    assert json.loads(line)["what"] == said
    assert "\x1b" not in line
