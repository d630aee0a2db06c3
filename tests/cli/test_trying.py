import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.builders_bpmn import a_file, a_process, end, start, user

ROOT = Path(__file__).parents[2]


def tried(*commands: object, file: Path) -> list[dict]:
    """What the terminal said: at once, and after each command."""
    arguments = [sys.executable, "-m", "cli", "try", str(file)]
    lines = "".join(f"{c if isinstance(c, str) else json.dumps(c)}\n" for c in commands)
    done = subprocess.run(
        arguments, input=lines, capture_output=True, text=True, cwd=ROOT, check=False
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_diagram_is_played_step_by_step(tmp_path: Path):
    file = tmp_path / "short.bpmn"
    file.write_bytes(a_file(a_process(start("s"), user("ask"), end("e"), path="s ask e")))

    first, unknown, garbled, done = tried(
        {"complete": "nothing"}, "no json", {"complete": "ask", "variables": {"yes": 1}}, file=file
    )

    assert first == {"open": ["ask"], "waiting": [], "ended": False, "error": None}
    assert unknown["error"]
    assert unknown["open"] == ["ask"]
    assert garbled["error"] == "This line is not JSON."
    assert done == {"open": [], "waiting": [], "ended": True, "error": None}


@pytest.mark.parametrize("content", [b"", b"<!DOCTYPE x><x/>", b"no xml at all"])
def test_what_is_no_diagram_is_said_in_one_line(tmp_path: Path, content: bytes):
    file = tmp_path / "broken.bpmn"
    file.write_bytes(content)

    [said] = tried(file=file)

    assert said["error"]
    assert not said["ended"]
