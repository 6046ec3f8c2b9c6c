"""What a web page, another user or a stray statement may try on a local warehouse.

`python -m tests.integration.warehouse_attacks URL GRPC_ENDPOINT [TOKEN]` tries all of them and
prints which succeed.
"""

from __future__ import annotations

import http.client
import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import click
import grpc
from google.cloud.bigquery_storage_v1.types import CreateReadSessionRequest, ReadSession

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PROJECT: Final = "concord-local"
API: Final = f"/bigquery/v2/projects/{PROJECT}"
PRIVATE_WORD: Final = "only-for-the-owner"
# What a page can send without asking the server first (no preflight).
SIMPLE: Final = {"Content-Type": "text/plain"}
EVIL: Final = {"Host": "evil.example", "Origin": "http://evil.example", **SIMPLE}
READ_SESSION: Final = "/google.cloud.bigquery.storage.v1.BigQueryRead/CreateReadSession"


@dataclass(frozen=True)
class Target:
    """A warehouse, what the attacker knows, and a folder outside of the warehouse's own."""

    url: str
    grpc_endpoint: str
    token: str | None
    outside: Path

    @property
    def netloc(self) -> str:
        """Return host and port."""
        return urlsplit(self.url).netloc

    def send(
        self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, str]:
        """Send one request with exactly these headers; return the status and the text."""
        data = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
        connection = http.client.HTTPConnection(self.netloc, timeout=60)
        sent = {"Host": self.netloc, **(headers or {})}
        connection.request(method, path, data, sent)
        answer = connection.getresponse()
        text = answer.read().decode(errors="replace")
        connection.close()
        return answer.status, text

    def query(self, sql: str, headers: Mapping[str, str]) -> tuple[int, str]:
        """Ask for the rows of a statement."""
        return self.send("POST", f"{API}/queries", {"query": sql, "useLegacySql": False}, headers)

    def job(self, configuration: dict[str, Any], headers: Mapping[str, str]) -> str:
        """Start a job and return what is said of it."""
        return self.send("POST", f"{API}/jobs", {"configuration": configuration}, headers)[1]

    def owner(self) -> dict[str, str]:
        """Return the headers of a client that knows the token."""
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    def secret_file(self) -> Path:
        """Return a file that the warehouse has no business with."""
        file = self.outside / "secret.csv"
        file.write_text(f"word\n{PRIVATE_WORD}\n", encoding="utf-8")
        return file


Attack = tuple[str, "Callable[[Target], bool]"]


def _asks(headers: Callable[[Target], Mapping[str, str]]) -> Callable[[Target], bool]:
    def attack(target: Target) -> bool:
        status, text = target.query("select 'reach' || 'ed' as x", headers(target))
        return status == 200 and "reached" in text

    return attack


def _reads(sql: str, *, is_owner: bool = True) -> Callable[[Target], bool]:
    """Run a statement that quotes the file in its answer."""

    def attack(target: Target) -> bool:
        headers = target.owner() if is_owner else EVIL
        return PRIVATE_WORD in target.query(sql.format(file=target.secret_file()), headers)[1]

    return attack


def _writes(sql: str) -> Callable[[Target], bool]:
    """Run a statement that makes a file."""

    def attack(target: Target) -> bool:
        written = target.outside / "written"
        target.secret_file()
        target.query("create schema if not exists attack", target.owner())
        target.query("create or replace table attack.t as select 'owned' as word", target.owner())
        target.query(sql.format(file=written), target.owner())
        return written.exists()

    return attack


def _loads(uri: str, *, is_owner: bool) -> Callable[[Target], bool]:
    """Load a file of the owner into a table, by a job."""

    def attack(target: Target) -> bool:
        headers = target.owner() if is_owner else EVIL
        target.query("create schema if not exists attack", headers)
        load = {
            "sourceUris": [uri.format(file=target.secret_file())],
            "destinationTable": _table("loaded"),
            "schema": {"fields": [{"name": "word", "type": "STRING"}]},
            "sourceFormat": "CSV",
            "writeDisposition": "WRITE_TRUNCATE",
        }
        target.job({"load": load}, headers)
        return PRIVATE_WORD in target.query("select * from attack.loaded", headers)[1]

    return attack


def _extracts(uri: str, *, is_owner: bool) -> Callable[[Target], bool]:
    """Write chosen text to a file of the attacker's choice, by a job."""

    def attack(target: Target) -> bool:
        headers = target.owner() if is_owner else EVIL
        written = target.outside / "extracted"
        target.query("create schema if not exists attack", headers)
        target.query("create or replace table attack.t as select 'owned' as word", headers)
        extract = {"sourceTable": _table("t"), "destinationUris": [uri.format(file=written)]}
        target.job({"extract": extract}, headers)
        return written.exists()

    return attack


def _table(name: str) -> dict[str, str]:
    return {"projectId": PROJECT, "datasetId": "attack", "tableId": name}


def _gets(path: str, sign: str) -> Callable[[Target], bool]:
    def attack(target: Target) -> bool:
        status, text = target.send("GET", path, headers=EVIL)
        return status == 200 and sign in text

    return attack


def _uploads(target: Target) -> bool:
    """Send rows in a form that a page can send."""
    load = {"destinationTable": _table("uploaded"), "sourceFormat": "CSV", "autodetect": True}
    parts = (
        f"--b\r\nContent-Type: application/json\r\n\r\n"
        f"{json.dumps({'configuration': {'load': load}})}\r\n"
        f"--b\r\nContent-Type: text/csv\r\n\r\nword\nowned\n\r\n--b--\r\n"
    )
    headers = {"Host": "evil.example", "Content-Type": "multipart/related; boundary=b"}
    target.query("create schema if not exists attack", EVIL)
    path = f"/upload{API}/jobs?uploadType=multipart"
    return target.send("POST", path, parts.encode(), headers)[0] == 200


def _grpc(metadata: Callable[[Target], list[tuple[str, str]]]) -> Callable[[Target], bool]:
    """Open a read session of a table."""

    def attack(target: Target) -> bool:
        target.query("create schema if not exists attack", target.owner())
        target.query("create or replace table attack.t as select 'owned' as word", target.owner())
        name = f"projects/{PROJECT}/datasets/attack/tables/t"
        request = CreateReadSessionRequest(
            parent=f"projects/{PROJECT}",
            read_session=ReadSession(table=name, data_format="ARROW"),
            max_stream_count=1,
        )
        with grpc.insecure_channel(target.grpc_endpoint) as channel:
            call = channel.unary_unary(
                READ_SESSION,
                request_serializer=CreateReadSessionRequest.serialize,
                response_deserializer=ReadSession.deserialize,
            )
            try:
                call(request, metadata=metadata(target), timeout=60)
            except grpc.RpcError as error:
                if error.code() is grpc.StatusCode.PERMISSION_DENIED:
                    return False
                raise
            return True

    return attack


ATTACKS: Final[tuple[Attack, ...]] = (
    # A page in a browser, a page after DNS rebinding, another user of the machine.
    ("page: SQL as text/plain", _asks(lambda _: EVIL)),
    ("page: SQL under another host name", _asks(lambda _: {"Host": "evil.example", **SIMPLE})),
    ("page: SQL from another origin", _asks(lambda _: {"Origin": "http://evil.example"})),
    ("page: SQL from a sandboxed frame", _asks(lambda _: {"Origin": "null", **SIMPLE})),
    ("page: list of datasets", _gets(f"{API}/datasets", "bigquery#datasetList")),
    ("page: metrics of the server", _gets("/metrics", "# HELP")),
    ("page: description of the interface", _gets("/healthz", "version")),
    ("page: rows by upload", _uploads),
    ("page: read_text", _reads("select * from read_text('{file}')", is_owner=False)),
    ("page: load job of file://", _loads("file://{file}", is_owner=False)),
    ("page: extract job to file://", _extracts("file://{file}", is_owner=False)),
    ("user: SQL without a token", _asks(lambda _: {})),
    ("user: SQL with a wrong token", _asks(lambda _: {"Authorization": "Bearer guess"})),
    ("user: SQL with an empty token", _asks(lambda _: {"Authorization": "Bearer "})),
    ("user: read session without a token", _grpc(lambda _: [])),
    ("user: read session, wrong token", _grpc(lambda _: [("authorization", "Bearer guess")])),
    # The token has leaked to a page: it still has the wrong name or origin.
    ("token: another host name", _asks(lambda t: {**t.owner(), "Host": "evil.example"})),
    ("token: another port", _asks(lambda t: {**t.owner(), "Host": "127.0.0.1:1"})),
    ("token: another origin", _asks(lambda t: {**t.owner(), "Origin": "http://evil.example"})),
    # A statement of the owner, typed or generated, that leaves the warehouse's folders.
    ("owner: read_text", _reads("select * from read_text('{file}')")),
    ("owner: read_csv", _reads("select * from read_csv('{file}')")),
    ("owner: read_blob", _reads("select cast(content as string) from read_blob('{file}')")),
    ("owner: COPY FROM", _reads("copy attack.t from '{file}'; select * from attack.t")),
    ("owner: load job of file://", _loads("file://{file}", is_owner=True)),
    ("owner: load job of a plain path", _loads("{file}", is_owner=True)),
    ("owner: load job of a path with ..", _loads("file:///tmp/../{file}", is_owner=True)),
    ("owner: COPY TO", _writes("copy attack.t to '{file}'")),
    ("owner: COPY query TO", _writes("copy (select 1 as x) to '{file}'")),
    ("owner: ATTACH", _writes("attach '{file}' as other")),
    ("owner: EXPORT DATABASE", _writes("export database '{file}'")),
    ("owner: EXPORT DATA", _writes("export data options (uri='{file}', format='CSV') as select 1")),
    ("owner: extract job to file://", _extracts("file://{file}", is_owner=True)),
    ("owner: extract job to a plain path", _extracts("{file}", is_owner=True)),
    ("owner: SET profiling_output", _writes("set profiling_output = '{file}'")),
)


def main(arguments: list[str]) -> int:
    """Try everything on a running warehouse; return how much succeeded."""
    succeeded = 0
    for name, attack in ATTACKS:
        with tempfile.TemporaryDirectory() as folder:
            url, endpoint, *token = arguments
            is_open = attack(Target(url, endpoint, token[0] if token else None, Path(folder)))
        succeeded += is_open
        click.echo(f"{'SUCCEEDS' if is_open else 'refused':<10}{name}")
    click.echo(f"{succeeded} of {len(ATTACKS)} succeed")
    return succeeded


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1:]) else 0)
