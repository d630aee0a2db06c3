"""What can only be seen by knocking: the mail server, and our own address through its proxy."""

import socket
import urllib.error
import urllib.request
from http.client import HTTPException

from casework.checkup.rules import Line

_SECONDS = 5.0


def mail(host: str | None, port: int) -> Line:
    """Whether the mail server greets."""
    if host is None:
        remedy = "Set SAMPLAN_SMTP_HOST, or nobody hears by mail that something waits."
        return Line("mail server", "warn", "none is set", remedy)
    remedy = "Look at SAMPLAN_SMTP_HOST, SAMPLAN_SMTP_PORT and the firewall."
    try:
        with socket.create_connection((host, port), _SECONDS) as connection:
            greeting = connection.recv(512)
    except OSError as error:
        return Line("mail server", "wrong", f"{host}:{port}: {error.strerror or error}", remedy)
    if not greeting.startswith(b"220"):
        return Line("mail server", "wrong", f"{host}:{port} does not greet as one", remedy)
    return Line("mail server", "ok", f"{host}:{port}")


def proxy(public_url: str) -> Line:
    """Whether a form sent to the public address reaches us as the browser sent it.

    Signing out with nobody signed in changes nothing, and passes the same guard as every form.
    """
    origin = public_url.rstrip("/")
    asked = urllib.request.Request(  # noqa: S310
        f"{origin}/sign-out", data=b"", headers={"Origin": origin}, method="POST"
    )
    try:
        status = _status(asked)
    except (OSError, HTTPException, ValueError) as error:
        reason = getattr(error, "reason", error)
        remedy = "Is the web server running, and does the proxy lead to it?"
        return Line("proxy", "wrong", f"{origin} does not answer: {reason}", remedy)
    if status == 303:
        return Line("proxy", "ok", origin)
    if status == 403:
        remedy = "Let the proxy pass Host on as it came (nginx: proxy_set_header Host $host;)."
        return Line("proxy", "wrong", "forms are refused: Host is not passed on", remedy)
    return Line("proxy", "wrong", f"{origin} answers {status}", "Is Samplan behind that address?")


class _Stay(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer of its own."""

    def redirect_request(self, *given: object, **named: object) -> None:
        return None


def _status(asked: urllib.request.Request) -> int:
    try:
        with urllib.request.build_opener(_Stay).open(asked, timeout=_SECONDS) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code
