"""The API over a small snapshot: answers, refusals, limits, and decisions on their way."""

from __future__ import annotations

import base64
import hmac
import json
import logging
import sqlite3
import time
from typing import TYPE_CHECKING, Any, Final, cast

import pytest
import requests
from fastapi.testclient import TestClient
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from orchestrator.api import callers, issuer_keys
from orchestrator.api.app import create_app
from orchestrator.api.callers import IssuedTokens
from orchestrator.api.outbox import Outbox
from orchestrator.api.problems import Refusal
from orchestrator.api.start import make_server, open_service
from orchestrator.decisions.decision import StewardDecision
from orchestrator.errors import ConfigurationError, WarehouseUnavailable
from orchestrator.serving.build import build_snapshot
from orchestrator.settings.serve import ServeSettings
from orchestrator.settings.values import Settings
from orchestrator.steps import StepClock
from tests.api_page import PAGE, api_page
from tests.serving_sample import (
    ACME,
    ANN,
    ANN_1,
    ANN_2,
    BOB,
    BOB_3,
    GONE,
    NOW,
    ROWS,
    WAS_ANN,
    PublishedSample,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from orchestrator.api.service import Service
    from orchestrator.bigquery.connect import Connection

ISSUER: Final = "https://issuer.example"
AUDIENCE: Final = "concord"
KEY: Final = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})


class Warehouse:
    """Takes decisions as the table does, each name once; or is away."""

    def __init__(self) -> None:
        self.is_away = False
        self.rows: dict[str, StewardDecision] = {}

    def connect(self) -> Connection:
        if self.is_away:
            raise WarehouseUnavailable("the warehouse is away", "wait")
        return cast("Connection", self)


@pytest.fixture
def warehouse(monkeypatch: pytest.MonkeyPatch) -> Warehouse:
    made = Warehouse()

    def append(connection: Warehouse, decisions: list[StewardDecision]) -> None:
        for one in decisions:
            connection.rows.setdefault(one.decision_id, one)

    monkeypatch.setattr("orchestrator.api.outbox.append", append)
    monkeypatch.setattr("orchestrator.api.outbox.ensure_own_tables", lambda connection: None)
    monkeypatch.setattr("orchestrator.api.outbox.SEND_SECONDS", 0.05)
    return made


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(state_folder=tmp_path / "state", default_phone_region="GB")


def write_snapshot(settings: Settings, run_id: str = "r1") -> None:
    """Write a snapshot of the sample."""
    build_snapshot(cast("Connection", PublishedSample(settings)), run_id, StepClock())


@pytest.fixture
def service(settings: Settings, warehouse: Warehouse) -> Service:
    opened = open_service(settings)
    opened.outbox._connect = warehouse.connect
    return opened


@pytest.fixture
def client(service: Service) -> Iterator[TestClient]:
    """Call the API with the key of this machine."""
    write_snapshot(service.settings)
    key = cast("callers.LocalKey", service.tokens).key
    with TestClient(create_app(service), raise_server_exceptions=False) as opened:
        opened.headers["Authorization"] = f"Bearer {key}"
        yield opened


def code_of(answer: Any) -> tuple[int, str]:  # noqa: ANN401 - of httpx
    """Return the status and the code of a problem."""
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == answer.status_code
    assert body["request_id"] == answer.headers["x-request-id"]
    return answer.status_code, body["code"]


def test_lookup_answers_under_the_callers_own_keys(client: TestClient) -> None:
    queries = [
        {"key": "a", "email": "Ann.Lee@lee.example", "name": "Ann Lee"},
        {"key": "b", "phone": "020 7946 0199", "entity": "company"},
        {"key": "c", "name": "nobody at all"},
        {},
    ]
    answer = client.post("/v1/lookup", json={"queries": queries})
    assert answer.status_code == 200
    body = answer.json()
    assert (body["run_id"], body["data_as_of"]) == ("r1", "2026-11-30T02:15:00Z")
    first, second, third, fourth = body["answers"]
    assert first["understood"] == {"email": "ann.lee@lee.example", "name": "Ann Lee"}
    assert [(one["entity_id"], one["confidence"]) for one in first["found"]] == [(ANN, "certain")]
    assert second["understood"] == {"phone": "+442079460199"}
    assert [one["entity_id"] for one in second["found"]] == [ACME]
    assert (third["key"], third["found"], fourth["found"]) == ("c", [], [])


def test_search(client: TestClient) -> None:
    hits = client.post("/v1/search", json={"text": "bob muller", "limit": 1}).json()["hits"]
    assert [hit["entity_id"] for hit in hits] == [BOB]


def test_an_entity_and_its_aspects(client: TestClient) -> None:
    ann = client.get(f"/v1/persons/{ANN}").json()
    assert ann["golden"]["emails"] == ["ann.lee@lee.example"]
    members = client.get(f"/v1/persons/{ANN}/members").json()["rows"]
    assert [row["record_id"] for row in members] == [ANN_2, ANN_1]
    assert [row["event"] for row in client.get(f"/v1/persons/{ANN}/history").json()["rows"]] == [
        "born"
    ]
    for aspect in ("provenance", "contacts", "addresses", "employments"):
        assert client.get(f"/v1/persons/{ANN}/{aspect}").status_code == 200, aspect
    for aspect in ("members", "hierarchy", "employments"):
        assert client.get(f"/v1/companies/{ACME}/{aspect}").status_code == 200, aspect
    assert code_of(client.get(f"/v1/companies/{ACME}/contacts")) == (404, "unknown_path")


def test_a_retired_id_leads_to_the_one_that_survived(client: TestClient) -> None:
    answer = client.get(f"/v1/persons/{WAS_ANN}/members", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (308, f"/v1/persons/{ANN}/members")
    assert code_of(client.get(f"/v1/persons/{GONE}")) == (410, "retired_without_successor")
    assert code_of(client.get(f"/v1/companies/{WAS_ANN}")) == (404, "unknown_id")
    assert code_of(client.get("/v1/persons/per_nobody")) == (404, "unknown_id")
    assert code_of(client.get("/v1/persons/' or 1=1 --")) == (404, "unknown_id")


def test_a_pair_is_explained_whichever_stands_first(client: TestClient) -> None:
    for pair in ((ANN_1, ANN_2), (ANN_2, ANN_1)):
        body = {"record_id_l": pair[0], "record_id_r": pair[1]}
        rows = client.post("/v1/explanations", json=body).json()["rows"]
        assert [row["comparison"] for row in rows] == ["prior", "email"]
    unknown = client.post("/v1/explanations", json={"record_id_l": "x", "record_id_r": "y"})
    assert code_of(unknown) == (404, "unknown_id")


def test_operation(client: TestClient) -> None:
    assert [row["run_id"] for row in client.get("/v1/runs").json()["rows"]] == ["r1"]
    assert client.get("/v1/runs/r1/nodes").json()["rows"][0]["node_name"] == "dim_persons"
    assert code_of(client.get("/v1/runs/r0/nodes")) == (404, "unknown_id")
    assert client.get("/v1/quality").json()["rows"][0]["expected_f1"] == 0.9
    assert client.get("/v1/model").json()["rows"][0]["match_weight"] == 13.0


class Interactions:
    """A warehouse that is asked for messages and calls; or fails as it is told."""

    def __init__(self, settings: Settings, error: Exception | None = None) -> None:
        self.settings = settings
        self.error = error
        self.asked: list[str] = []

    def table_id(self, dataset: str, table: str) -> str:
        """Return the full name of a table."""
        return f"{dataset}.{table}"

    def query(self, sql: str, *parameters: Any, patience: object) -> list[dict[str, Any]]:  # noqa: ANN401
        """Return one call."""
        self.asked.append(sql)
        assert [one.name for one in parameters] == ["entity_id", "most"]
        assert ANN not in sql
        if self.error is not None:
            raise self.error
        return [{"interaction_id": "i1", "channel": "call", "occurred_at": NOW}]


def test_interactions_are_asked_for_once(client: TestClient, service: Service) -> None:
    warehouse = Interactions(service.settings)
    service.connect = lambda: cast("Connection", warehouse)
    for _ in range(2):
        (row,) = client.get(f"/v1/persons/{ANN}/interactions").json()["rows"]
        assert (row["channel"], row["occurred_at"]) == ("call", "2026-11-30T02:15:00Z")
    assert len(warehouse.asked) == 1
    assert "participants.person_id = @entity_id" in warehouse.asked[0]
    unknown = client.get("/v1/companies/nobody/interactions")
    assert code_of(unknown) == (404, "unknown_id")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (TimeoutError("30 s"), (504, "too_slow")),
        (WarehouseUnavailable("it is away", "wait"), (502, "warehouse")),
        (ZeroDivisionError("a fault of ours"), (500, "broken")),
    ],
)
def test_a_warehouse_that_does_not_answer(
    client: TestClient, service: Service, error: Exception, told: tuple[int, str]
) -> None:
    service.connect = lambda: cast("Connection", Interactions(service.settings, error))
    assert code_of(client.get(f"/v1/persons/{BOB}/interactions")) == told
    # Everything else is answered.
    assert client.get(f"/v1/persons/{BOB}").status_code == 200


def test_health(client: TestClient, service: Service) -> None:
    assert client.get("/livez").json() == {"status": "ok"}
    assert client.get("/readyz").status_code == 200
    health = client.get("/healthz", headers={"Authorization": ""})
    # The sample is older than two days by now.
    parts = {one["name"]: one["is_well"] for one in health.json()["components"]}
    assert parts.pop("snapshot") is (health.status_code == 200)
    assert parts == {"newer snapshots": True, "decisions": True}
    assert "http_requests_total" in client.get("/metrics").text


def test_without_a_snapshot_nothing_is_said(service: Service) -> None:
    key = cast("callers.LocalKey", service.tokens).key
    with TestClient(create_app(service)) as client:
        headers = {"Authorization": f"Bearer {key}"}
        assert client.get("/readyz").status_code == 503
        assert client.get("/healthz").status_code == 503
        assert code_of(client.get("/v1/runs", headers=headers)) == (503, "no_snapshot")
        write_snapshot(service.settings)
        service.holder.refresh()
        assert client.get("/v1/runs", headers=headers).status_code == 200


def test_who_has_the_answer_already_gets_none(client: TestClient, service: Service) -> None:
    first = client.get("/v1/runs")
    tag = first.headers["etag"]
    again = client.get("/v1/runs", headers={"If-None-Match": f'"x", {tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    write_snapshot(service.settings, "r2")
    service.holder.refresh()
    newer = client.get("/v1/runs", headers={"If-None-Match": tag})
    assert (newer.status_code, newer.json()["run_id"]) == (200, "r2")


def test_pages_follow_each_other(client: TestClient, service: Service) -> None:
    seen: list[int] = []
    cursor = None
    while True:
        body = client.get(
            "/v1/review", params={"limit": 2, **({"cursor": cursor} if cursor else {})}
        ).json()
        seen += [row["priority"] for row in body["rows"]]
        cursor = body["next_cursor"]
        if cursor is None:
            break
        last = cursor
    assert seen == [1, 2, 3]
    assert code_of(client.get("/v1/review?cursor=nonsense")) == (400, "wrong_cursor")
    write_snapshot(service.settings, "r2")
    service.holder.refresh()
    assert code_of(client.get("/v1/review", params={"cursor": last})) == (400, "wrong_cursor")


def decide(client: TestClient, key: str = "key-0001", **changes: str) -> Any:  # noqa: ANN401
    """Send a decision."""
    body = {"entity": "person", "left_id": ANN_1, "right_id": BOB_3, "verdict": "same"}
    return client.post("/v1/decisions", json={**body, **changes}, headers={"Idempotency-Key": key})


def wait_for(condition: Any) -> None:  # noqa: ANN401 - a function
    """Wait until the thread that sends has done it."""
    for _ in range(400):
        if condition():
            return
        time.sleep(0.025)
    raise AssertionError("never came")


def test_a_decision_is_kept_and_sent_once(client: TestClient, warehouse: Warehouse) -> None:
    first = decide(client, reason="same voice")
    assert first.status_code == 202
    body = first.json()
    assert (body["decided_by"], body["replaces"]) == ("local", ["dec_1"])
    wait_for(lambda: warehouse.rows)
    again = decide(client, reason="same voice")
    assert (again.status_code, again.json()["decision_id"]) == (200, body["decision_id"])
    assert code_of(decide(client, verdict="different")) == (409, "another_decision")
    assert list(warehouse.rows) == [body["decision_id"]]
    # The question is answered, and the decision is among the latest.
    questions = client.get("/v1/review").json()["rows"]
    assert [row["priority"] for row in questions] == [2, 3]
    wait_for(lambda: client.get("/v1/decisions").json()["decisions"][0]["state"] == "sent")
    both = client.get("/v1/decisions").json()["decisions"]
    assert [one["decision_id"] for one in both] == [body["decision_id"], "dec_1"]


def test_a_decision_waits_while_the_warehouse_is_away(
    client: TestClient, warehouse: Warehouse, service: Service, settings: Settings
) -> None:
    warehouse.is_away = True
    kept_ids = {decide(client, f"key-{n:04}").json()["decision_id"] for n in range(3)}
    assert len(kept_ids) == 3
    wait_for(lambda: service.outbox.problem)
    health = {one["name"]: one for one in client.get("/healthz").json()["components"]}
    assert not health["decisions"]["is_well"]
    assert health["decisions"]["detail"] == "3 on their way: the warehouse is away"
    # Another process finds them on disk.
    other = Outbox(settings.state_dir / "serve", warehouse.connect)
    assert {one.state for one in other.all()} == {"pending"}
    warehouse.is_away = False
    wait_for(lambda: len(warehouse.rows) == 3)
    assert set(warehouse.rows) == kept_ids
    wait_for(lambda: not service.outbox.problem)


def test_a_disk_that_fails_ends_nothing(
    client: TestClient, warehouse: Warehouse, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> int:
        raise sqlite3.OperationalError("database is locked")

    monkeypatch.setattr(service.outbox, "_send", broken)
    assert decide(client).status_code == 202
    wait_for(lambda: "cannot be used" in service.outbox.problem)
    monkeypatch.undo()
    monkeypatch.setattr("orchestrator.api.outbox.SEND_SECONDS", 0.05)
    monkeypatch.setattr("orchestrator.api.outbox.ensure_own_tables", lambda connection: None)
    monkeypatch.setattr(
        "orchestrator.api.outbox.append",
        lambda connection, decisions: warehouse.rows.update({d.decision_id: d for d in decisions}),
    )
    wait_for(lambda: warehouse.rows)


def test_what_the_next_run_knows_it_knows_better(
    client: TestClient, warehouse: Warehouse, service: Service, settings: Settings
) -> None:
    decision_id = decide(client).json()["decision_id"]
    wait_for(lambda: not service.outbox.count_pending())
    audited = {**ROWS["decision_audit"][0], "decision_id": decision_id, "state": "opposed"}
    rows = {**ROWS, "decision_audit": [audited]}
    build_snapshot(cast("Connection", PublishedSample(settings, rows)), "r2", StepClock())
    service.holder.refresh()
    (known,) = client.get("/v1/decisions").json()["decisions"]
    assert (known["decision_id"], known["state"]) == (decision_id, "opposed")
    # The question is there again, and the outbox is empty.
    assert [row["priority"] for row in client.get("/v1/review").json()["rows"]] == [1, 2, 3]
    assert service.outbox.all() == []


@pytest.mark.parametrize(
    "said",
    [
        '["x", Infinity]',
        '["x", 1e400]',
        '["{name}", 1000000000000000000000000000000]',
        '["{name}", -1]',
        '["{name}", true]',
        '["{name}", "1"]',
        "[" * 200,
        "{}",
        "null",
    ],
)
def test_cursors_that_are_none(client: TestClient, service: Service, said: str) -> None:
    text = said.replace("{name}", service.snapshot.file.name)
    cursor = base64.urlsafe_b64encode(text.encode()).decode()
    assert code_of(client.get("/v1/review", params={"cursor": cursor})) == (400, "wrong_cursor")


def test_long_lists_have_pages_too(client: TestClient) -> None:
    first = client.get(f"/v1/persons/{ANN}/members", params={"limit": 1}).json()
    second = client.get(
        f"/v1/persons/{ANN}/members", params={"limit": 1, "cursor": first["next_cursor"]}
    ).json()
    ids = [row["record_id"] for page in (first, second) for row in page["rows"]]
    assert (ids, second["next_cursor"]) == ([ANN_2, ANN_1], None)


def test_a_tag_of_an_earlier_start_says_nothing(
    client: TestClient, service: Service, warehouse: Warehouse
) -> None:
    tag = client.get("/v1/decisions").headers["etag"]
    weak = client.get("/v1/decisions", headers={"If-None-Match": f"W/{tag}"})
    assert weak.status_code == 304
    again = open_service(service.settings)
    again.outbox._connect = warehouse.connect
    headers = {"Authorization": f"Bearer {cast('callers.LocalKey', again.tokens).key}"}
    with TestClient(create_app(again), headers=headers) as other:
        answer = other.get("/v1/decisions", headers={"If-None-Match": tag})
        assert answer.status_code == 200


def test_decisions_that_make_no_sense(client: TestClient, warehouse: Warehouse) -> None:
    assert code_of(decide(client, right_id="nobody")) == (404, "unknown_id")
    assert code_of(decide(client, entity="company")) == (404, "unknown_id")
    assert code_of(decide(client, right_id=ANN_1)) == (422, "wrong_request")
    assert code_of(decide(client, verdict="perhaps")) == (422, "wrong_request")
    assert code_of(decide(client, key="short")) == (422, "wrong_request")
    assert decide(client, left_id=ANN, right_id=BOB, verdict="unsure").status_code == 202
    wait_for(lambda: len(warehouse.rows) == 1)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"{", (422, "wrong_request")),
        (b"\xff\xfe", (422, "wrong_request")),
        (b"{}", (422, "wrong_request")),
        (b'{"queries": []}', (422, "wrong_request")),
        (b'{"queries": [{"mail": "secret@lee.example"}]}', (422, "wrong_request")),
        (b'{"queries": [' + b'{"name": "a"},' * 100 + b'{"name": "a"}]}', (422, "wrong_request")),
        (b'{"queries": [{"name": "' + b"x" * 2_000_000 + b'"}]}', (413, "too_large")),
    ],
)
def test_bodies_that_are_wrong(client: TestClient, body: bytes, problem: tuple[int, str]) -> None:
    answer = client.post("/v1/lookup", content=body, headers={"Content-Type": "application/json"})
    assert code_of(answer) == problem
    assert "secret@lee.example" not in answer.text


def test_addresses_and_methods_that_are_none(client: TestClient) -> None:
    assert code_of(client.get("/v1/nothing")) == (404, "unknown_path")
    assert code_of(client.get("/v1/lookup")) == (405, "wrong_method")
    assert code_of(client.delete("/v1/runs")) == (405, "wrong_method")


def test_what_is_broken_is_not_shown(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*arguments: object) -> None:
        raise RuntimeError("ann.lee@lee.example")

    monkeypatch.setattr("orchestrator.api.routes.lookup.find_entities", broken)
    answer = client.post("/v1/lookup", json={"queries": [{"name": "x"}]})
    assert code_of(answer) == (500, "broken")
    assert "lee.example" not in answer.text


def test_each_answer_has_its_headers(client: TestClient) -> None:
    given = client.get("/v1/runs", headers={"X-Request-ID": "mine-1"})
    assert given.headers["x-request-id"] == "mine-1"
    forged = client.get("/v1/runs", headers={"X-Request-ID": "a b\tc"})
    assert len(forged.headers["x-request-id"]) == 32
    for answer in (given, client.get("/v1/nothing")):
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_who_asks_too_often_has_to_wait(settings: Settings, warehouse: Warehouse) -> None:
    few = settings.with_changes(serve=settings.serve.model_copy(update={"searches_per_minute": 2}))
    write_snapshot(few)
    opened = open_service(few)
    opened.outbox._connect = warehouse.connect
    with TestClient(create_app(opened)) as client:
        client.headers["Authorization"] = f"Bearer {cast('callers.LocalKey', opened.tokens).key}"
        answers = [client.post("/v1/search", json={"text": "ann"}) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert code_of(answers[-1]) == (429, "too_many")
        assert 1 <= int(answers[-1].headers["retry-after"]) <= 61
        # Another question has a limit of its own.
        assert client.post("/v1/lookup", json={"queries": [{"name": "a"}]}).status_code == 200


def test_values_are_in_no_line_of_the_log(
    client: TestClient, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    client.post("/v1/lookup", json={"queries": [{"email": "ann.lee@lee.example"}]})
    client.get(f"/v1/persons/{ANN}")
    written = capsys.readouterr()
    text = caplog.text + written.out + written.err
    assert "lee.example" not in text
    assert ANN in text


# --- Tokens of an issuer --------------------------------------------------------------------------


class Answered:
    """What the issuer answers."""

    def __init__(self, body: dict[str, Any]) -> None:
        self._body = body

    def raise_for_status(self) -> None:
        """Be well."""

    def json(self) -> dict[str, Any]:
        """Return the body."""
        return self._body


@pytest.fixture
def issuer(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Answer as an issuer does; collect what it is asked."""
    asked: list[str] = []

    def get(address: str, timeout: float) -> Answered:
        asked.append(address)
        if address.endswith("openid-configuration"):
            return Answered({"jwks_uri": f"{ISSUER}/keys"})
        return Answered(dict(KeySet([KEY]).as_dict(private=False)))

    monkeypatch.setattr(requests, "get", get)
    return asked


def claims(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return the claims of a good token."""
    now = int(time.time())
    good = {"iss": ISSUER, "aud": AUDIENCE, "sub": "anna", "exp": now + 60, "iat": now}
    return {key: value for key, value in {**good, "roles": ["steward"], **changes}.items() if value}


def token(key: Any = KEY, algorithm: str = "RS256", kid: str = "one", **changes: Any) -> str:  # noqa: ANN401
    """Sign a token."""
    return jwt.encode({"alg": algorithm, "kid": kid}, claims(**changes), key, [algorithm])


def unsigned() -> str:
    """Return a token that says it needs no signature."""
    parts = ({"alg": "none", "typ": "JWT"}, claims())
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts]
    return b".".join([*encoded, b""]).decode()


def with_public_key_as_secret() -> str:
    """Return a token signed with HMAC, whose secret is the issuer's public key."""
    parts = ({"alg": "HS256", "kid": "one"}, claims())
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts]
    digest = hmac.digest(KEY.as_pem(private=False), b".".join(encoded), "sha256")
    return b".".join([*encoded, base64.urlsafe_b64encode(digest).rstrip(b"=")]).decode()


@pytest.fixture
def tokens(issuer: list[str]) -> IssuedTokens:
    return IssuedTokens(ServeSettings(issuer=ISSUER, audience=AUDIENCE))


def test_a_good_token(tokens: IssuedTokens, issuer: list[str]) -> None:
    found = tokens.caller(token())
    assert (found.subject, found.role) == ("anna", "steward")
    assert found.may("reader")
    assert not found.may("admin")
    assert tokens.caller(token(roles="reader admin")).role == "admin"
    # Its keys are known by now.
    assert len(issuer) == 2


@pytest.mark.parametrize(
    "forged",
    [
        lambda: token(iss="https://elsewhere.example"),
        lambda: token(aud="another service"),
        lambda: token(exp=int(time.time()) - 3600),
        lambda: token(exp=None),
        lambda: token(nbf=int(time.time()) + 3600),
        lambda: token(sub=None),
        lambda: token(RSAKey.generate_key(2048, {"kid": "one"})),
        lambda: token(ECKey.generate_key("P-256", {"kid": "two"}), "ES256"),
        unsigned,
        with_public_key_as_secret,
        lambda: token()[:-4] + "AAAA",
        lambda: "no.token.at-all",
        lambda: "",
    ],
)
def test_tokens_that_are_refused(
    tokens: IssuedTokens,
    forged: Callable[[], str],
) -> None:
    with pytest.raises(Refusal) as refused:
        tokens.caller(callers.bearer_token(f"Bearer {forged()}"))
    assert refused.value.code == "not_signed_in"


def test_a_token_without_a_role(tokens: IssuedTokens) -> None:
    for roles in (None, [], ["owner"], {"steward": True}):
        with pytest.raises(Refusal) as refused:
            tokens.caller(token(roles=roles))
        assert refused.value.code == "not_allowed"


def test_new_keys_are_fetched_and_not_each_time(
    tokens: IssuedTokens, issuer: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens.caller(token())
    other = RSAKey.generate_key(2048, {"kid": "new"})
    for _ in range(3):
        with pytest.raises(Refusal):
            tokens.caller(token(other, kid="new"))
    assert len(issuer) == 2
    monkeypatch.setattr(issuer_keys, "REFETCH_SECONDS", 0.0)
    with pytest.raises(Refusal):
        tokens.caller(token(other, kid="new"))
    # A known name with another key behind it is no reason to ask.
    with pytest.raises(Refusal):
        tokens.caller(token(other))
    assert len(issuer) == 4


def test_the_keys_that_are_known_stay_while_the_issuer_is_away(
    tokens: IssuedTokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens.caller(token())
    asked: list[str] = []

    def away(address: str, timeout: float) -> None:
        asked.append(address)
        raise requests.ConnectionError("no route")

    monkeypatch.setattr(requests, "get", away)
    tokens._keys._fetched_at = tokens._keys._tried_at = float("-inf")
    for _ in range(5):
        with pytest.raises(Refusal):
            tokens.caller(token(RSAKey.generate_key(2048), kid="made up"))
        assert tokens.caller(token()).subject == "anna"
    assert len(asked) == 1


def test_a_key_of_an_unknown_kind_harms_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    good = dict(KEY.as_dict(private=False))

    def get(address: str, timeout: float) -> Answered:
        odd = [{"kid": "q"}, {"kty": "OKP", "crv": "X999", "x": "AA", "kid": "r"}, "nonsense"]
        return Answered({"jwks_uri": f"{ISSUER}/keys", "keys": [*odd, good]})

    monkeypatch.setattr(requests, "get", get)
    opened = IssuedTokens(ServeSettings(issuer=ISSUER, audience=AUDIENCE))
    assert opened.caller(token()).subject == "anna"


def test_an_issuer_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def get(address: str, timeout: float) -> None:
        raise requests.ConnectionError("no route")

    monkeypatch.setattr(requests, "get", get)
    with pytest.raises(Refusal) as refused:
        IssuedTokens(ServeSettings(issuer=ISSUER, audience=AUDIENCE)).caller(token())
    assert refused.value.code == "warehouse"


def test_roles(settings: Settings, warehouse: Warehouse, issuer: list[str]) -> None:
    cloud = settings.with_changes(
        serve=settings.serve.model_copy(update={"issuer": ISSUER, "audience": AUDIENCE})
    )
    write_snapshot(cloud)
    opened = open_service(cloud)
    opened.outbox._connect = warehouse.connect
    with TestClient(create_app(opened)) as client:
        client.headers["Authorization"] = f"Bearer {token(roles=['reader'])}"
        golden = client.get(f"/v1/persons/{ANN}").json()["golden"]
        assert (golden["primary_email"], golden["emails"]) == (
            "a**.l**@l**.example",
            ["a**.l**@l**.example"],
        )
        assert (golden["display_name"], golden["city"]) == ("Ann Lee", "L****")
        assert code_of(decide(client)) == (403, "not_allowed")
        reader_tag = client.get("/v1/review").headers["etag"]
        client.headers["Authorization"] = f"Bearer {token()}"
        # What a reader has seen is not what a steward sees.
        seen = client.get("/v1/review", headers={"If-None-Match": reader_tag})
        assert seen.status_code == 200
        assert decide(client).status_code == 202


def test_a_reader_sees_no_contact_anywhere(
    settings: Settings, warehouse: Warehouse, issuer: list[str]
) -> None:
    """Every endpoint, over records whose ids are made of addresses and people without a name."""
    mail, number = "hidden.person@secret.example", "+442079460177"
    gmail, caller = f"gmail:participant:{mail}", f"dialpad:caller:{number}"
    person = {**ROWS["dim_persons"][0], "display_name": mail, "primary_email": mail}
    rows = {
        **ROWS,
        "dim_persons": [person],
        "bridge_person_records": [
            {"record_id": one, "person_id": ANN, "source_id": one.rpartition(":")[2]}
            for one in (gmail, caller)
        ],
        "person_value_provenance": [
            {"person_id": ANN, "field": "email", "value": mail, "record_id": gmail}
        ],
        "entity_events": [{"entity": "person", "entity_id": ANN, "record_ids": [gmail, caller]}],
        "match_review_queue": [
            {**ROWS["match_review_queue"][0], "record_id_l": gmail, "name_r": number}
        ],
        "match_explanations": [
            {"record_id_l": caller, "record_id_r": gmail, "step": 0, "value_l": number}
        ],
        "decision_audit": [
            {
                "decision_id": "d",
                "entity": "person",
                "left_id": gmail,
                "right_id": caller,
                "verdict": "same",
                "decided_at": NOW,
                "state": "applied",
                "decision_reason": f"she said {number}, or 020 7946 0177, and {mail}",
            }
        ],
    }
    cloud = settings.with_changes(
        serve=settings.serve.model_copy(update={"issuer": ISSUER, "audience": AUDIENCE})
    )
    build_snapshot(cast("Connection", PublishedSample(cloud, rows)), "r1", StepClock())
    opened = open_service(cloud)
    opened.outbox._connect = warehouse.connect
    with TestClient(create_app(opened)) as client:
        for roles, is_shown in (["reader"], False), (["steward"], True):
            client.headers["Authorization"] = f"Bearer {token(roles=roles)}"
            query = {"entity_id": ANN}
            answers = [
                client.post("/v1/lookup", json={"queries": [query]}),
                client.post("/v1/search", json={"text": "hidden person"}),
                client.post("/v1/explanations", json={"record_id_l": gmail, "record_id_r": caller}),
                client.get(f"/v1/persons/{ANN}"),
                *(
                    client.get(f"/v1/persons/{ANN}/{aspect}")
                    for aspect in ("members", "provenance", "history", "contacts")
                ),
                client.get("/v1/review"),
                client.get("/v1/decisions"),
            ]
            assert {answer.status_code for answer in answers} == {200}
            text = " ".join(answer.text for answer in answers)
            for secret in (mail, number, "7946 0177"):
                assert (secret in text) is is_shown, secret


def test_nobody_else_is_let_in(client: TestClient) -> None:
    for value in ("", "Basic x", "Bearer", "Bearer wrong"):
        refused = client.get("/v1/runs", headers={"Authorization": value})
        assert code_of(refused) == (401, "not_signed_in")


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "concord.example"])  # noqa: S104
def test_without_an_issuer_only_this_machine_is_answered(settings: Settings, host: str) -> None:
    serve = settings.serve.model_copy(update={"host": host})
    with pytest.raises(ConfigurationError, match="nobody would have to sign in"):
        open_service(settings.with_changes(serve=serve))


def test_an_issuer_needs_its_audience() -> None:
    with pytest.raises(ValueError, match="needs CONCORD_SERVE_AUDIENCE"):
        ServeSettings(issuer=ISSUER)
    with pytest.raises(ConfigurationError, match="needs an issuer"):
        IssuedTokens(ServeSettings())


def test_the_page_is_what_the_api_says() -> None:
    written = PAGE.read_text(encoding="utf-8")
    assert written == api_page(), "write it again: python -m tests.api_page"


def test_the_key_is_its_owners_alone(service: Service) -> None:
    path = cast("callers.LocalKey", service.tokens).path
    assert path.stat().st_mode & 0o777 == 0o600
    server = make_server(service)
    assert not server.config.access_log


def test_decisions_about_who_is_forgotten_leave_the_outbox(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path, lambda: cast("Connection", None))
    for number, (left, reason) in enumerate(
        ((ANN_1, ""), ("hubspot:contact:9", "she is Ann.Lee@lee.example"), ("x:y:1", "kept"))
    ):
        decision = StewardDecision("person", left, BOB_3, "same", "erin", NOW, reason)
        outbox.keep(decision, f"key-{number}-long-enough")
    assert outbox.forget([ANN, ANN_1, "ann.lee@lee.example", ""]) == 2
    assert [one.decision.reason for one in outbox.all()] == ["kept"]


def test_health_names_no_place_to_whoever_asks_from_elsewhere(
    client: TestClient, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.holder.problem = "gs://secret-bucket/x cannot be read"
    assert "secret-bucket" in client.get("/healthz").text
    monkeypatch.setattr(service, "tokens", None)
    elsewhere = client.get("/healthz")
    assert elsewhere.status_code == 503
    assert "secret-bucket" not in elsewhere.text
    assert "its log says why" in elsewhere.text
