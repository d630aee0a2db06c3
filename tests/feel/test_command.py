"""The command ``python -m feel``."""

import io
from pathlib import Path

import pytest

from feel.__main__ import main


def test_it_evaluates_with_a_context(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    context = tmp_path / "context.json"
    context.write_text('{"age": 20, "full name": "Eva", "rate": 0.1}', encoding="utf-8")

    code = main(['if rate + 0.2 = 0.3 then full name + "!" else null', "--context", str(context)])

    assert (code, capsys.readouterr().out) == (0, '"Eva!"\n')


def test_it_tells_why_a_result_is_null(capsys: pytest.CaptureFixture[str]):
    code = main(["1 + a"])

    assert code == 0
    assert capsys.readouterr().out == (
        "null\n  a: There is no value “a”.\n  1 + a: A number cannot be added to null.\n"
    )


def test_it_points_at_a_mistake(capsys: pytest.CaptureFixture[str]):
    code = main(["1 +"])

    assert code == 1
    assert capsys.readouterr().out == "1 +\n   ^ The expression ends where a value is expected.\n"


def test_it_takes_the_clock_as_an_argument(capsys: pytest.CaptureFixture[str]):
    main(["today()", "--now", "2027-02-01T09:00:00Z"])

    assert capsys.readouterr().out == "2027-02-01\n"


def test_it_converses_until_an_empty_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("sys.stdin", io.StringIO("1 + 1\n\n"))

    code = main([])

    assert code == 0
    assert capsys.readouterr().out == "FEEL. An empty line ends.\nfeel> 2\nfeel> "


def test_a_missing_file_is_told(capsys: pytest.CaptureFixture[str]):
    code = main(["1", "--context", "/nowhere/at-all.json"])

    assert code == 1
    assert "at-all.json" in capsys.readouterr().err
