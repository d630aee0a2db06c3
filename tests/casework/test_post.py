"""How a mail leaves: to the server that the settings name, and to no other."""

import secrets
import ssl
from pathlib import Path

import pytest
from pydantic import SecretStr

from base.settings import Settings
from casework.notifications import post
from tests.casework.post_office import post_office
from tests.certificate import a_certificate

LETTER = post.Letter("unit@samplan.example", "Something waits", "Sign in.", "one")


def test_a_password_is_said_to_whom_it_is_for_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = a_certificate(tmp_path, "localhost")
    with post_office() as office:
        office.certificate = certificate
        settings = Settings(
            smtp_host="localhost",
            smtp_port=office.port,
            smtp_user="samplan",
            smtp_password=SecretStr(secrets.token_hex()),
        )

        with pytest.raises(ssl.SSLCertVerificationError):
            post.send(settings, LETTER)
        unknown = list(office.asked)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        post.send(settings, LETTER)

    assert unknown == ["EHLO", "STARTTLS"]
    assert "AUTH" in office.asked
    assert [mail["To"] for mail in office.mails] == [LETTER.address]
