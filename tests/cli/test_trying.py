"""``samplan try``: one line for every line, whatever it is."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.builders_bpmn import (
    a_file,
    a_process,
    call,
    element,
    end,
    extension,
    start,
    sub,
    user,
    xor,
    zeebe,
)
from tests.cli.playing import OVER, Command, Shown, do, later, lines, shown, shows

ROOT = Path(__file__).parents[2]
ARENA = ROOT / "processes" / "arena"
SHORT = a_file(a_process(start("s"), user("ask"), end("e"), path="s ask e"))


def a_short_one(folder: Path) -> Path:
    file = folder / "short.bpmn"
    file.write_bytes(SHORT)
    return file


def test_a_diagram_is_played_in_a_process_of_its_own(tmp_path: Path):
    arguments = [sys.executable, "-m", "cli", "try", str(a_short_one(tmp_path))]
    with subprocess.Popen(
        arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    ) as run:
        assert run.stdin is not None
        assert run.stdout is not None
        first = json.loads(run.stdout.readline())
        run.stdin.write(json.dumps(do("ask", yes=1)).encode() + b"\n")
        run.stdin.flush()
        last = json.loads(run.stdout.readline())
        run.stdin.close()

        assert run.wait() == 0
    assert [shown(first), shown(last)] == [shows("ask"), OVER]


def test_nobody_who_reads_is_no_reason_for_a_traceback(tmp_path: Path):
    arguments = [sys.executable, "-m", "cli", "try", str(a_short_one(tmp_path))]
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            arguments, input=b"{}\n", stdout=full, stderr=subprocess.PIPE, cwd=ROOT, check=False
        )

    assert done.returncode == 1
    assert done.stderr == b""


ODD: list[bytes] = [
    b"\n",
    b"no json\n",
    b"[]\n",
    b"null\n",
    b'"complete"\n',
    b"{}\n",
    b'{"dance": 1}\n',
    b"\xff\xfe\x00\n",
    b"[" * 50_000 + b"\n",
    b"1" * 6_000 + b"\n",
    b'{"complete": "ask", "variables": {"x": "' + b"y" * 1_000_000 + b'"}}\n',
    b'{"complete": "ask", "variables": {"x": "' + b"y" * 50_000 + b'"}}\n',
    b'{"complete": "ask", "variables": {"x": "\\ud800"}}\n',
    b'{"complete": "ask", "variables": {"x": NaN}}\n',
    b'{"complete": "ask", "variables": {"x": 1e999}}\n',
    b'{"complete": "ask", "variables": []}\n',
    b'{"complete": "ask", "variables": "x"}\n',
    b'{"complete": "ask", "index": -1}\n',
    b'{"complete": "ask", "index": 1}\n',
    b'{"complete": "ask", "index": true}\n',
    b'{"complete": "ask", "index": 0.5}\n',
    b'{"complete": "ask", "index": "0"}\n',
    b'{"complete": ["ask"]}\n',
    b'{"complete": "\\ud800"}\n',
    b'{"complete": "ask", "signal": "x"}\n',
    b'{"complete": "e"}\n',
    b'{"complete": ""}\n',
    b'{"message": "m"}\n',
    b'{"message": "m", "key": {}}\n',
    b'{"message": null}\n',
    b'{"signal": "s"}\n',
    b'{"advance": "-P1D"}\n',
    b'{"advance": "soon"}\n',
    b'{"advance": "P9999999Y"}\n',
    b'{"advance": 3}\n',
]


def test_a_refused_line_changes_nothing(tmp_path: Path):
    file = tmp_path / "longer.bpmn"
    file.write_bytes(a_file(a_process(start(), user("ask"), user("b"), end(), path="s ask b e")))

    code, said = lines(file, [*ODD, do("ask")])

    assert code == 0
    assert len(said) == len(ODD) + 2
    for asked, line in zip(ODD, said[1:-1], strict=True):
        assert line["error"], asked[:60]
        assert shown({**line, "error": None}) == shows("ask"), asked[:60]
    assert shown(said[-1]) == shows("b")


def test_the_last_line_needs_no_end(tmp_path: Path):
    _code, said = lines(a_short_one(tmp_path), [b'{"complete": "ask"}'])

    assert shown(said[-1]) == OVER


def test_what_has_ended_stays_so(tmp_path: Path):
    _code, said = lines(a_short_one(tmp_path), [do("ask"), do("ask"), later("P1D")])

    assert [line["ended"] for line in said] == [False, True, True, True]
    assert [bool(line["error"]) for line in said] == [False, False, True, False]


REFUSED: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "empty"),
    "a DOCTYPE": (b"<!DOCTYPE x><x/>", "DOCTYPE"),
    "no XML": (b"no xml at all", "not XML"),
    "what is not supported": (
        a_file(a_process(start(), element("complexGateway", "x"), end(), path="s x e")),
        "x: “x” is a complex gateway",
    ),
    "a task without a kind": (
        a_file(a_process(start(), element("task", "x"), end(), path="s x e")),
        "x: The task “x” does not say who or what does it.",
    ),
    "a loop of calls": (
        a_file(a_process(start(), call("c", "p"), end(), path="s c e")),
        "c: “c” calls a process that always comes back to it",
    ),
    "two plain starts": (
        a_file(a_process(start(), start("s2"), user("a"), end(), path="s a e, s2 a")),
        "start events",
    ),
    "an expression that is none": (
        a_file(
            a_process(start(), xor("g"), user("a"), end(), path="s g a e").replace(
                'targetRef="a">',
                'targetRef="a"><bpmn:conditionExpression>${x}</bpmn:conditionExpression>',
            )
        ),
        "Write FEEL with a leading equals sign: =x",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_tried_says_why_on_every_line(name: str, tmp_path: Path):
    data, why = REFUSED[name]
    file = tmp_path / "refused.bpmn"
    file.write_bytes(data)

    code, said = lines(file, [do("a"), b"\n"])

    assert code == 1
    assert len(said) == 3
    for line in said:
        assert why in line["error"]
        assert shown({**line, "error": None}) == Shown()


def test_a_file_that_is_not_there_is_said_too(tmp_path: Path):
    code, said = lines(tmp_path / "gone.bpmn", [])
    folder, _ = lines(tmp_path, [])

    assert (code, folder) == (1, 1)
    assert "gone.bpmn" in said[0]["error"]


def test_errors_in_processes_that_do_not_run_here_do_not_matter(tmp_path: Path):
    file = tmp_path / "pools.bpmn"
    other = a_process(start("s2"), element("task", "t2"), end("e2"), id="q", path="s2 t2 e2")
    first = a_process(start(), user("a"), end(), path="s a e")
    file.write_bytes(a_file(first, other))

    assert shown(lines(file, [])[1][0]) == shows("a")


def in_arena(name: str, *commands: Command) -> list[Shown]:
    code, said = lines(ARENA / name, commands, ARENA)
    assert code == 0
    return [shown(line) for line in said]


def test_a_diagram_of_a_pack_is_played_with_what_the_pack_knows():
    first, late, done = in_arena("ask_stop_use.bpmn", later("P6D"), do("stop_use"))

    assert first.open == ("stop_use",)
    assert late.error is None
    assert late.waiting != first.waiting
    assert done == OVER


def test_what_the_pack_does_not_know_is_refused(tmp_path: Path):
    file = tmp_path / "new one.bpmn"
    boss = extension(zeebe("assignmentDefinition", candidateGroups="boss"))
    inner = sub("w", start("i"), user("a", boss), end("x"), path="i a x")
    file.write_bytes(a_file(a_process(start(), inner, end(), id="new", path="s w e")))

    code, said = lines(file, [], ARENA)

    assert code == 1
    assert "“a” is for the role “boss”, which the programme does not know." in said[0]["error"]
