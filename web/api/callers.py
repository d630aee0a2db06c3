"""Who asks: a program with a token, for whom, for what, and how often."""

from collections.abc import Iterator
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes

from base import clock
from base.db import Database, Session
from base.errors import NotAllowed
from casework.access import Actor
from casework.tokens import actions as tokens
from casework.tokens.actions import Program
from web.api.problems import AskedTooOften, NoToken
from web.deps import application_of, note_read

_BEARER = HTTPBearer(auto_error=False, description="A token that somebody has made for themselves")


def _program(
    request: Request,
    sent: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)],
) -> Program:
    """Asked once for each request. Raises NoToken, AskedTooOften."""
    # FastAPI asks again for each set of scopes.
    if hasattr(request.state, "program"):
        known: Program = request.state.program
        return known
    if sent is None:
        raise NoToken
    database: Database = request.app.state.database
    with database.reading() as tx:
        program = tokens.recognise(tx, sent.credentials)
        now = clock.now(tx)
    if program is None:
        raise NoToken
    most: int = request.app.state.api_per_minute
    # Asked before anything is written: whoever goes on asking keeps nobody else waiting.
    if program.window.full(now, most):
        raise AskedTooOften(program.window.wait(now))
    with database.transaction() as tx:
        window = tokens.used(tx, application_of(request), program.token_id)
    if window.asked > most:
        raise AskedTooOften(window.wait(now))
    request.state.program, request.state.actor = program, program.actor
    return program


FoundProgram = Annotated[Program, Depends(_program)]


def acting(program: FoundProgram, wanted: SecurityScopes) -> Actor:
    """For whom the program acts, if its token has the scopes that the route names; else 403."""
    if not program.scopes.issuperset(wanted.scopes):
        raise NotAllowed("This token was not made for that.", code="scope")
    return program.actor


def _transaction(request: Request, _program: FoundProgram) -> Iterator[Session]:
    database: Database = request.app.state.database
    with database.transaction() as session:
        yield session


def _reading(request: Request, _program: FoundProgram) -> Iterator[Session]:
    database: Database = request.app.state.database
    with database.reading() as session:
        yield session


def note(request: Request, actor: Actor, case_id: UUID, *, purpose: str = "") -> None:
    """Write down that a program of the actor's reads something of a case."""
    note_read(request, actor, case_id, "program", purpose=purpose)


Tx = Annotated[Session, Depends(_transaction, scope="function")]
Read = Annotated[Session, Depends(_reading, scope="function")]
#: Chosen by the program: what is sent twice with the same key is done once.
Key = Annotated[
    str, Header(alias="Idempotency-Key", min_length=1, max_length=100, pattern=r"^[!-~]+$")
]
