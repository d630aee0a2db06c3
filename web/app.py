"""Build the web application."""

from pathlib import Path
from threading import Event

from fastapi import FastAPI, Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from base.settings import Settings
from casework.application import Application
from web import api, errors
from web.api.problems import too_much
from web.assets import Assets
from web.routes import ROUTERS
from web.security import MAX_BODY_BYTES, Farewell, Shield

STATIC = Path(__file__).parent / "static"


def create_app(
    application: Application, settings: Settings, leaving: Event | None = None
) -> FastAPI:
    """The whole site on one database; ``application`` is what casework offers.

    ``leaving`` is set by whoever is about to stop the server.
    """
    leaving = leaving or Event()
    app = _Site(settings, leaving)
    app.state.application = application
    app.state.database = application.database
    app.state.settings = settings
    #: Set when the server is about to stop.
    app.state.leaving = leaving
    app.state.assets = Assets(STATIC / "built")
    for router, demo_only in ROUTERS:
        if settings.demo or not demo_only:
            # As they are, not included: that would take them apart a second time for every site.
            app.router.routes.extend(router.routes)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.mount(api.PATH, api.create_api(app.state, per_minute=settings.api_per_minute), name="api")
    errors.add_error_pages(app)
    return app


class _Site(FastAPI):
    """Its shield stands before everything, the pages for faults of our own included."""

    def __init__(self, settings: Settings, leaving: Event) -> None:
        super().__init__(title="Samplan", openapi_url=None, docs_url=None, redoc_url=None)
        self._https = settings.public_url.startswith("https:")
        self._most = settings.attachment_megabytes * 1_000_000 + MAX_BODY_BYTES
        self._leaving = leaving

    def build_middleware_stack(self) -> ASGIApp:
        # What is added as middleware lies behind Starlette's own answer to a fault.
        shielded = Shield(
            super().build_middleware_stack(),
            https=self._https,
            too_large=_too_large,
            upload_bytes=self._most,
        )
        return Farewell(shielded, leaving=self._leaving)


def _too_large(request: Request) -> Response:
    """A page for people, a problem for programs."""
    if request.url.path.startswith(f"{api.PATH}/"):
        return too_much()
    return errors.too_large(request)
