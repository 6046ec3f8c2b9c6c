"""Cloud Storage in memory, over HTTP: the real client talks to it.

It keeps what a lock depends on: a write, a patch or a delete whose precondition does not hold is
refused with 412, and checking and writing are one step. Faults can be ordered for the next calls.
"""

from __future__ import annotations

import json
import threading
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

from google.auth.credentials import AnonymousCredentials
from google.cloud.storage import Client

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass
class Stored:
    """One live object."""

    data: bytes
    generation: int
    metageneration: int = 1
    properties: dict[str, Any] = field(default_factory=dict)


class Refused(Exception):
    """An answer that is no success."""

    def __init__(self, status: int, text: str = "refused by the fake") -> None:
        super().__init__(status)
        self.status, self.text = status, text


class FakeStorage:
    """The buckets. `faults` holds ("before"|"after", status) for the next writes; 0 cuts the line.

    A fault "after" is an answer that got lost: the write has happened.
    """

    def __init__(self, *buckets: str) -> None:
        self.objects: dict[tuple[str, str], Stored] = {}
        self.buckets = set(buckets)
        self.faults: deque[tuple[str, int]] = deque()
        self.is_down = False
        # Called with the header Authorization, the call and the bucket; raises to refuse.
        self.guard: Callable[[str, str, str], None] | None = None
        self._generations = count(1_700_000_000_000_000)
        self._lock = threading.Lock()

    def call(
        self, method: str, path: str, query: dict[str, str], body: bytes, authorization: str = ""
    ) -> Stored | dict[str, Any]:
        """Answer one request; the lock makes checking and writing one step."""
        with self._lock:
            if self.is_down:
                raise Refused(503)
            self._guard(authorization, method, path, body)
            fault = self.faults.popleft() if self.faults and method != "GET" else None
            if fault and fault[0] == "before":
                raise Refused(fault[1])
            answer = self._do(method, path, query, body)
            if fault:
                raise Refused(fault[1])
            return answer

    def _do(
        self, method: str, path: str, query: dict[str, str], body: bytes
    ) -> Stored | dict[str, Any]:
        parts = path.partition("/b/")[2].split("/", 2)
        bucket, name = parts[0], unquote(parts[2]) if len(parts) > 2 else ""
        if bucket not in self.buckets:
            raise Refused(404)
        if path.startswith("/upload/"):
            assert query["uploadType"] == "multipart", query
            properties, data = _multipart(body)
            self._check(self.objects.get((bucket, properties["name"])), query)
            stored = Stored(data, next(self._generations), properties=properties)
            self.objects[bucket, properties["name"]] = stored
            return _resource(bucket, stored)
        if not name:
            return self._list(bucket, query.get("prefix", ""), query.get("delimiter", ""))
        found = self.objects.get((bucket, name))
        if found is None:
            raise Refused(404)
        self._check(found, query)
        if method == "DELETE":
            del self.objects[bucket, name]
        elif method == "PATCH":
            found.properties.update(json.loads(body))
            found.metageneration += 1
        elif query.get("alt") == "media":
            return found
        return _resource(bucket, found)

    def _guard(self, authorization: str, method: str, path: str, body: bytes) -> None:
        """Let `guard` refuse a call, before anybody looks whether the object exists."""
        if self.guard is None:
            return
        parts = path.partition("/b/")[2].split("/", 2)
        if path.startswith("/upload/"):
            is_there = (parts[0], _multipart(body)[0]["name"]) in self.objects
            call = "objects.replace" if is_there else "objects.insert"
        elif len(parts) < 3:
            call = "objects.list"
        else:
            call = f"objects.{method.lower()}"
        self.guard(authorization, call, parts[0])

    def _list(self, bucket: str, prefix: str, delimiter: str) -> dict[str, Any]:
        below = {
            name: stored
            for (of, name), stored in sorted(self.objects.items())
            if of == bucket
            and name.startswith(prefix)
            and not (delimiter and delimiter in name.removeprefix(prefix))
        }
        return {
            "kind": "storage#objects",
            "items": [_resource(bucket, stored) for stored in below.values()],
        }

    @staticmethod
    def _check(found: Stored | None, query: dict[str, str]) -> None:
        facts = {
            "ifGenerationMatch": found.generation if found else 0,
            "ifMetagenerationMatch": found.metageneration if found else 0,
        }
        if any(name in query and int(query[name]) != value for name, value in facts.items()):
            raise Refused(412)


def _resource(bucket: str, stored: Stored) -> dict[str, Any]:
    versions = {
        "generation": str(stored.generation),
        "metageneration": str(stored.metageneration),
        "size": str(len(stored.data)),
    }
    return {"kind": "storage#object", "bucket": bucket} | stored.properties | versions


def _multipart(body: bytes) -> tuple[dict[str, Any], bytes]:
    boundary = body.split(b"\r\n", 1)[0]
    _, first, second, _ = body.split(boundary)
    properties = json.loads(first.split(b"\r\n\r\n", 1)[1])
    return properties, second.split(b"\r\n\r\n", 1)[1].removesuffix(b"\r\n")


def _handler(storage: FakeStorage) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            url = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(url.query).items()}
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            try:
                signed = self.headers.get("Authorization", "")
                answer = storage.call(self.command, url.path, query, body, signed)
            except Refused as refused:
                if refused.status == 0:
                    self.close_connection = True
                    return
                text = {"error": {"code": refused.status, "message": refused.text}}
                self._send(refused.status, json.dumps(text).encode(), {})
                return
            if isinstance(answer, Stored):
                generation = {"X-Goog-Generation": str(answer.generation)}
                self._send(200, answer.data, generation)
            else:
                self._send(200, json.dumps(answer).encode(), {})

        do_GET = do_POST = do_PATCH = do_DELETE = _answer  # noqa: N815 - named by http.server

        def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64


@contextmanager
def serving(storage: FakeStorage) -> Iterator[str]:
    """Serve the fake on this machine; yields its address."""
    server = _Server(("127.0.0.1", 0), _handler(storage))
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def client_of(address: str) -> Client:
    """Return Google's client for a fake."""
    return Client(
        project="p",
        credentials=AnonymousCredentials(),
        client_options={"api_endpoint": address},
    )
