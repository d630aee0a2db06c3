"""``samplan check`` on files as they come."""

import gzip
import json
import os
import resource
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from time import sleep

import pytest

from cli import checking
from cli.guarded import Guarded
from tests.builders_bpmn import a_file, a_process, element, end, extension, start, user, zeebe
from tests.engine.strangers import STRANGERS

ROOT = Path(__file__).parents[2]
ARENA = ROOT / "processes" / "arena"
SOUND = a_file(a_process(start(), user("a"), end(), path="s a e"))
WRONG = a_file(a_process(start(), element("complexGateway", "x"), end(), path="s x e"))
_MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"


def run(*paths: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> tuple[int, list[dict]]:
    """The exit code, and the lines of JSON."""
    code = checking.check(paths, as_json=True)
    return code, [json.loads(line) for line in capfdbinary.readouterr().out.splitlines()]


def test_each_file_has_one_line_with_its_findings(tmp_path: Path, capfdbinary):
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "wrong.bpmn").write_bytes(WRONG)
    (tmp_path / "sound.bpmn").write_bytes(SOUND)

    code, lines = run(tmp_path, capfdbinary=capfdbinary)

    assert code == 1
    assert [Path(line["file"]).name for line in lines] == ["sound.bpmn", "wrong.bpmn"]
    assert [list(line) for line in lines] == [["file", "findings"]] * 2
    (found,) = [f for f in lines[1]["findings"] if f["severity"] == "error"]
    assert found == {
        "element": "x",
        "rule": "complex_gateway",
        "severity": "error",
        "message": "“x” is a complex gateway; its rule cannot be checked.",
        "remedy": "Use an exclusive, parallel or inclusive gateway.",
    }


def test_without_errors_the_exit_code_is_zero(tmp_path: Path, capfdbinary):
    (tmp_path / "sound.bpmn").write_bytes(SOUND)

    code, (line,) = run(tmp_path / "sound.bpmn", capfdbinary=capfdbinary)

    assert code == 0
    assert {f["rule"] for f in line["findings"]} == {"layout_missing"}


def test_a_path_that_is_not_there_is_an_unreadable_call(tmp_path: Path, capfdbinary):
    (tmp_path / "sound.bpmn").write_bytes(SOUND)
    (tmp_path / "loop").symlink_to("loop")

    assert checking.check([tmp_path / "gone", tmp_path / "sound.bpmn"], as_json=True) == 2
    assert checking.check([tmp_path / "loop"], as_json=True) == 2

    said = capfdbinary.readouterr()
    assert said.out == b""
    assert said.err.count(b"There is no ") == 2


def test_a_pack_is_checked_whole(capfdbinary):
    code, lines = run(ARENA, capfdbinary=capfdbinary)

    names = {str(Path(line["file"]).relative_to(ARENA)) for line in lines}
    assert code == 0
    assert {"referral.bpmn", "eligibility.dmn", "forms/describe_need.form"} <= names
    assert len(names) == len(lines)


def test_the_files_of_a_broken_pack_are_checked_one_by_one(tmp_path: Path, capfdbinary):
    (tmp_path / "pack.toml").write_bytes(b"id = [")
    (tmp_path / "p.bpmn").write_bytes(WRONG)
    shutil.copy(ARENA / "eligibility.dmn", tmp_path)
    (tmp_path / "forms").mkdir()
    (tmp_path / "forms" / "f.form").write_text("{")

    code, lines = run(tmp_path, capfdbinary=capfdbinary)

    rules = {
        Path(line["file"]).name: {f["rule"] for f in line["findings"] if f["severity"] == "error"}
        for line in lines
    }
    assert code == 1
    assert rules == {
        "pack.toml": {"unreadable"},
        "p.bpmn": {"complex_gateway"},
        "eligibility.dmn": set(),
        "f.form": {"unreadable"},
    }


def test_people_read_a_line_per_finding_and_a_sum(tmp_path: Path, capfdbinary):
    name = "[/bold]&#10;&#27;[2J"
    parts = (start(), element("complexGateway", "x"), end())
    data = a_file(a_process(*parts, path="s x e")).replace(b'name="x"', f'name="{name}"'.encode())
    (tmp_path / "x.bpmn").write_bytes(data.replace(b"&#27;", b""))

    code = checking.check([tmp_path / "x.bpmn"], as_json=False)

    *lines, total = capfdbinary.readouterr().out.decode().splitlines()
    assert code == 1
    assert lines[0] == (
        f"{tmp_path}/x.bpmn x: must be put right: “[/bold] [2J” is a complex gateway; its rule"
        " cannot be checked. Use an exclusive, parallel or inclusive gateway."
    )
    assert total == f"1 files, {len(lines)} findings, 1 to be put right."


@pytest.mark.parametrize("name", STRANGERS)
def test_files_of_strangers_are_told_what_they_are(name: str, tmp_path: Path, capfdbinary):
    make, runs = STRANGERS[name]
    (tmp_path / "theirs.bpmn").write_bytes(make())

    code, _lines = run(tmp_path / "theirs.bpmn", capfdbinary=capfdbinary)

    assert code == (0 if runs else 1)


def hostile(folder: Path) -> None:
    """Files that could keep one waiting, take all memory, or lead elsewhere."""
    (folder / "empty.bpmn").write_bytes(b"")
    (folder / "bytes.bpmn").write_bytes(bytes(range(256)) * 20)
    (folder / "packed.bpmn").write_bytes(gzip.compress(SOUND))
    (folder / "huge.bpmn").write_bytes(b" " * 5_000_000)
    (folder / "deep.bpmn").write_bytes(b"<a>" * 100_000 + b"</a>" * 100_000)
    doctype = '<?xml version="1.0" encoding="{}"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    (folder / "wide16.bpmn").write_bytes(doctype.format("UTF-16").encode("utf-16"))
    (folder / "wide32.bpmn").write_bytes("<!DOCTYPE a><a/>".encode("utf-32"))
    laughs = "".join(
        f'<!ENTITY {each} "{f"&{before};" * 10}">' for before, each in pairwise("abcdefghi")
    )
    (folder / "laughs.bpmn").write_text(
        f'<!DOCTYPE a [<!ENTITY a "ha">{laughs}]><a>&i;</a>', "utf-8"
    )
    (folder / "reaching.bpmn").write_text(
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>', "utf-8"
    )
    many = "".join(f'<b:process id="p{n}"><b:task/></b:process>' for n in range(9000))
    (folder / "many.bpmn").write_text(f'<b:definitions xmlns:b="{_MODEL}">{many}</b:definitions>')
    (folder / "ringed.bpmn").symlink_to("ringed.bpmn")
    (folder / "again").symlink_to(".")
    (folder / "endless.bpmn").symlink_to("/dev/zero")
    (folder / "folder.bpmn").mkdir()
    os.mkfifo(folder / "pipe.bpmn")
    (folder / "broken.dmn").write_text("<x/>")
    (folder / "broken.form").write_text("[" * 9000)
    (folder / "LOUD.BPMN").write_text("no")


def test_hostile_files_are_named_one_by_one(tmp_path: Path, capfdbinary):
    hostile(tmp_path)

    code, lines = run(tmp_path, capfdbinary=capfdbinary)

    assert code == 1
    names = [entry.name for entry in tmp_path.iterdir() if entry.name != "again"]
    assert sorted(Path(line["file"]).name for line in lines) == sorted(names)
    for line in lines:
        (found,) = line["findings"]
        assert (found["rule"], found["severity"]) == ("unreadable", "error")
        assert found["remedy"]


def test_expressions_that_would_take_for_ever_are_findings(tmp_path: Path, capfdbinary):
    def asks(id: str, source: str) -> str:
        script = zeebe("script", expression=source, resultVariable="r")
        return element("scriptTask", id, extension(script))

    deep = "=" + "(" * 100_000 + "1" + ")" * 100_000
    long = "=" + "1+" * 300_000 + "1"
    parts = (start(), asks("a", deep), asks("b", long), end())
    (tmp_path / "x.bpmn").write_bytes(a_file(a_process(*parts, path="s a b e")))

    code, (line,) = run(tmp_path, capfdbinary=capfdbinary)

    errors = {(f["rule"], f["element"]) for f in line["findings"] if f["severity"] == "error"}
    assert code == 1
    assert errors == {("feel", "a"), ("feel", "b")}


def _spin(_asked: object) -> None:
    while True:
        pass


def _swallow(_asked: object) -> int:
    return len(bytearray(2_000_000_000))


def _fail(_asked: object) -> None:
    raise RuntimeError


def _sleep(_asked: object) -> None:
    sleep(60)


@pytest.mark.parametrize("work", [_spin, _swallow, _fail, _sleep])
def test_work_that_takes_too_much_or_fails_ends_alone(work, capfdbinary):
    def sometimes(asked: str) -> str:
        if asked == "too much":
            work(asked)
        return asked

    with Guarded(sometimes, seconds=0.2) as guarded:
        found = [guarded(asked) for asked in ("one", "too much", "two")]

    assert found == ["one", None, "two"]
    assert capfdbinary.readouterr() == (b"", b"")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 2_000_000


def called(*arguments: str, **more: object) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "cli", *arguments]
    return subprocess.run(command, cwd=ROOT, check=False, **more)  # type: ignore[call-overload,no-any-return]


def test_the_command_itself_says_what_it_cannot_understand(tmp_path: Path):
    (tmp_path / "a.bpmn").write_bytes(WRONG)
    unknown = called("check", "--yaml", str(tmp_path), capture_output=True)
    nothing = called("check", capture_output=True)
    with open("/dev/full", "wb") as full:
        nowhere = called("check", "--json", str(tmp_path), stdout=full, stderr=subprocess.PIPE)

    assert [unknown.returncode, nothing.returncode, nowhere.returncode] == [2, 2, 1]
    assert b"Traceback" not in unknown.stderr + nothing.stderr + nowhere.stderr
    assert unknown.stdout + nothing.stdout == b""
