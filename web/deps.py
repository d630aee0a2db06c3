"""What a route may ask for."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import Depends, Form, Path, Query, Request
from pydantic import AfterValidator
from starlette.concurrency import run_in_threadpool

from base import clock
from base.db import Database, Session
from base.errors import NotAllowed, SamplanError
from casework.access import Actor
from casework.accounts.actions import recognise, seen
from casework.application import Application
from casework.audit.actions import log_read
from casework.organisations.store import organisations_by_id
from casework.parts import LAST
from casework.phrases import Phrases, phrases
from casework.programmes.actions import Ending, ending
from casework.programmes.store import programmes
from casework.programmes.tables import Programme
from casework.seats.store import waiting
from casework.tasks.actions import open_count

#: Pairs of name and value as the browser sent them, in order; files are left out.
type_sent = list[tuple[str, str]]
MAX_FIELDS = 2_000
#: Below this a form itself says which answer is too long.
MAX_PART_BYTES = 2_500_000


class NotSignedIn(SamplanError):
    """Sign in to see this page."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What the head of every page says of the reader."""

    organisation: str
    open_count: int
    #: Assignments to acknowledge before they open anything.
    assignments: int
    #: Changes of the directory that the reader has not seen.
    news: int
    ending: Ending | None
    phrases: Phrases


def cookie_name(request: Request) -> str:
    """``__Host-`` binds the cookie to this host; browsers take it over HTTPS only."""
    https = request.app.state.settings.public_url.startswith("https:")
    return "__Host-samplan" if https else "samplan"


def language_cookie_name(request: Request) -> str:
    """Of the language that this browser chose."""
    https = request.app.state.settings.public_url.startswith("https:")
    return "__Host-language" if https else "language"


def application_of(request: Request) -> Application:
    application: Application = request.app.state.application
    return application


async def _application(request: Request) -> Application:
    return application_of(request)


def find_actor(request: Request) -> Actor | None:
    """Who is signed in with this browser, looked up anew for every request, once."""
    if not hasattr(request.state, "found"):
        token = request.cookies.get(cookie_name(request))
        request.state.found = actor_with(request, token) if token else None
    found: Actor | None = request.state.found
    return found


async def _found_actor(request: Request) -> Actor | None:
    """Most often a transaction has asked before, in its own thread."""
    if hasattr(request.state, "found"):
        return find_actor(request)
    return await run_in_threadpool(find_actor, request)


def actor_with(request: Request, token: str) -> Actor | None:
    """Who holds this session; notes that it is in use, so that it does not end meanwhile."""
    database: Database = request.app.state.database
    with database.reading() as tx:
        known = recognise(tx, token)
        if known is None:
            return None
        if request.method == "GET":
            request.state.frame = _frame(tx, application_of(request), known.actor)
    if known.stale:
        with database.transaction() as tx:
            seen(tx, token)
    request.state.actor = known.actor
    return known.actor


def frame_for(request: Request, actor: Actor) -> Frame:
    """For the page of this request; a request that leads on to another page asks for none."""
    if not hasattr(request.state, "frame"):
        database: Database = request.app.state.database
        with database.reading() as tx:
            request.state.frame = _frame(tx, application_of(request), actor)
    frame: Frame = request.state.frame
    return frame


def _frame(tx: Session, app: Application, actor: Actor) -> Frame:
    ids = [actor.organisation_id] if actor.organisation_id is not None else []
    titles = [organisation.title for organisation in organisations_by_id(tx, ids).values()]
    count = open_count(tx, app, actor) if app.pack_id else 0
    assignments, news = waiting(tx, actor.account_id, clock.today(tx, app.zone))
    served = programmes(tx)
    return Frame(
        organisation=next(iter(titles), ""),
        open_count=count,
        assignments=assignments,
        news=news,
        ending=_ending(tx, app, served),
        phrases=phrases(tx, app, served),
    )


def ending_for(request: Request) -> Ending | None:
    """For the page of somebody who is not signed in."""
    app = application_of(request)
    with app.database.reading() as tx:
        return _ending(tx, app, programmes(tx))


def phrases_for(request: Request) -> Phrases:
    """For a page that somebody reads who is not signed in."""
    app = application_of(request)
    with app.database.reading() as tx:
        return phrases(tx, app, programmes(tx))


def _ending(tx: Session, app: Application, served: list[Programme]) -> Ending | None:
    programme = next(iter(served), None)
    if programme is None:
        return None
    app.notice(programme)
    return ending(programme, clock.today(tx, app.zone))


FoundActor = Annotated[Actor | None, Depends(_found_actor)]


# Both ask who it is first: a session that is noted as used must not wait for this very lock.
# They ask themselves, as each dependency that waits for a database takes a turn of a thread.
def _transaction(request: Request) -> Iterator[Session]:
    find_actor(request)
    database: Database = request.app.state.database
    with database.transaction() as session:
        yield session


def _reading(request: Request) -> Iterator[Session]:
    find_actor(request)
    database: Database = request.app.state.database
    with database.reading() as session:
        yield session


def _anyones_transaction(request: Request) -> Iterator[Session]:
    database: Database = request.app.state.database
    with database.transaction() as session:
        yield session


def _open_reading(request: Request) -> Iterator[Session]:
    database: Database = request.app.state.database
    with database.reading() as session:
        yield session


# Asynchronous, as what waits for nothing needs no thread of its own.
async def _actor(actor: FoundActor) -> Actor:
    if actor is None:
        raise NotSignedIn
    return actor


CurrentActor = Annotated[Actor, Depends(_actor)]


async def read_sent(request: Request) -> type_sent:
    """The fields of the form that came with this request."""
    form = await request.form(max_files=0, max_fields=MAX_FIELDS, max_part_size=MAX_PART_BYTES)
    # No keyboard writes NUL, and PostgreSQL keeps none.
    return [
        (name.replace("\0", ""), value.replace("\0", ""))
        for name, value in form.multi_items()
        if isinstance(value, str)
    ]


# A signed-in reader first: without one the form is read by the page that asks to sign in.
async def _sent(request: Request, actor: CurrentActor) -> type_sent:
    return await read_sent(request)


def _without_nul(text: str) -> str:
    return text.replace("\0", "")


#: For the texts of forms: no keyboard writes NUL, and PostgreSQL keeps none.
NoNul = AfterValidator(_without_nul)


def role_required(*roles: str) -> type[Actor]:
    """A route for these roles alone; for anybody else the page says so."""

    async def check(actor: Annotated[Actor, Depends(_actor)]) -> Actor:
        if actor.roles.isdisjoint(roles):
            raise NotAllowed("Your role does not open this page.", code="role")
        return actor

    return Annotated[Actor, Depends(check)]  # type: ignore[return-value]


def sign_in_address(request: Request) -> str:
    """Where to sign in, coming back to this page afterwards."""
    path = request.url.path if request.method == "GET" else "/tasks"
    return f"/sign-in?next={quote(path)}"


def note_read(
    request: Request, actor: Actor, case_id: UUID, kind: str, *, purpose: str = ""
) -> None:
    """Write down that the actor reads something of a case, before the answer leaves."""
    database: Database = request.app.state.database
    with database.transaction() as tx:
        log_read(tx, actor, case_id, kind, purpose=purpose)


def first(sent: type_sent, name: str) -> str:
    """The value of a field that is sent once; empty if it was not sent."""
    return next((value for key, value in sent if key == name), "")


#: The number of a row in an address; larger ones fit no database.
Number = Annotated[int, Path(ge=0, lt=2**31)]
#: Which part of a long list.
PartNumber = Annotated[int, Query(ge=1, le=LAST)]
#: The same in a form.
SentNumber = Annotated[int, Form(ge=0, lt=2**31)]
# scope="function": commit before the browser hears of success, not after.
Tx = Annotated[Session, Depends(_transaction, scope="function")]
Read = Annotated[Session, Depends(_reading, scope="function")]
#: For whoever comes without an account; who it is, the action asks.
AnyoneTx = Annotated[Session, Depends(_anyones_transaction, scope="function")]
OpenRead = Annotated[Session, Depends(_open_reading, scope="function")]
MaybeActor = FoundActor
Sent = Annotated[type_sent, Depends(_sent)]
AnyoneSent = Annotated[type_sent, Depends(read_sent)]
App = Annotated[Application, Depends(_application)]
