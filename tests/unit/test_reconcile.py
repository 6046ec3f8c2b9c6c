"""The Reconciliation Service API 0.2: what OpenRefine sends, who may, and what hostile rows do."""

from __future__ import annotations

import json
import logging
import re
from typing import TYPE_CHECKING, Any, Final, cast

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from orchestrator.api.app import create_app
from orchestrator.api.callers import ADMIN, READER, STEWARD, Caller
from orchestrator.api.problems import Refusal
from orchestrator.api.reconciliation.keys import KEY_SECONDS, MOST_OF_ONE, ReconcileKeys
from orchestrator.api.reconciliation.properties import COMPARED, PROPERTIES
from orchestrator.api.reconciliation.sought import kind_of_cell
from orchestrator.api.start import open_service
from orchestrator.serving.build import build_snapshot
from orchestrator.settings.values import Settings
from orchestrator.steps import StepClock
from tests.serving_sample import ACME, ANN, BOB, ROWS, WAS_ANN, PublishedSample

if TYPE_CHECKING:
    from pathlib import Path

    from orchestrator.api.callers import LocalKey
    from orchestrator.api.service import Service
    from orchestrator.bigquery.connect import Connection

ATTACK: Final = "<script>alert(1)</script>\"'>"
OF_LEEDS: Final = "per_01ffffffffffffffffffffffff"
OF_YORK: Final = "per_01gggggggggggggggggggggggg"
# An e-mail address stands in for a name that nobody knows.
NAMELESS: Final = "per_01hhhhhhhhhhhhhhhhhhhhhhhh"
OPENREFINE: Final = {"Origin": "http://127.0.0.1:3333"}
DATE: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def _namesake(person_id: str, city: str, **more: str) -> dict[str, Any]:
    values = {"display_name": "Kim Park", "given_name": "Kim", "family_name": "Park", **more}
    return {"person_id": person_id, "city": city, "n_records": 1, **values}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    """Return a service over the sample, two namesakes, and somebody with markup for a name."""
    values = Settings(state_folder=tmp_path_factory.mktemp("state"), default_phone_region="GB")
    generous = {"lookups_per_minute": 10**6, "searches_per_minute": 10**6, "max_batch": 20}
    values = values.with_changes(serve=values.serve.model_copy(update=generous))
    bob = {**ROWS["dim_persons"][1], "display_name": ATTACK}
    people = [
        {**ROWS["dim_persons"][0], "company_id": ACME, "company_name": "Acme Widgets GmbH"},
        bob,
        _namesake(OF_YORK, "York", company_name="Acme Widgets GmbH", company_id=ACME),
        _namesake(OF_LEEDS, "Leeds"),
        _namesake(NAMELESS, "Leeds", display_name="zed@zed.example"),
    ]
    rows = {**ROWS, "dim_persons": people}
    build_snapshot(cast("Connection", PublishedSample(values, rows)), "r1", StepClock())
    opened = open_service(values)
    opened.holder.refresh()
    return opened


@pytest.fixture(scope="module")
def client(service: Service) -> TestClient:
    return TestClient(create_app(service))


def address_for(service: Service, role: str = STEWARD, subject: str = "sam") -> str:
    """Return an address with a key of somebody."""
    secret, _ = service.reconcile_keys.make(Caller(subject, role))
    return f"/reconcile/{secret}"


@pytest.fixture(scope="module")
def address(service: Service) -> str:
    return address_for(service)


def matched(client: TestClient, address: str, **query: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    """Return the candidates of one row."""
    answer = client.post(address, data={"queries": json.dumps({"q0": query})})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["q0"]["result"]
    return found


def extension(client: TestClient, address: str, ids: list[str], *names: str) -> Any:  # noqa: ANN401
    """Return new columns."""
    asked = {"ids": ids, "properties": [{"id": name} for name in names]}
    return client.post(address, data={"extend": json.dumps(asked)})


# --- The manifest ---------------------------------------------------------------------------------


def test_the_manifest_names_addresses_that_answer(client: TestClient, address: str) -> None:
    document = client.get(address).json()
    assert document["versions"] == ["0.2"]
    assert all(":" in document[space] for space in ("identifierSpace", "schemaSpace"))
    assert [one["id"] for one in document["defaultTypes"]] == ["Person", "Company"]
    assert document["batchSize"] == 20
    assert "authentication" not in document
    parts = [document["suggest"][name] for name in ("entity", "property", "type")]
    parts.append(document["extend"]["propose_properties"])
    for part in parts:
        assert part["service_url"] == f"http://testserver{address}"
        answer = client.get(part["service_url"] + part["service_path"])
        assert answer.status_code == 200, answer.text
    preview = document["preview"]
    assert client.get(preview["url"].replace("{{id}}", ANN)).status_code == 200
    assert all(type(preview[side]) is int for side in ("width", "height"))
    flyout = document["suggest"]["entity"]
    url = flyout["flyout_service_url"] + flyout["flyout_service_path"]
    assert client.get(url.replace("${id}", ANN)).json()["id"] == ANN
    # Of a link nothing is left in a browser that opens anything.
    assert address not in document["view"]["url"]
    for entity_id, path in ((ANN, f"/persons/{ANN}"), (ACME, f"/companies/{ACME}")):
        link = client.get(
            document["view"]["url"].replace("{{id}}", entity_id), follow_redirects=False
        )
        assert (link.status_code, link.headers["location"]) == (303, path)
    assert client.get("/reconcile/view/nobody").json()["code"] == "unknown_id"


def test_the_plain_address_asks_for_a_token(client: TestClient, service: Service) -> None:
    document = client.get("/reconcile").json()
    assert document["authentication"] == {"type": "apiKey", "name": "Authorization", "in": "header"}
    asked = {"queries": json.dumps({"q": {"query": "Ann Lee"}})}
    assert client.post("/reconcile", data=asked).json()["code"] == "not_signed_in"
    key = cast("LocalKey", service.tokens).key
    answer = client.post("/reconcile", data=asked, headers={"Authorization": f"Bearer {key}"})
    assert answer.json()["q"]["result"][0]["id"] == ANN
    assert client.get("/reconcile/suggest/entity?prefix=ann").status_code == 401


def test_questions_are_in_no_address(client: TestClient, address: str) -> None:
    answer = client.get(f"{address}?queries=%7B%7D")
    assert (answer.status_code, answer.json()["code"]) == (422, "wrong_request")
    assert "POST" in answer.json()["detail"]


# --- Matching -------------------------------------------------------------------------------------


def test_a_batch_as_openrefine_sends_it(client: TestClient, address: str) -> None:
    ann = {"query": "Ann Lee", "type": "Person", "type_strict": "should"}
    mailbox = [{"pid": "email", "v": " Ann.Lee@lee.example "}]
    batch = {
        "q0": {**ann, "properties": mailbox, "limit": 5},
        "q1": {"query": "nobody is called so", "type": "Person", "type_strict": "should"},
        "q2": {"query": "acme widgets"},
    }
    answer = client.post(address, data={"queries": json.dumps(batch)})
    found = answer.json()
    assert list(found) == list(batch)
    (one,) = found["q0"]["result"]
    assert one == {
        "id": ANN,
        "name": "Ann Lee",
        "description": "Acme Widgets GmbH, Leeds",
        "type": [{"id": "Person", "name": "Person"}],
        "score": 100.0,
        "match": True,
        "features": [
            {"id": "confidence", "value": 3},
            {"id": "name", "value": 1.0},
            {"id": "email", "value": True},
        ],
    }
    assert found["q1"]["result"] == []
    acme = found["q2"]["result"][0]
    assert (acme["id"], acme["description"], acme["match"]) == (ACME, "acme.example", False)
    assert 0 < acme["score"] < 70


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (ANN, "entity_id"),
        ("ann.lee@lee.example", "email"),
        ("+44 20 7946 0101", "phone"),
        ("https://www.acme.example/about", "domain"),
        ("Ann Lee", "name"),
        ("per_short", "name"),
    ],
)
def test_a_cell_is_what_it_looks_like(text: str, kind: str) -> None:
    assert kind_of_cell(text) == kind


def test_a_column_of_contacts_or_ids_is_matched_too(client: TestClient, address: str) -> None:
    (by_mail,) = matched(client, address, query="ann.lee@lee.example")
    # Theirs alone, and nothing else is known: the middle of `likely`.
    assert (by_mail["id"], by_mail["score"], by_mail["match"]) == (ANN, 80.0, False)
    (by_id,) = matched(client, address, query=ANN)
    assert (by_id["id"], by_id["score"], by_id["match"]) == (ANN, 95.0, True)
    (retired,) = matched(client, address, query=WAS_ANN)
    assert retired["id"] == ANN
    (by_domain,) = matched(client, address, query="https://www.acme.example/about")
    assert (by_domain["id"], by_domain["score"]) == (ACME, 80.0)
    shared = matched(client, address, query="+44 20 7946 0199")
    assert {one["id"] for one in shared} == {ANN, BOB, ACME}
    assert {(one["score"], one["match"]) for one in shared} == {(35.0, False)}


def test_numbers_of_a_spreadsheet_are_telephone_numbers(client: TestClient, address: str) -> None:
    of_type = matched(client, address, query="x", properties=[{"pid": "source_id", "v": 7.0}])
    assert of_type == []
    given = {"pid": "phone", "v": 2079460199.0}
    found = matched(client, address, properties=[given], type="Company")
    assert [one["id"] for one in found] == [ACME]


def test_town_and_employer_tell_namesakes_apart(client: TestClient, address: str) -> None:
    def first(*properties: dict[str, Any]) -> tuple[str, float, bool]:
        found = matched(client, address, query="Kim Park", properties=list(properties))
        return found[0]["id"], found[0]["score"], found[0]["match"]

    assert first({"pid": "city", "v": "leeds"})[0] == OF_LEEDS
    assert first({"pid": "city", "v": "York"})[0] == OF_YORK
    by_employer = first({"pid": "company", "v": "ACME Widgets"})
    assert by_employer[0] == OF_YORK
    # A cell of another column that was matched before.
    by_matched = first({"pid": "company", "v": {"id": ACME, "name": "Acme"}})
    # However much agrees, a name is only a possibility.
    assert by_matched == (OF_YORK, 70.0, False)
    of_others = first({"pid": "company", "v": {"id": "Q42", "name": "ACME Widgets"}})
    assert of_others == by_employer


def test_a_name_in_two_columns(client: TestClient, address: str) -> None:
    names = [{"pid": "given_name", "v": "Ann"}, {"pid": "family_name", "v": "Lee"}]
    (one,) = matched(client, address, query="ann.lee@lee.example", properties=names)
    assert (one["id"], one["match"]) == (ANN, True)


def test_certain_twice_is_not_certain(client: TestClient, address: str) -> None:
    both = [
        {"pid": "source_id", "v": "hubspot_contact:3"},
        {"pid": "email", "v": "ann.lee@lee.example"},
    ]
    for limit in (1, 10):
        found = matched(client, address, query="Ann Lee", properties=both, limit=limit)
        assert len(found) == min(limit, 2)
        assert not any(one["match"] for one in found)
        assert found[0]["score"] > 90


def test_several_values_are_looked_for_each(client: TestClient, address: str) -> None:
    several = [{"pid": "email", "v": ["nobody@x.example", "ann.lee@lee.example"]}]
    assert [one["id"] for one in matched(client, address, properties=several)] == [ANN]


@pytest.mark.parametrize(
    ("asked", "types"),
    [
        ({}, {"Person", "Company"}),
        ({"type": "Company"}, {"Company"}),
        ({"type": ["Person", "Company"], "type_strict": "any"}, {"Person", "Company"}),
        ({"type": ["Person", "Company"], "type_strict": "all"}, set()),
        ({"type": ["Person", "Ship"], "type_strict": "should"}, {"Person"}),
        ({"type": "Ship"}, set()),
    ],
)
def test_types(client: TestClient, address: str, asked: dict[str, Any], types: set[str]) -> None:
    found = matched(client, address, query="+44 20 7946 0199", **asked)
    assert {one["type"][0]["id"] for one in found} == types


def test_an_unknown_property_is_told(client: TestClient, address: str) -> None:
    for pid in ("shoe_size", "n_records"):
        query = {"q0": {"query": "Ann", "properties": [{"pid": pid, "v": "43"}]}}
        answer = client.post(address, data={"queries": json.dumps(query)})
        assert answer.json()["code"] == "wrong_request"
        assert all(name in answer.json()["detail"] for name in COMPARED)
    answer = extension(client, address, [ANN], "shoe_size")
    assert "n_records" in answer.json()["detail"]


# --- New columns ----------------------------------------------------------------------------------


def test_new_columns(client: TestClient, address: str) -> None:
    answer = extension(client, address, [ANN, WAS_ANN, ACME, "x", ANN], *PROPERTIES)
    document = answer.json()
    assert [one["id"] for one in document["meta"]] == list(PROPERTIES)
    assert list(document["rows"]) == [ANN, WAS_ANN, ACME, "x"]
    ann = document["rows"][ANN]
    # A retired id has the values of the one that it went over to.
    assert document["rows"][WAS_ANN] == ann
    assert ann["company"] == [{"id": ACME, "name": "Acme Widgets GmbH"}]
    assert ann["email"] == ann["primary_email"] == [{"str": "ann.lee@lee.example"}]
    assert ann["n_records"] == [{"int": 2}]
    assert ann["source_id"] == [{"str": "hubspot_contact:2"}, {"str": "salesforce_contact:1"}]
    assert ann["entity_id"] == [{"str": ANN}]
    assert ann["domain"] == ann["job_title"] == []
    assert document["rows"][ACME]["domain"] == [{"str": "acme.example"}]
    # OpenRefine counts the columns by what is there.
    assert document["rows"]["x"] == {name: [] for name in PROPERTIES}
    for row in document["rows"].values():
        for cell in (cell for cells in row.values() for cell in cells):
            assert set(cell) in ({"str"}, {"int"}, {"date"}, {"id", "name"})
            assert "date" not in cell or DATE.fullmatch(cell["date"])


def test_what_is_proposed_fits_the_type(client: TestClient, address: str) -> None:
    of_person = client.get(f"{address}/properties?type=Person").json()["properties"]
    of_company = client.get(f"{address}/properties?type=Company&limit=500").json()["properties"]
    names = [{one["id"] for one in found} for found in (of_person, of_company)]
    assert "given_name" in names[0] - names[1]
    assert "domain" in names[1] - names[0]
    assert client.get(f"{address}/properties?type=Person&limit=2").json()["limit"] == 2


# --- Suggestions and previews ---------------------------------------------------------------------


def test_suggestions(client: TestClient, address: str) -> None:
    def found(what: str, **asked: str) -> list[dict[str, Any]]:
        answer = client.get(f"{address}/suggest/{what}", params={**asked, "callback": "f"})
        # No JSONP: what comes is never a script.
        assert answer.headers["content-type"] == "application/json"
        result: list[dict[str, Any]] = answer.json()["result"]
        return result

    (ann,) = found("entity", prefix="ann l")
    assert (ann["id"], ann["name"]) == (ANN, "Ann Lee")
    assert (ann["description"], ann["notable"][0]["id"]) == ("Acme Widgets GmbH, Leeds", "Person")
    assert found("entity", prefix=WAS_ANN) == [ann]
    assert found("entity", prefix="per_01zzzzzzzzzzzzzzzzzzzzzzzz") == []
    assert {one["id"] for one in found("entity", prefix="kim")} == {OF_LEEDS, OF_YORK}
    assert len(found("entity", prefix="kim", cursor="1")) == 1
    assert found("entity", prefix="kim", type="Company") == found("entity", prefix=" ") == []
    assert [one["id"] for one in found("type", prefix="c")] == ["Company"]
    employers = [one["id"] for one in found("property", prefix="empl", type="Person")]
    assert employers == ["company"]


def test_a_preview_is_text_in_a_frame_of_this_machine(client: TestClient, address: str) -> None:
    answer = client.get(f"{address}/preview/{BOB}")
    policy = answer.headers["content-security-policy"]
    assert "frame-ancestors http://127.0.0.1:* http://localhost:*" in policy
    assert "default-src 'none'" in policy
    assert answer.headers["referrer-policy"] == "no-referrer"
    piece = client.get(f"{address}/flyout/entity/{BOB}").json()["html"]
    for text in (answer.text, piece):
        assert "<script" not in text
        assert "&lt;script&gt;" in text
        assert "bob@ray.example" in text
    # Every other page stays out of frames.
    others = client.get("/login").headers["content-security-policy"]
    assert "frame-ancestors 'none'" in others
    assert client.get(f"{address}/preview/nobody").json()["code"] == "unknown_id"


# --- Who may, and what they see -------------------------------------------------------------------


def test_a_reader_sees_shapes(client: TestClient, service: Service) -> None:
    address = address_for(service, READER, "rita")
    (one,) = matched(client, address, query="ann.lee@lee.example")
    # A masked town tells nobody apart.
    assert (one["name"], one["description"]) == ("Ann Lee", "Acme Widgets GmbH")
    (nameless,) = matched(client, address, query=NAMELESS)
    assert nameless["name"] == "z**@z**.example"
    row = extension(client, address, [ANN], "email", "city", "source_id", "company").json()["rows"]
    assert row[ANN]["email"] == [{"str": "a**.l**@l**.example"}]
    assert row[ANN]["city"] == [{"str": "L****"}]
    assert row[ANN]["company"][0]["id"] == ACME
    suggested = client.get(f"{address}/suggest/entity?prefix={NAMELESS}").text
    for text in (
        suggested,
        client.get(f"{address}/preview/{ANN}").text,
        client.get(f"{address}/flyout/entity/{ANN}").text,
    ):
        assert not re.search(r"ann\.lee@|zed@|Leeds|High Street|460101", text)


def test_a_key_is_made_used_and_revoked(client: TestClient, service: Service) -> None:
    headers = {"Authorization": f"Bearer {cast('LocalKey', service.tokens).key}"}
    assert client.post("/v1/reconcile-keys").status_code == 401
    made = client.post("/v1/reconcile-keys", headers=headers)
    assert (made.status_code, made.headers["cache-control"]) == (201, "no-store")
    document = made.json()
    assert document["address"] == f"http://testserver/reconcile/{document['key']}"
    assert DATE.fullmatch(document["expires_at"])
    assert client.get(document["address"]).status_code == 200
    # A key opens the protocol, and nothing else.
    with_it = {"Authorization": f"Bearer {document['key']}"}
    assert client.get(f"/v1/persons/{ANN}", headers=with_it).status_code == 401
    one = f"/v1/reconcile-keys/{document['key_id']}"
    assert client.delete(one, headers=headers).status_code == 204
    assert client.delete(one, headers=headers).json()["code"] == "unknown_id"
    for path in ("", "/suggest/type", f"/preview/{ANN}"):
        answer = client.get(document["address"] + path)
        assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
    assert client.post(document["address"], data={"queries": "{}"}).status_code == 401


def test_keys_end_and_are_their_makers() -> None:
    now = 0.0
    keys = ReconcileKeys(lambda: now)
    ann, bob, boss = Caller("ann", READER), Caller("bob", STEWARD), Caller("boss", ADMIN)
    secret, kept = keys.make(ann)
    assert keys.caller(secret) == ann
    assert secret not in repr(vars(keys))
    with pytest.raises(Refusal) as foreign:
        keys.revoke(bob, kept.key_id)
    assert foreign.value.code == "unknown_id"
    assert keys.of(bob) == []
    now = KEY_SECONDS - 1
    assert keys.caller(secret) == ann
    now = KEY_SECONDS + 1
    for name in (secret, "made up", ""):
        with pytest.raises(Refusal) as refused:
            keys.caller(name)
        assert refused.value.code == "not_signed_in"
    many = [keys.make(ann) for _ in range(MOST_OF_ONE + 2)]
    other, _ = keys.make(bob)
    assert [one.key_id for one in keys.of(ann)] == [one.key_id for _, one in many[2:]]
    with pytest.raises(Refusal):
        keys.caller(many[1][0])
    keys.revoke(boss, many[-1][1].key_id)
    with pytest.raises(Refusal):
        keys.caller(many[-1][0])
    assert keys.caller(other) == bob


def test_keys_and_values_are_in_no_log_and_no_figure(
    client: TestClient,
    address: str,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    paths = ("", "/suggest/entity?prefix=secretname", f"/preview/{ANN}", "/no/such", "/suggest/x")
    with capture_logs() as lines:
        (one,) = matched(client, address, query="ann.lee@lee.example")
        for path in paths:
            client.get(address + path)
        client.options(address, headers={**OPENREFINE, "Access-Control-Request-Method": "GET"})
        client.put(address)
        extension(client, address, ["ann.lee@lee.example"], "email")
    written = capsys.readouterr()
    # The client of the test writes down what it asks.
    ours = [entry.getMessage() for entry in caplog.records if entry.name != "httpx"]
    text = "\n".join([repr(lines), *ours, written.out, written.err, client.get("/metrics").text])
    key = address.rpartition("/")[2]
    assert not [word for word in (key, "lee.example", "secretname") if word in text]
    assert one["id"] in text
    assert "/reconcile/{key}" in text


def test_lookups_are_counted_by_rows(tmp_path: Path) -> None:
    values = Settings(state_folder=tmp_path / "state")
    few = {"lookups_per_minute": 5, "searches_per_minute": 1, "max_batch": 4}
    values = values.with_changes(serve=values.serve.model_copy(update=few))
    build_snapshot(cast("Connection", PublishedSample(values)), "r1", StepClock())
    service = open_service(values)
    service.holder.refresh()
    client, address = TestClient(create_app(service)), address_for(service)

    def asked(n_rows: int) -> Any:  # noqa: ANN401
        rows = {f"q{number}": {"query": "Ann Lee"} for number in range(n_rows)}
        return client.post(address, data={"queries": json.dumps(rows)})

    assert asked(5).json()["code"] == "too_large"
    assert extension(client, address, ["x"] * 5, "email").json()["code"] == "too_large"
    assert asked(4).status_code == 200
    refused = asked(2)
    assert (refused.status_code, int(refused.headers["retry-after"]) > 0) == (429, True)
    assert asked(1).status_code == 200
    assert extension(client, address, [ANN], "email").status_code == 429
    assert asked(0).json() == {}
    assert client.get(f"{address}/suggest/entity?prefix=a").status_code == 200
    assert client.get(f"{address}/suggest/entity?prefix=a").status_code == 429


def test_values_of_several_columns_are_counted_together(tmp_path: Path) -> None:
    """Columns that mean the same are looked for one value after another, so each value counts."""
    values = Settings(state_folder=tmp_path / "state")
    few = {"lookups_per_minute": 19}
    values = values.with_changes(serve=values.serve.model_copy(update=few))
    build_snapshot(cast("Connection", PublishedSample(values)), "r1", StepClock())
    service = open_service(values)
    service.holder.refresh()
    client, address = TestClient(create_app(service)), address_for(service)

    def status(n_columns: int) -> Any:  # noqa: ANN401
        columns = [
            {"pid": "display_name", "v": [f"Name {column} {value}" for value in range(5)]}
            for column in range(n_columns)
        ]
        row = {"query": "Ann Lee", "properties": columns}
        return client.post(address, data={"queries": json.dumps({"q": row})}).status_code

    assert status(4) == 429
    assert status(3) == 200
    # Sixteen are taken, and four are left.
    assert status(0) == 200
    assert status(1) == 429


def test_without_a_snapshot_the_manifest_answers(tmp_path: Path) -> None:
    service = open_service(Settings(state_folder=tmp_path / "state"))
    client, address = TestClient(create_app(service)), address_for(service)
    assert client.get(address).json()["name"] == "Concord"
    answer = client.post(address, data={"queries": json.dumps({"q": {"query": "Ann"}})})
    assert (answer.status_code, answer.json()["code"]) == (503, "no_snapshot")


# --- Pages of other sites -------------------------------------------------------------------------


def test_other_pages_may_read_this_and_nothing_else(client: TestClient, address: str) -> None:
    for path in (address, f"{address}/suggest/type", "/reconcile", "/reconcile/made-up"):
        answer = client.get(path, headers=OPENREFINE)
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers
    asked = {**OPENREFINE, "Access-Control-Request-Method": "POST"}
    asked["Access-Control-Request-Headers"] = "authorization"
    assert client.options("/reconcile", headers=asked).status_code == 200
    for path in ("/v1/runs", "/reconcile-key", "/", "/v1/reconcile-keys", "/livez"):
        answer = client.get(path, headers=OPENREFINE, follow_redirects=False)
        assert "access-control-allow-origin" not in answer.headers


# --- Hostile rows ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"queries": "{}", "extend": "{}"},
        {"queries": ""},
        {"extend": ""},
        {"queries": "[]"},
        {"queries": "[" * 50_000},
        {"queries": '{"q":' * 50_000},
        {"queries": '{"q": {"query": "\\ud800"}}'},
        {"queries": '{"q": {"query": "a", "limit": 0}}'},
        {"queries": '{"q": {"query": "a", "limit": 1e999}}'},
        {"queries": '{"q": {"query": "a", "more": 1}}'},
        {"queries": '{"q": {}}'},
        {"queries": '{"q": {"query": ["a"]}}'},
        {"queries": '{"q": {"query": "a", "properties": [{"pid": "email"}]}}'},
        {"queries": '{"q": {"properties": [{"pid": "phone", "v": ' + "9" * 5000 + "}]}}"},
        {"queries": '{"q": {"properties": [{"pid": "phone", "v": NaN}]}}'},
        {"queries": '{"q": {"properties": [{"pid": "phone", "v": [[]]}]}}'},
        {"queries": json.dumps({"q": {"properties": [{"pid": "email", "v": ["a"] * 6}]}})},
        {"queries": json.dumps({"x" * 101: {"query": "a"}})},
        {"extend": '{"ids": [1], "properties": []}'},
        {"extend": '{"ids": [null], "properties": [{"id": "email"}]}'},
        {"extend": '{"ids": "x"}'},
    ],
)
def test_what_is_wrong_is_a_problem(client: TestClient, address: str, form: dict[str, str]) -> None:
    answer = client.post(address, data=form)
    assert (answer.status_code, answer.json()["code"]) == (422, "wrong_request")
    assert answer.headers["content-type"] == "application/problem+json"
    assert len(answer.text) < 20_000


def test_a_long_cell_does_not_hold_up_its_neighbours(client: TestClient, address: str) -> None:
    rows = {"q0": {"query": "x " * 10_000}, "q1": {"query": "Ann Lee"}}
    answer = client.post(address, data={"queries": json.dumps(rows)}).json()
    assert (answer["q0"]["result"], answer["q1"]["result"][0]["id"]) == ([], ANN)
    odd = ["\0", "\x00ann", "' or 1=1 --", "NEAR(", '"', "*", "🙂", "a" * 5000, "%", " "]
    for text in odd:
        matched(client, address, query=text, properties=[{"pid": "email", "v": text}])
        extension(client, address, [text[:100]], "email").raise_for_status()


scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=40),
    st.sampled_from([ANN, ACME, "Ann Lee", "ann.lee@lee.example", "+44 20 7946 0199", "a.b"]),
)
words = st.sampled_from(
    ["query", "type", "limit", "properties", "pid", "v", "id", "name", "type_strict", "ids", "q"]
)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=5),
    max_leaves=20,
)
values = st.one_of(scalars, st.lists(scalars, max_size=6), st.fixed_dictionaries({"id": scalars}))
properties = st.lists(
    st.fixed_dictionaries({"pid": st.sampled_from([*PROPERTIES, "x"]) | scalars, "v": values}),
    max_size=4,
)
queries = st.fixed_dictionaries(
    {"query": scalars},
    optional={
        "type": scalars | st.lists(st.sampled_from(["Person", "Company", "x"]), max_size=3),
        "limit": st.integers(-1, 60) | scalars,
        "type_strict": st.sampled_from(["any", "all", "should"]) | scalars,
        "properties": properties | scalars,
    },
)
extensions = st.fixed_dictionaries(
    {
        "ids": st.lists(scalars, max_size=4),
        "properties": st.lists(
            st.fixed_dictionaries({"id": st.sampled_from([*PROPERTIES]) | scalars}), max_size=4
        ),
    }
)


@settings(
    max_examples=300,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    field=st.sampled_from(["queries", "extend"]),
    document=anything
    | st.dictionaries(st.text(max_size=5), queries | anything, max_size=3)
    | extensions,
)
def test_whatever_comes_is_answered(
    client: TestClient,
    address: str,
    field: str,
    document: Any,  # noqa: ANN401
) -> None:
    answer = client.post(address, data={field: json.dumps(document)})
    assert answer.status_code in (200, 422), answer.text
    if answer.status_code != 200:
        assert answer.json()["code"] == "wrong_request"
        return
    if field == "extend":
        assert set(answer.json()) == {"meta", "rows"}
        return
    assert list(answer.json()) == list(document)
    for one in (one for found in answer.json().values() for one in found["result"]):
        assert 0 <= one["score"] <= 100
        assert one["id"]
        assert one["name"]


# --- The page -------------------------------------------------------------------------------------


def test_the_page_shows_an_address_once(service: Service) -> None:
    with TestClient(create_app(service)) as browser:
        ticket = service.sessions.ticket(Caller("pat", STEWARD))
        front = browser.get(f"/login?ticket={ticket}")
        assert 'href="/reconcile-key"' in front.text
        page = browser.get("/reconcile-key")
        (form_token,) = set(re.findall(r'name="form_token" value="([^"]+)"', page.text))
        assert browser.post("/reconcile-key", data={"form_token": "x"}).status_code == 403
        made = browser.post("/reconcile-key", data={"form_token": form_token})
        assert made.headers["cache-control"] == "no-store"
        (address,) = re.findall(r"http://testserver(/reconcile/[\w-]{43})", made.text)
        assert browser.get(address).status_code == 200
        again = browser.get("/reconcile-key").text
        assert address not in again
        (key_id,) = re.findall(r'name="key_id" value="(\w+)"', again)
        told = browser.post(
            "/reconcile-key/revoke", data={"form_token": form_token, "key_id": key_id}
        )
        assert "Revoked" in told.text
        assert browser.get(address).status_code == 401


def test_a_public_address_stands_in_the_manifest(
    service: Service, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy that ends TLS hands on http: what comes in does not say how the caller came."""
    public = service.settings.serve.model_copy(update={"public_url": "https://who.example"})
    changed = service.settings.with_changes(serve=public)
    monkeypatch.setattr(service, "settings", changed)
    manifest = client.get("/reconcile").json()
    assert manifest["preview"]["url"].startswith("https://who.example/reconcile/")
    assert manifest["view"]["url"].startswith("https://who.example/reconcile/view/")
