"""A FastAPI site of one route, which does a raw commit: what any web framework costs at least."""

import pickle
import sys
import threading
from pathlib import Path
from typing import Annotated

import uvicorn
from fastapi import FastAPI, Form
from starlette.responses import RedirectResponse

from tests.bench.raw import Raw, Script


def create_app(url: str, scripts: list[Script]) -> FastAPI:
    app = FastAPI()
    own = threading.local()

    @app.get("/sign-in")
    def ready() -> str:
        return "ready"

    @app.post("/tasks/{number}")
    def commit(number: int, what: Annotated[str, Form(alias="_do")]) -> RedirectResponse:
        if not hasattr(own, "raw"):
            own.raw = Raw(url)
        own.raw.run(scripts[number])
        return RedirectResponse(f"/tasks/{number + 1}?said={what}", 303)

    return app


if __name__ == "__main__":
    url, file, port = sys.argv[1:]
    scripts = pickle.loads(Path(file).read_bytes())  # noqa: S301 - written by the measuring run
    uvicorn.run(
        create_app(url, scripts),
        port=int(port),
        log_config=None,
        access_log=False,
        server_header=False,
    )
