"""What Samplan is built on: every package is named, and may be given on under EUPL-1.2."""

import json
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tools import advisories, parts

#: May be linked with, or stand beside, a program under EUPL-1.2 (its article 5 and appendix).
COMPATIBLE = frozenset(
    {
        "Apache-2.0",
        "Artistic-1.0-Perl",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "CC0-1.0",
        "ISC",
        "LGPL-3.0-only",
        "MIT",
        "MIT-0",
        "MPL-2.0",
        "OFL-1.1",
        "PSF-2.0",
    }
)
#: Their own words: MIT, and the watermark of bpmn.io stays visible.
OWN_WORDS = {
    "@bpmn-io/form-js-editor",
    "@bpmn-io/form-js-viewer",
    "bpmn-js",
    "dmn-js",
    "dmn-js-boxed-expression",
    "dmn-js-decision-table",
    "dmn-js-drd",
    "dmn-js-literal-expression",
    "dmn-js-shared",
}
#: They say nothing in the lock; their repositories say MIT.
SILENT = {"cli-table", "component-props"}
#: For other machines than those Samplan runs on.
ELSEWHERE = {"colorama", "httpx2-jsfetch"}


def test_every_package_may_be_given_on_with_samplan():
    python = {part.name: part.licence for part in parts.python_parts()}
    javascript = {part.name: part.licence for part in parts.javascript_parts()}

    assert {name for name, licence in python.items() if not compatible(licence)} <= ELSEWHERE
    unsure = {name for name, licence in javascript.items() if not compatible(licence)}
    assert unsure == OWN_WORDS | SILENT


def compatible(licence: str) -> bool:
    """One of several that one may choose from is enough; of several that hold, all must be."""
    return any(
        all(each.strip("() ") in COMPATIBLE for each in choice.split(" AND "))
        for choice in licence.split(" OR ")
    )


@pytest.mark.parametrize("licence", ["", "AGPL-3.0-only", "MIT AND GPL-2.0-only", "Proprietary"])
def test_other_licences_are_noticed(licence: str):
    assert not compatible(licence)


def test_the_bills_name_every_package_of_both_locks(tmp_path: Path):
    assert parts.main(tmp_path) == 0

    bills = {
        name: json.loads((tmp_path / f"samplan-{name}.cdx.json").read_text())
        for name in ("python", "javascript")
    }
    pinned = re.findall(r"^([^\s#=]+)==([^\s;]+)", parts.PYTHON.read_text(), re.MULTILINE)
    locked = json.loads(parts.JAVASCRIPT.read_text())["packages"]
    assert {(each["name"], each["version"]) for each in bills["python"]["components"]} == {*pinned}
    assert len(bills["javascript"]["components"]) == len(locked) - 1
    assert all(each["hashes"] for each in bills["python"]["components"])
    for bill in bills.values():
        assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
        references = [each["bom-ref"] for each in bill["components"]]
        assert references == sorted(references)


AWAY = """#!/bin/sh
echo "could not reach the service" >&2
exit 1
"""


def test_an_advisory_service_that_is_away_is_no_clean_bill(tmp_path: Path):
    for name in ("npm", "python"):
        program = tmp_path / name
        program.write_text(AWAY)
        program.chmod(program.stat().st_mode | stat.S_IXUSR)

    done = subprocess.run(
        [sys.executable, "-m", "tools.advisories", "--python", str(tmp_path / "python")],
        cwd=parts.ROOT,
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 75
    assert done.stdout.count("the advisory service could not be asked") == 2


FLAWED = {"name": "old", "version": "1", "vulns": [{"id": "CVE-1"}]}
SOUND = {"name": "new", "version": "2", "vulns": []}
SKIPPED = {"name": "unknown", "skip_reason": "not found"}


@pytest.mark.parametrize(
    ("dependencies", "code"),
    [
        ([SOUND], advisories.CLEAN),
        ([SOUND, FLAWED], advisories.KNOWN),
        ([SOUND, SKIPPED], advisories.NOT_ASKED),
    ],
)
def test_a_flaw_is_told_and_a_package_that_nobody_knew_is_no_clean_bill(
    dependencies: list[object], code: int
):
    answer = json.dumps({"dependencies": dependencies})

    assert advisories.told(answer, advisories.of_python)[0] == code


@pytest.mark.parametrize(("high", "code"), [(0, advisories.CLEAN), (2, advisories.KNOWN)])
def test_flaws_of_the_editor_are_counted(high: int, code: int):
    counts = {"low": 0, "moderate": 0, "high": high, "critical": 0}
    answer = json.dumps({"metadata": {"vulnerabilities": counts}})

    assert advisories.told(answer, advisories.of_javascript)[0] == code
