"""The suites of the DMN Technology Compatibility Kit."""

from pathlib import Path

import pytest

from engine.decisions import tck
from tests.builders_dmn import a_conformance_suite

ROOT = Path(__file__).resolve().parents[3]
TCK = ROOT.parent / "shared" / "dmn-tck"
REFERENCE = (ROOT / "docs" / "reference" / "feel.md").read_text(encoding="utf-8")


def counted(cases: list[tck.CaseResult]) -> str:
    return f"{sum(case.passed for case in cases):,} of {len(cases):,}"


@pytest.mark.skipif(
    not TCK.is_dir(), reason="the suites of the DMN TCK are not beside the project"
)
def test_the_suites_of_the_tck_pass():
    suites = list(tck.run(TCK))
    cases = [case for suite in suites for case in suite.cases]
    literals = [case for case in cases if case.literal]

    assert sum(case.passed for case in literals) / len(literals) >= 0.97
    assert sum(case.passed for case in cases) / len(cases) >= 0.95
    assert {suite.name for suite in suites if not all(case.passed for case in suite.cases)} == {
        "0076-feel-external-java"
    }
    assert counted(literals) in REFERENCE
    assert counted(cases) in REFERENCE


def test_a_suite_is_judged(tmp_path: Path):
    a_conformance_suite(tmp_path / "level" / "deep" / "suite")

    (suite,) = tck.run(tmp_path)

    assert suite.name == "suite"
    assert [(case.case, case.passed, case.literal) for case in suite.cases] == [
        ("sum", True, True),
        ("wrong", False, True),
        ("error", True, True),
        ("no error", False, True),
        ("table", True, False),
    ]
    assert suite.cases[1].message == "expected Decimal('3'), found Decimal('2')"
