"""Build the web application."""

from pathlib import Path
from threading import Event

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from base.settings import Settings
from casework.application import Application
from web.assets import Assets
from web.errors import add_error_pages, too_large
from web.routes import ROUTERS
from web.security import MAX_BODY_BYTES, Farewell, Shield

STATIC = Path(__file__).parent / "static"


def create_app(
    application: Application, settings: Settings, leaving: Event | None = None
) -> FastAPI:
    """The whole site on one database; ``application`` is what casework offers.

    ``leaving`` is set by whoever is about to stop the server.
    """
    app = FastAPI(
        title="Samplan",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
    )
    app.state.application = application
    app.state.database = application.database
    app.state.settings = settings
    #: Set when the server is about to stop.
    app.state.leaving = leaving or Event()
    app.state.assets = Assets(STATIC / "built")
    for router, demo_only in ROUTERS:
        if settings.demo or not demo_only:
            app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    add_error_pages(app)
    https = settings.public_url.startswith("https:")
    upload_bytes = settings.attachment_megabytes * 1_000_000
    app.add_middleware(
        Shield, https=https, too_large=too_large, upload_bytes=upload_bytes + MAX_BODY_BYTES
    )
    app.add_middleware(Farewell, leaving=app.state.leaving)
    return app
