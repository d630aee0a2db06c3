"""A program that acts for one of the arena's people."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from fastapi.testclient import TestClient
from httpx2 import Response

from base import clock
from casework.tokens import actions as tokens
from casework.tokens.rules import SCOPES
from tests.web.world import Site


@dataclass
class Program:
    """Asks as one person; ``scopes``: all, where nothing is said."""

    site: Site
    user_name: str
    scopes: Collection[str] = tuple(SCOPES)
    client: TestClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.site.client()
        self.client.headers["authorization"] = f"Bearer {self._secret()}"

    def ask(self, method: str, path: str, **sent: Any) -> Response:
        return self.client.request(method, f"/api/v1{path}", **sent)

    def get(self, path: str) -> Response:
        return self.ask("GET", path)

    def send(self, path: str, body: object, *, key: str = "a-key") -> Response:
        return self.ask("POST", path, json=body, headers={"idempotency-key": key})

    def _secret(self) -> str:
        app = self.site.application
        with self.site.database.transaction() as tx:
            last_day = clock.today(tx, app.zone) + timedelta(days=30)
            actor = self.site.actor(tx, self.user_name)
            made = tokens.make_token(
                tx, app, actor, name="Test", scopes=self.scopes, last_day=last_day
            )
            return made.secret
