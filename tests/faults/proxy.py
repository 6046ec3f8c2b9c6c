"""A proxy before a real warehouse that lets jobs of one dbt node end with an error."""

from __future__ import annotations

import json
import re
import threading
from contextlib import suppress
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from tests.faults.stand_in.api import ApiError
from tests.faults.stand_in.faults import Fault, FaultScript
from tests.faults.stand_in.statements import node_of

if TYPE_CHECKING:
    from collections.abc import Iterable

JOB: Final = re.compile(r"/projects/[^/]+/(jobs|queries)/([^/?]+)$")
NOT_PASSED_ON: Final = frozenset({"connection", "keep-alive", "transfer-encoding", "host"})


class FaultProxy:
    """A running proxy; `url` is its address."""

    def __init__(self, warehouse_url: str, faults: Iterable[Fault]) -> None:
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.behind = urlsplit(warehouse_url).netloc
        self._server.script = FaultScript(tuple(faults))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    def __enter__(self) -> FaultProxy:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    behind: str
    script: FaultScript
    failed: Final[dict[str, dict[str, Any]]] = {}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # An answer in one packet: several small ones would wait for each other.
    wbufsize = -1
    server: _Server

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        with suppress(ConnectionError):
            if not self._fails(body):
                self._pass_on(body)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Keep quiet."""

    def _fails(self, body: bytes) -> bool:
        """Answer for a job that was chosen to fail; the warehouse never hears of it."""
        path = urlsplit(self.path).path
        if (
            self.command == "POST"
            and path.endswith("/jobs")
            and not path.startswith("/upload")
            and b'"node' in body.replace(b"\\", b"")
        ):
            return self._chosen(json.loads(body))
        found = JOB.search(path)
        job = self.server.failed.get(found.group(2)) if found else None
        if found is None or job is None:
            return False
        if found.group(1) == "jobs":
            self._send(200, job)
        else:
            error = ApiError(**job["status"]["errorResult"])
            self._send(error.status, error.body)
        return True

    def _chosen(self, request: dict[str, Any]) -> bool:
        sql = request["configuration"].get("query", {}).get("query", "")
        fault = self.server.script.next_fault("job", node_of(sql))
        if fault is None:
            return False
        error = {"reason": fault.reason, "message": fault.text}
        status = {"state": "DONE", "errorResult": error, "errors": [error]}
        self.server.failed[request["jobReference"]["jobId"]] = request | {"status": status}
        self._send(200, request | {"status": status})
        return True

    def _send(self, status: int, answer: dict[str, Any]) -> None:
        self._write(status, [("Content-Type", "application/json")], json.dumps(answer).encode())

    def _write(self, status: int, headers: Iterable[tuple[str, str]], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _pass_on(self, body: bytes) -> None:
        headers = {n: v for n, v in self.headers.items() if n.lower() not in NOT_PASSED_ON}
        connection = HTTPConnection(self.server.behind)
        try:
            connection.request(self.command, self.path, body, headers)
            answer = connection.getresponse()
            text = answer.read()
        finally:
            connection.close()
        dropped = NOT_PASSED_ON | {"content-length", "server", "date"}
        kept = [(n, v) for n, v in answer.getheaders() if n.lower() not in dropped]
        self._write(answer.status, kept, text)
