"""Codes of an authenticator app, and the picture that hands over the secret."""

from datetime import UTC, datetime, timedelta

import pytest

from base import qr, totp

#: Of RFC 6238, appendix B, in base 32.
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # noqa: S105
NOON = datetime(2027, 2, 1, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_the_codes_of_the_standard_are_known(seconds: int, code: str) -> None:
    now = datetime.fromtimestamp(seconds, UTC)

    assert totp.code_at(SECRET, now) == code
    assert totp.step_of(SECRET, code, now) == seconds // 30


@pytest.mark.parametrize(
    ("late", "heard"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)]
)
def test_a_code_is_heard_one_step_early_and_one_late(late: int, heard: bool) -> None:
    code = totp.code_at(SECRET, NOON)

    step = totp.step_of(SECRET, code, NOON + timedelta(seconds=late))

    assert step == (int(NOON.timestamp()) // 30 if heard else None)


@pytest.mark.parametrize(
    "typed", ["", "000000", "28708", "\N{FULLWIDTH DIGIT TWO}87082", "code", "\N{SNOWMAN}"]
)
def test_anything_else_is_no_code(typed: str) -> None:
    assert totp.step_of(SECRET, typed, NOON) is None


def test_secrets_are_long_and_never_the_same() -> None:
    drawn = {totp.new_secret() for _ in range(20)}

    assert len(drawn) == 20
    assert {len(secret) for secret in drawn} == {32}


def test_the_picture_is_a_square_with_three_marks_in_its_corners() -> None:
    drawn = qr.picture(totp.address(SECRET, account="per", issuer="Samplan"))

    dark = set(drawn.path.removesuffix("h1v1h-1z").removeprefix("M").split("h1v1h-1zM"))
    mark = {f"{x} {y}" for x in range(6, 9) for y in range(6, 9)}
    far = drawn.size - 9
    assert {f"{x} {y}" for x in range(far, far + 3) for y in range(6, 9)} | mark <= dark
    assert not any(spot.startswith(("0 ", "3 ")) for spot in dark)
