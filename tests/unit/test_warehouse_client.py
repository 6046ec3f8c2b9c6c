"""The client: its time limits, and that every request of it has one."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import google.auth
import pytest
import requests
from google.auth.credentials import AnonymousCredentials
from google.auth.exceptions import DefaultCredentialsError

from orchestrator.bigquery import connect as warehouse_client
from orchestrator.bigquery.connect import Connection, connect
from orchestrator.bigquery.time_limit import TimeLimit
from orchestrator.errors import LoginRefused
from orchestrator.settings.groups import ApiSettings
from orchestrator.settings.values import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROWS = [{"f": [{"v": str(number)}]} for number in range(5)]


class FakeBigQuery:
    """Answers the requests of one query, a page at a time, and notes them."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, str, dict[str, Any]]] = []
        self.fails = 0
        self.seconds = 0.0

    def answer(self, method: str, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        self.requests.append((method, path, body))
        time.sleep(self.seconds)
        if self.fails:
            self.fails -= 1
            return 503, {"error": {"code": 503, "errors": [{"reason": "backendError"}]}}
        if method == "POST":
            return 200, {
                "jobReference": body["jobReference"],
                "configuration": body["configuration"],
                "status": {"state": "DONE"},
            }
        query = dict(part.split("=") for part in path.partition("?")[2].split("&") if "=" in part)
        size = int(query.get("maxResults", 5))
        start = int(query.get("pageToken", 0))
        following = {"pageToken": str(start + size)} if start + size < len(ROWS) else {}
        return 200, following | {
            "jobComplete": True,
            "jobReference": {"projectId": "concord-local", "jobId": "j", "location": "US"},
            "schema": {"fields": [{"name": "n", "type": "INTEGER"}]},
            "totalRows": "5",
            "rows": ROWS[start : start + size],
        }


@pytest.fixture
def fake() -> FakeBigQuery:
    return FakeBigQuery()


@pytest.fixture
def address(fake: FakeBigQuery) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # named by http.server
            if self.path == "/readyz":
                return self._send(200, {})
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length) or b"{}")
            return self._send(*fake.answer(self.command, self.path, body))

        do_POST = do_GET  # noqa: N815

        def _send(self, status: int, answer: dict[str, Any]) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def opened(tmp_path: Path, address: str, **api: object) -> Connection:
    return connect(
        Settings(project_dir=tmp_path, warehouse_url=address, api=ApiSettings.model_validate(api))
    )


def test_a_query_carries_the_settings(tmp_path: Path, address: str, fake: FakeBigQuery) -> None:
    connection = opened(tmp_path, address, page_size=2, use_query_cache=False)
    assert [row["n"] for row in connection.query("select n from t")] == [0, 1, 2, 3, 4]
    method, _, body = fake.requests[0]
    assert method == "POST"
    assert body["configuration"]["query"]["useQueryCache"] is False
    pages = [path for method, path, _ in fake.requests if "maxResults=2" in path]
    assert len(pages) == 3


def test_the_query_cache_is_on_unless_it_is_switched_off(
    tmp_path: Path, address: str, fake: FakeBigQuery
) -> None:
    list(opened(tmp_path, address).query("select n from t"))
    assert fake.requests[0][2]["configuration"]["query"]["useQueryCache"] is True


def test_a_request_without_a_limit_gets_one(address: str, fake: FakeBigQuery) -> None:
    fake.seconds = 1
    session = requests.Session()
    session.mount("http://", TimeLimit(0.1))
    with pytest.raises(requests.exceptions.ReadTimeout):
        session.get(f"{address}/page")
    assert session.get(f"{address}/page", timeout=120).status_code == 200


def test_the_cloud_client_is_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(google.auth, "default", lambda scopes: (AnonymousCredentials(), "p"))
    settings = Settings(
        project_dir=tmp_path,
        target="prod",
        api=ApiSettings(timeout_seconds=7, use_query_cache=False),
    )
    client = connect(settings).client
    adapter = client._http.get_adapter("https://bigquery.googleapis.com")
    assert isinstance(adapter, TimeLimit)
    assert adapter.seconds == 7
    config = client.default_query_job_config
    assert config is not None
    assert config.use_query_cache is False


def test_without_credentials_the_user_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(scopes: object) -> None:
        raise DefaultCredentialsError("none")

    monkeypatch.setattr(google.auth, "default", refuse)
    with pytest.raises(LoginRefused, match="no Google credentials"):
        warehouse_client.connect(Settings(project_dir=tmp_path, target="prod"))
