"""The mark inside the warehouse that says which project it belongs to.

dbt reads it before a run (macro `assert_own_warehouse`), because an address alone does not tell
whose warehouse answers there.
"""

from __future__ import annotations

import json
import urllib.request

# Fixed, whatever project id is configured: the macro must find the mark without knowing it.
MARK_PROJECT = "concord-local"
MARK_DATASET = "concord_local"
MARK_TABLE = "warehouse"


def record_owner(url: str, token: str, project_dir: str | None) -> None:
    """Write the project's folder into the warehouse, or take the mark away when there is none."""
    table = f"`{MARK_PROJECT}`.{MARK_DATASET}.{MARK_TABLE}"
    _query(url, token, f"create schema if not exists `{MARK_PROJECT}`.{MARK_DATASET}")
    if project_dir is None:
        _query(url, token, f"drop table if exists {table}")
        return
    quoted = project_dir.replace("\\", "\\\\").replace("'", "\\'")
    _query(url, token, f"create or replace table {table} as select '{quoted}' as project_dir")


def _query(url: str, token: str, sql: str) -> None:
    body = json.dumps({"query": sql, "useLegacySql": False}).encode()
    request = urllib.request.Request(  # noqa: S310 - the launcher's own loopback address
        f"{url}/bigquery/v2/projects/{MARK_PROJECT}/queries",
        data=body,
        headers={"Content-Type": "application/json", "Authorization": f"Bearer {token}"},
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=60):
        return
