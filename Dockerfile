# Samplan with its environment; one image for web servers, workers and commands.
FROM python:3.11-slim AS build
WORKDIR /app
COPY tools/setup.py tools/setup.py
COPY requirements.lock pyproject.toml ./
RUN python tools/setup.py
COPY . .
RUN .venv/bin/python web/editor/build.py && rm -rf web/editor/node_modules

FROM python:3.11-slim
RUN useradd --create-home --uid 10001 samplan
WORKDIR /app
COPY --from=build /app /app
USER samplan
ENTRYPOINT [".venv/bin/python", "-m", "cli"]
CMD ["web"]
