"""``samplan check``: packs, folders of files, single diagrams."""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from rich.console import Console

from casework.releases import checks
from engine.check import check_file
from engine.findings import Finding
from engine.packs import read_folder

_WORST = {"error": "must be put right", "warning": "should be looked at", "advice": "advice"}


def check(paths: Iterable[Path], *, as_json: bool) -> int:
    """Exit 0 without errors, 1 with some, 2 for a path that is not there."""
    found: dict[str, list[Finding]] = {}
    for path in paths:
        if not path.exists():
            sys.stderr.write(f"There is no {path}.\n")
            return 2
        for name, findings in _of(path):
            found[name] = findings
    if as_json:
        _print_json(found)
    else:
        _print(found)
    return int(any(f.severity == "error" for findings in found.values() for f in findings))


def _of(path: Path) -> Iterator[tuple[str, list[Finding]]]:
    """Findings by file: a pack as a whole, a folder's files and packs one by one."""
    if path.is_file():
        yield str(path), check_file(_read(path), path.name)
    elif (path / "pack.toml").is_file():
        yield from _of_pack(path)
    else:
        for child in sorted(path.iterdir()):
            if child.is_dir() or child.suffix == ".bpmn":
                yield from _of(child)


def _of_pack(path: Path) -> Iterator[tuple[str, list[Finding]]]:
    files = read_folder(path)
    by_file: dict[str, list[Finding]] = {name: [] for name in files if name.endswith(".bpmn")}
    for one in checks.findings_of(files):
        by_file.setdefault(one.file, []).append(one)
    for name in sorted(by_file):
        yield str(path / name), by_file[name]


def _read(path: Path) -> bytes:
    """At most what a diagram may be, so that a huge file costs nothing."""
    with path.open("rb") as file:
        return file.read(4_000_000)


def _print_json(found: dict[str, list[Finding]]) -> None:
    for name, findings in found.items():
        rows = [
            {
                "element": one.element,
                "rule": one.rule,
                "severity": one.severity,
                "message": one.message,
                "remedy": one.remedy,
            }
            for one in findings
        ]
        sys.stdout.write(json.dumps({"file": name, "findings": rows}, ensure_ascii=False) + "\n")


def _print(found: dict[str, list[Finding]]) -> None:
    console = Console(highlight=False, soft_wrap=True)
    for name, findings in found.items():
        for one in findings:
            place = f" {one.element}" if one.element else ""
            console.print(f"{name}{place}: {_WORST[one.severity]}: {one.message} {one.remedy}")
    errors = sum(f.severity == "error" for findings in found.values() for f in findings)
    total = sum(map(len, found.values()))
    console.print(f"{len(found)} files, {total} findings, {errors} to be put right.")
