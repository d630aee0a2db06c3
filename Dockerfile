# Samplan with its environment; one image for web servers, workers and commands.
FROM python:3.11-slim AS build
WORKDIR /app
COPY tools/setup.py tools/setup.py
COPY requirements.lock pyproject.toml ./
RUN python tools/setup.py
COPY . .
RUN .venv/bin/python web/editor/build.py
# Without what tests and builds it, and compiled: nothing can be written beside it later.
RUN python -m venv --without-pip /opt/samplan \
    && .venv-uv/bin/uv pip install --quiet --compile-bytecode --python /opt/samplan/bin/python \
        --constraint requirements.lock .

FROM python:3.11-slim
RUN useradd --create-home --home-dir /var/lib/samplan --uid 10001 samplan
COPY --from=build /opt/samplan /opt/samplan
ENV PATH=/opt/samplan/bin:$PATH
WORKDIR /var/lib/samplan
USER samplan
ENTRYPOINT ["samplan"]
CMD ["web"]
