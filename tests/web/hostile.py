"""A provider of our own that answers as a test wants: rightly, or in every wrong way."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

from base.clock import Fixed

CLIENT, SECRET = "samplan", "of the client"
KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}, private=True)
OTHER = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}, private=True)
Change = dict[str, Any]


@dataclass
class Provider:
    """What it says; the fields named after what they change are left alone in right answers."""

    clock: Fixed
    issuer: str = ""
    metadata: Change = field(default_factory=dict)
    claims: Change = field(default_factory=dict)
    back: Change = field(default_factory=dict)
    sign: Callable[[dict[str, Any]], str] | None = None
    token_status: int = 200
    answer: Change = field(default_factory=dict)
    keys: list[dict[str, Any]] = field(default_factory=lambda: [KEY.as_dict(private=False)])
    asked: dict[str, dict[str, str]] = field(default_factory=dict)

    def describe(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "end_session_endpoint": f"{self.issuer}/end",
            "authorization_response_iss_parameter_supported": True,
            **self.metadata,
        }

    def visited(self, address: str) -> dict[str, str]:
        """What the browser brings back to us from that address."""
        sent = dict(parse_qsl(urlsplit(address).query))
        code = f"code-{len(self.asked)}"
        self.asked[code] = sent
        back = {"code": code, "state": sent["state"], "iss": self.issuer, **self.back}
        return {name: value for name, value in back.items() if value is not None}

    def redeem(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        asked = self.asked.pop(form["code"], None)
        known = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if asked is None or authorization != f"Basic {known}":
            return 400, {"error": "invalid_grant"}
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if (asked["code_challenge"], asked["code_challenge_method"]) != (challenge, "S256"):
            return 400, {"error": "invalid_grant"}
        if asked["redirect_uri"] != form["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        now = int(self.clock.now().timestamp())
        claims = {
            "iss": self.issuer,
            "sub": "subject-1",
            "aud": CLIENT,
            "exp": now + 300,
            "iat": now,
            "nonce": asked["nonce"],
            **self.claims,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        answer = {"id_token": (self.sign or signed)(claims), "token_type": "Bearer"}
        answer |= {"access_token": "unused", **self.answer}
        return self.token_status, {n: v for n, v in answer.items() if v is not None}


def signed(claims: dict[str, Any], key: RSAKey = KEY) -> str:
    return jwt.encode({"alg": "RS256", "kid": "one"}, claims, key)


def unsigned(claims: dict[str, Any]) -> str:
    return f"{packed({'alg': 'none'})}.{packed(claims)}."


def signed_with_public_key(claims: dict[str, Any]) -> str:
    """As if the public key were a secret that both know."""
    parts = [packed({"alg": "HS256", "kid": "one"}), packed(claims)]
    mac = hmac.digest(KEY.as_pem(private=False), ".".join(parts).encode(), "sha256")
    return ".".join([*parts, base64.urlsafe_b64encode(mac).decode().rstrip("=")])


def packed(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


@contextmanager
def serving(clock: Fixed) -> Iterator[Provider]:
    provider = Provider(clock)

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            if path == "/.well-known/openid-configuration":
                self.say(200, provider.describe())
            elif path == "/keys":
                self.say(200, {"keys": provider.keys})
            else:
                self.say(404, {})

        def do_POST(self) -> None:
            length = int(self.headers["content-length"])
            form = {n: v[0] for n, v in parse_qs(self.rfile.read(length).decode()).items()}
            self.say(*provider.redeem(form, self.headers["authorization"]))

        def say(self, status: int, what: dict[str, Any]) -> None:
            content = json.dumps(what).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            if status == 302:
                self.send_header("location", f"{provider.issuer}/elsewhere")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    provider.issuer = f"http://localhost:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
