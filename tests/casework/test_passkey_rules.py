"""What a passkey opens: as much as the password would, the second proof, or nothing."""

import pytest

from casework.passkeys.rules import Use, use


@pytest.mark.parametrize(
    ("password", "elsewhere", "asked_here", "expected"),
    [
        (True, False, False, Use.WHOLE),
        (True, False, True, Use.WHOLE),
        (True, True, True, Use.SECOND),
        (False, False, True, Use.SECOND),
        (False, True, True, Use.SECOND),
        (True, True, False, Use.NOTHING),
        (False, False, False, Use.NOTHING),
        (False, True, False, Use.NOTHING),
    ],
)
def test_a_passkey_opens_what_the_organisation_leaves_open(
    password: bool, elsewhere: bool, asked_here: bool, expected: Use
) -> None:
    assert use(password=password, elsewhere=elsewhere, asked_here=asked_here) is expected
