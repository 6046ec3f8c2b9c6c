# The image of the nightly run: `concord` with this checkout's dbt project inside, and nothing that builds them.
FROM python:3.11-slim-bookworm AS builder

WORKDIR /build
RUN python3 -m venv /opt/tools \
    && python3 -m venv --without-pip /opt/concord
COPY requirements/bootstrap.txt requirements/runtime.txt requirements/runtime.in requirements/local.in requirements/serve.in requirements/
RUN /opt/tools/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes \
        -r requirements/bootstrap.txt \
    && /opt/tools/bin/uv pip install --no-cache --compile-bytecode --require-hashes \
        --python /opt/concord/bin/python3 -r requirements/runtime.txt
COPY pyproject.toml setup.py README.md LICENSE NOTICE dbt_project.yml profiles.yml pii.yml ./
COPY orchestrator orchestrator
COPY dbt_concord dbt_concord
COPY macros macros
COPY seeds seeds
COPY snapshots snapshots
COPY analyses analyses
COPY models models
COPY tests/dbt tests/dbt
RUN /opt/tools/bin/pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir dist . \
    && /opt/tools/bin/uv pip install --no-cache --compile-bytecode --no-deps \
        --python /opt/concord/bin/python3 dist/*.whl

FROM python:3.11-slim-bookworm

ENV PATH=/opt/concord/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    CONCORD_STATE_FOLDER=/app/.concord \
    DBT_SEND_ANONYMOUS_USAGE_STATS=false

RUN useradd --system --uid 10001 --user-group --home-dir /app --no-create-home concord \
    && install -d -o concord -g concord /app/.concord /app/build
WORKDIR /app
COPY --from=builder /opt/concord /opt/concord
COPY LICENSE NOTICE ./

USER 10001
# A run ends; there is nothing to ask for its health.
HEALTHCHECK NONE
ENTRYPOINT ["concord"]
CMD ["run"]
