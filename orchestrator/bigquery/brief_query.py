"""Queries about a run that must not hold it up: Google's client would try for up to 40 minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from google.cloud.bigquery.table import RowIterator

    from orchestrator.bigquery.connect import Connection

CALL_SECONDS: Final = 20.0
WAIT_SECONDS: Final = 120.0


def brief_query(
    connection: Connection,
    sql: str,
    *parameters: Any,  # noqa: ANN401 - scalar and array parameters
    call_seconds: float = CALL_SECONDS,
    wait_seconds: float = WAIT_SECONDS,
) -> RowIterator:
    """Run a query without the cache, with an end to every wait. Raises what the client raises."""
    from google.cloud.bigquery import DEFAULT_RETRY, QueryJobConfig
    from google.cloud.bigquery.retry import DEFAULT_JOB_RETRY

    return connection.client.query_and_wait(
        sql,
        job_config=QueryJobConfig(query_parameters=list(parameters), use_query_cache=False),
        api_timeout=call_seconds,
        wait_timeout=wait_seconds,
        retry=DEFAULT_RETRY.with_timeout(call_seconds),
        job_retry=DEFAULT_JOB_RETRY.with_timeout(call_seconds),
    )
