"""Where passkeys hold, and answers that were made to hurt."""

import json
from base64 import urlsafe_b64encode

import pytest

from base import passkeys
from base.passkeys import Made, Person, Place, Shown, Unfit
from tests.device import Device

HERE = Place("samplan.example", "https://samplan.example")
CHALLENGE = bytes(range(32))
DEEP = "[" * 19_000


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://samplan.example", HERE),
        ("https://Samplan.example:443/", HERE),
        (
            "https://samplan.example:8443",
            Place("samplan.example", "https://samplan.example:8443"),
        ),
        (
            "https://småland.example",
            Place("xn--smland-jua.example", "https://xn--smland-jua.example"),
        ),
        ("http://localhost:8000", Place("localhost", "http://localhost:8000")),
        ("http://samplan.example", None),
        ("http://127.0.0.1:8000", None),
        ("https://192.0.2.7", None),
        ("https://[2001:db8::7]", None),
        ("samplan.example", None),
    ],
)
def test_passkeys_hold_at_one_encrypted_address_with_a_name(url: str, found: Place | None):
    assert passkeys.place_of(url) == found


def a_device() -> tuple[Device, str]:
    """One that was asked for a passkey, and what it said."""
    device = Device(HERE.origin, HERE.host)
    asked = passkeys.to_make(
        HERE, Person(b"1", "per", "Per"), title="Samplan", challenge=CHALLENGE, there=[]
    )
    return device, device.made(asked)


def with_part(answer: str, name: str, plain: bytes) -> str:
    told = json.loads(answer)
    told["response"][name] = urlsafe_b64encode(plain).decode()
    return json.dumps(told)


def part(answer: str, name: str) -> bytes:
    return passkeys._bytes(json.loads(answer)["response"][name])


def test_what_a_device_made_and_signed_is_believed():
    device, answer = a_device()

    made = passkeys.made(answer, HERE, CHALLENGE)
    signed = device.shown(passkeys.to_show(HERE, challenge=CHALLENGE, verified=True))

    assert (made.credential_id, made.sign_count) == (device.id, 1)
    assert passkeys.shown(signed, HERE, CHALLENGE, made.public_key) == Shown(2, verified=True)


@pytest.mark.parametrize(
    "text",
    ["", "null", "7", '"a"', "[]", "{}", '{"response": 7}', DEEP, "{" * 30_000, "\ud800"],
    ids=["nothing", "null", "number", "text", "list", "empty", "flat", "deep", "long", "half"],
)
def test_an_answer_that_is_none_is_refused(text: str):
    for check in (passkeys.claimed, lambda sent: passkeys.made(sent, HERE, CHALLENGE)):
        with pytest.raises(Unfit):
            check(text)


@pytest.mark.parametrize("name", ["attestationObject", "clientDataJSON"])
def test_whatever_is_done_to_a_new_passkey_is_refused_or_makes_one(name: str):
    """A byte otherwise at each place, and cut there: no other error comes out."""
    _, answer = a_device()
    plain = part(answer, name)

    found = set[type]()
    for at in range(len(plain)):
        for done in (plain[:at] + bytes([plain[at] ^ 0xFF]) + plain[at + 1 :], plain[:at]):
            found.add(outcome(with_part(answer, name, done)))

    assert found <= {Made, Unfit}
    assert Unfit in found


@pytest.mark.parametrize("name", ["authenticatorData", "clientDataJSON", "signature"])
def test_whatever_is_done_to_a_signed_answer_is_refused(name: str):
    device, answer = a_device()
    public_key = made(answer).public_key
    signed = device.shown(passkeys.to_show(HERE, challenge=CHALLENGE, verified=True))
    plain = part(signed, name)

    for at in range(len(plain)):
        sent = with_part(signed, name, plain[:at] + bytes([plain[at] ^ 1]) + plain[at + 1 :])
        with pytest.raises(Unfit):
            passkeys.shown(sent, HERE, CHALLENGE, public_key)


def test_a_key_that_nothing_can_be_checked_with_is_refused():
    """A point that lies on no curve."""
    device, answer = a_device()
    plain = part(answer, "attestationObject")

    with pytest.raises(Unfit):
        made(with_part(answer, "attestationObject", plain[:-32] + bytes(31) + b"\1"))
    assert made(answer).credential_id == device.id


def made(answer: str) -> Made:
    return passkeys.made(answer, HERE, CHALLENGE)


def outcome(answer: str) -> type:
    try:
        return type(made(answer))
    except Unfit:
        return Unfit
