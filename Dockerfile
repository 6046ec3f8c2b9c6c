# Images of this checkout: `job` runs at night, `api` answers (`docker build --target api .`), `local` has the local warehouse
# as well, for a look at it all on one machine (compose.local.yaml). All hold `concord` with the dbt project inside, and nothing
# that builds them. Without a target it is the job.
FROM python:3.11-slim-bookworm AS tools

WORKDIR /build
COPY requirements/bootstrap.txt requirements/
RUN python3 -m venv /opt/tools \
    && /opt/tools/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes \
        -r requirements/bootstrap.txt \
    && python3 -m venv --without-pip /opt/concord

FROM tools AS package

COPY requirements/runtime.in requirements/local.in requirements/serve.in requirements/
COPY pyproject.toml setup.py README.md LICENSE NOTICE dbt_project.yml profiles.yml pii.yml ./
COPY orchestrator orchestrator
COPY dbt_concord dbt_concord
COPY macros macros
COPY seeds seeds
COPY snapshots snapshots
COPY analyses analyses
COPY models models
COPY tests/dbt tests/dbt
RUN /opt/tools/bin/pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir dist .

FROM tools AS job_packages

COPY requirements/runtime.txt requirements/
RUN /opt/tools/bin/uv pip install --no-cache --compile-bytecode --require-hashes \
        --python /opt/concord/bin/python3 -r requirements/runtime.txt
COPY --from=package /build/dist dist
RUN /opt/tools/bin/uv pip install --no-cache --compile-bytecode --no-deps \
        --python /opt/concord/bin/python3 dist/*.whl

FROM tools AS api_packages

COPY requirements/serve.txt requirements/
RUN /opt/tools/bin/uv pip install --no-cache --compile-bytecode --require-hashes \
        --python /opt/concord/bin/python3 -r requirements/serve.txt
COPY --from=package /build/dist dist
RUN /opt/tools/bin/uv pip install --no-cache --compile-bytecode --no-deps \
        --python /opt/concord/bin/python3 dist/*.whl

FROM tools AS local_packages

COPY requirements/local.txt requirements/
RUN /opt/tools/bin/uv pip install --no-cache --compile-bytecode --require-hashes \
        --python /opt/concord/bin/python3 -r requirements/local.txt
COPY --from=package /build/dist dist
RUN /opt/tools/bin/uv pip install --no-cache --compile-bytecode --no-deps \
        --python /opt/concord/bin/python3 dist/*.whl

FROM python:3.11-slim-bookworm AS base

ENV PATH=/opt/concord/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    CONCORD_STATE_FOLDER=/app/.concord \
    DBT_SEND_ANONYMOUS_USAGE_STATS=false

RUN useradd --system --uid 10001 --user-group --home-dir /app --no-create-home concord \
    && install -d -o concord -g concord /app/.concord /app/build /snapshots
WORKDIR /app
COPY LICENSE NOTICE ./
ENTRYPOINT ["concord"]

FROM base AS api

COPY --from=api_packages /opt/concord /opt/concord
# All that is written: the outbox of decisions, and the snapshots while they are served.
VOLUME ["/app/.concord", "/tmp"]
EXPOSE 8080
USER 10001
# The longest start fetches a large snapshot before it listens.
HEALTHCHECK --interval=30s --timeout=5s --start-period=240s --retries=3 \
    CMD ["python3", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + os.environ.get('CONCORD_SERVE_PORT', '8080') + '/livez', timeout=4)"]
CMD ["serve"]

FROM base AS local

COPY --from=local_packages /opt/concord /opt/concord
VOLUME ["/app/.concord", "/app/build", "/tmp"]
USER 10001
# The first start runs the demo before it listens.
HEALTHCHECK --interval=10s --timeout=5s --start-period=1200s --retries=3 \
    CMD ["python3", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + os.environ.get('CONCORD_SERVE_PORT', '8080') + '/livez', timeout=4)"]
CMD ["demo", "--serve"]

FROM base AS job

COPY --from=job_packages /opt/concord /opt/concord
USER 10001
# A run ends; there is nothing to ask for its health.
HEALTHCHECK NONE
CMD ["run"]
