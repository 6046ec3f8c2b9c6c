"""Serves the stand-in over HTTP, and cuts connections for real."""

from __future__ import annotations

import json
import re
import socket
import struct
import threading
from contextlib import suppress
from email import policy
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, urlsplit

from tests.faults.stand_in.accounts import TOKEN_PATH, account_of, token_for
from tests.faults.stand_in.api import CALLER, Api, ApiError, Reset
from tests.faults.stand_in.faults import Fault, FaultScript

if TYPE_CHECKING:
    from collections.abc import Iterable

PROJECT: Final = r"^(?:/bigquery/v2)?/projects/[^/]+"
DATASET: Final = PROJECT + r"/datasets/([^/]+)"
UPLOAD: Final = re.compile(r"^(?:/resumable)?/upload/bigquery/v2/projects/[^/]+/jobs")
# More of a request or an answer than this belongs to no test.
LARGEST: Final = 50_000_000


class StandIn:
    """A running stand-in; `url` is its address."""

    def __init__(self, faults: Iterable[Fault] = (), *, port: int = 0) -> None:
        self.api = Api()
        self.script(faults)
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.api = self.api
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    def script(self, faults: Iterable[Fault], seed: int = 0) -> FaultScript:
        """Replace the faults; counting begins anew."""
        self.api.script = FaultScript(tuple(faults), seed)
        return self.api.script

    def __enter__(self) -> StandIn:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.api.is_closed.set()
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # Twenty clients may come at the same moment.
    request_queue_size = 128
    api: Api


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # An answer in one packet: several small ones would wait for each other.
    wbufsize = -1
    server: _Server
    # What a resumable upload announced, by its id.
    uploads: Final[dict[str, dict[str, Any]]] = {}

    def handle_one_request(self) -> None:
        with suppress(ConnectionError):
            super().handle_one_request()

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_PUT(self) -> None:
        self._answer()

    def do_PATCH(self) -> None:
        self._answer()

    def do_DELETE(self) -> None:
        self._answer()

    def log_message(self, *_: object) -> None:
        """Keep quiet: the calls are in `api.calls`."""

    def _answer(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(min(size, LARGEST))
        CALLER.set(account_of(self.headers.get("Authorization", "")))
        try:
            self._send(200, self._route(body))
        except ApiError as error:
            self._send(error.status, error.body)
        except Reset:
            self._cut()

    def _route(self, body: bytes) -> Any:  # noqa: ANN401 - JSON
        parts = urlsplit(self.path)
        options = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == TOKEN_PATH:
            return token_for(body)
        if UPLOAD.match(parts.path):
            return self._upload(options, body)
        for method, pattern, action in ROUTES:
            found = re.match(pattern + "$", parts.path)
            if found and method == self.command:
                data = json.loads(body) if body else {}
                return action(self.server.api, found.groups(), data, options)
        raise ApiError("notFound", f"The stand-in does not know {self.command} {parts.path}")

    def _upload(self, options: dict[str, str], body: bytes) -> Any:  # noqa: ANN401 - JSON
        if options.get("uploadType") == "multipart":
            head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
            message = BytesParser(policy=policy.HTTP).parsebytes(head + body)
            metadata, data = (bytes(part.get_payload(decode=True)) for part in message.iter_parts())
            return self.server.api.insert_job(json.loads(metadata), data)
        if "upload_id" not in options:
            upload_id = f"{id(self)}-{len(self.uploads)}"
            self.uploads[upload_id] = json.loads(body)
            host = self.headers["Host"]
            self._location = f"http://{host}{self.path}&upload_id={upload_id}"
            return {}
        return self.server.api.insert_job(self.uploads.pop(options["upload_id"]), body)

    def _send(self, status: int, answer: Any) -> None:  # noqa: ANN401 - JSON
        text = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=UTF-8")
        self.send_header("Content-Length", str(len(text)))
        if location := getattr(self, "_location", ""):
            self.send_header("Location", location)
            self._location = ""
        self.end_headers()
        self.wfile.write(text)

    def _cut(self) -> None:
        # No lingering: the other side sees a reset, not an orderly end.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()


def _poll(api: Api, names: tuple[str, ...], options: dict[str, str]) -> dict[str, Any]:
    limit = options.get("maxResults")
    timeout = int(options.get("timeoutMs", "10000")) / 1000
    return api.query_results(names[0], timeout, None if limit is None else int(limit))


ROUTES: Final[tuple[tuple[str, str, Any], ...]] = (
    ("GET", "/readyz", lambda *_: {}),
    ("POST", PROJECT + "/jobs", lambda api, _, body, __: api.insert_job(body)),
    ("GET", PROJECT + "/jobs", lambda api, *_: api.list_jobs()),
    ("GET", PROJECT + "/jobs/([^/]+)", lambda api, names, *_: api.get_job(*names)),
    ("POST", PROJECT + "/jobs/([^/]+)/cancel", lambda api, names, *_: api.cancel_job(*names)),
    ("GET", PROJECT + "/queries/([^/]+)", lambda api, names, _, opts: _poll(api, names, opts)),
    ("POST", PROJECT + "/queries", lambda api, _, body, __: api.run_query(body)),
    ("GET", PROJECT + "/datasets", lambda api, *_: api.list_datasets()),
    ("POST", PROJECT + "/datasets", lambda api, _, body, __: api.create_dataset(body)),
    ("GET", DATASET, lambda api, names, *_: api.get_dataset(*names)),
    ("DELETE", DATASET, lambda api, names, *_: api.delete_dataset(*names)),
    ("GET", DATASET + "/tables", lambda api, names, *_: api.list_tables(*names)),
    ("POST", DATASET + "/tables", lambda api, n, body, _: api.create_table(*n, body)),
    ("GET", DATASET + "/tables/([^/]+)", lambda api, names, *_: api.get_table(*names)),
    ("PATCH", DATASET + "/tables/([^/]+)", lambda api, n, body, _: api.patch_table(*n, body)),
    (
        "POST",
        DATASET + "/tables/[^/]+:testIamPermissions",
        lambda api, names, body, _: api.held_on_table(*names, body),
    ),
    ("DELETE", DATASET + "/tables/([^/]+)", lambda api, names, *_: api.delete_table(*names)),
)
