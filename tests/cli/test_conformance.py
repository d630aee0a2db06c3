"""The command ``samplan tck``."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from tests.builders_dmn import a_conformance_suite


def tck(*arguments: str) -> tuple[int, list[str]]:
    result = CliRunner().invoke(app, ["tck", *arguments])
    return result.exit_code, result.output.splitlines()


@pytest.fixture
def suites(tmp_path: Path) -> Path:
    a_conformance_suite(tmp_path / "one")
    a_conformance_suite(tmp_path / "level" / "deeper" / "two")
    return tmp_path


def test_every_suite_is_counted_and_then_all(suites: Path):
    assert tck(str(suites)) == (
        0,
        [
            "two: passed 3 of 5",
            "one: passed 3 of 5",
            "literal expressions: passed 4 of 8",
            "passed 6 of 10",
        ],
    )


def test_what_fails_can_be_shown(suites: Path):
    assert tck(str(suites / "one"), "--failures") == (
        0,
        [
            "one: passed 3 of 5",
            "  wrong sum: expected Decimal('3'), found Decimal('2')",
            "  no error sum: expected None, found Decimal('2')",
            "literal expressions: passed 2 of 4",
            "passed 3 of 5",
        ],
    )


def test_a_folder_without_suites_is_told(tmp_path: Path):
    assert tck(str(tmp_path)) == (2, [f"{tmp_path} holds no suites."])
    assert tck(str(tmp_path / "nowhere")) == (2, [f"{tmp_path / 'nowhere'} is not a folder."])
