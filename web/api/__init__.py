"""What other programs may ask for, under ``/api/v1``: the same actions as the pages, as JSON."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from web.api import cases, releases, statistics, tasks
from web.api.problems import ANSWERS, Problem, add_problems

PATH = "/api/v1"
ROUTERS: tuple[APIRouter, ...] = (
    tasks.router,
    cases.router,
    releases.router,
    statistics.router,
)
_ABOUT = """Every request carries `Authorization: Bearer TOKEN`. A token acts as the person who
made it, within the scopes it was made for. Refusals are RFC 9457 problems with the codes of the
pages."""


def create_api(state: Any, *, per_minute: int) -> FastAPI:
    """An application of its own: no cookie and no page reaches in here.

    ``state`` is that of the site; ``per_minute``: how often one token may ask.
    """
    api = FastAPI(
        title="Samplan",
        version="1",
        description=" ".join(_ABOUT.split()),
        openapi_url="/openapi.json",
        docs_url=None,
        redoc_url=None,
        responses=ANSWERS,
    )
    api.state = state
    state.api_per_minute = per_minute
    for router in ROUTERS:
        api.include_router(router)
    add_problems(api)
    api.openapi = lambda: described(api)  # type: ignore[method-assign]
    return api


def described(api: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, with the form of refusals in it."""
    if api.openapi_schema is None:
        document = get_openapi(
            title=api.title,
            version=api.version,
            description=api.description,
            routes=api.routes,
            servers=[{"url": PATH}],
        )
        document["components"]["schemas"] |= _problem_schemas()
        api.openapi_schema = document
    return api.openapi_schema


def _problem_schemas() -> Mapping[str, Any]:
    _, found = models_json_schema(
        [(Problem, "serialization")], ref_template="#/components/schemas/{model}"
    )
    schemas: Mapping[str, Any] = found["$defs"]
    return schemas
