"""The pages: login, forms of other sites, values that look like markup, and decisions by hand."""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING, Any, Final, cast

import pytest
from fastapi.testclient import TestClient

from orchestrator.api.app import create_app
from orchestrator.api.start import open_service
from orchestrator.api.web.bars import with_bars
from orchestrator.api.web.differences import marked_differences
from orchestrator.api.web.sessions import COOKIE
from orchestrator.serving.build import build_snapshot
from orchestrator.settings.values import Settings
from orchestrator.steps import StepClock
from tests.serving_sample import (
    ACME,
    ANN,
    ANN_1,
    ANN_2,
    GONE,
    ROWS,
    WAS_ANN,
    PublishedSample,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from orchestrator.api.callers import LocalKey
    from orchestrator.api.service import Service
    from orchestrator.bigquery.connect import Connection

ATTACK: Final = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Service:
    """Return a service whose warehouse takes everything."""
    monkeypatch.setattr("orchestrator.api.outbox.append", lambda connection, decisions: None)
    monkeypatch.setattr("orchestrator.api.outbox.ensure_own_tables", lambda connection: None)
    settings = Settings(state_folder=tmp_path / "state")
    person = {**ROWS["dim_persons"][0], "display_name": ATTACK, "company_id": ACME}
    question = {
        **ROWS["match_review_queue"][0],
        "name_l": "Ann Lee",
        "name_r": "Anne Lee",
        "address_l": ATTACK,
        "why": ATTACK,
        "match_weight": 3.25,
        "record_id_l": ANN_1,
        "record_id_r": ANN_2,
    }
    rows = {
        **ROWS,
        "dim_persons": [person, ROWS["dim_persons"][1]],
        "match_review_queue": [question, *ROWS["match_review_queue"][1:]],
        "person_value_provenance": [{"person_id": ANN, "field": "given_name", "value": ATTACK}],
        "int_record_texts": [
            {"entity": "person", "record_id": ANN_1, "record_name": ATTACK},
            *ROWS["int_record_texts"][1:],
        ],
    }
    build_snapshot(cast("Connection", PublishedSample(settings, rows)), "r1", StepClock())
    opened = open_service(settings)
    opened.outbox._connect = lambda: cast("Connection", None)
    return opened


@pytest.fixture
def browser(service: Service) -> Iterator[TestClient]:
    """Open the pages with the link of the command."""
    with TestClient(create_app(service)) as client:
        ticket = service.sessions.ticket(cast("LocalKey", service.tokens).owner)
        assert client.get(f"/login?ticket={ticket}").status_code == 200
        yield client


def form_token(text: str) -> str:
    """Return the token of the forms of a page."""
    return str(re.findall(r'name="form_token" value="([^"]+)"', text)[0])


def fields(text: str, action: str) -> dict[str, str]:
    """Return the hidden fields of the first form that goes to an address."""
    form = re.findall(rf'<form method="post" action="{action}".*?</form>', text, re.DOTALL)[0]
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)
    return {name: html.unescape(value) for name, value in found}


def test_a_link_works_once(service: Service) -> None:
    with TestClient(create_app(service), follow_redirects=False) as client:
        asked = client.get("/review")
        assert (asked.status_code, asked.headers["location"]) == (303, "/login")
        ticket = service.sessions.ticket(cast("LocalKey", service.tokens).owner)
        let_in = client.get(f"/login?ticket={ticket}")
        cookie = let_in.headers["set-cookie"]
        assert all(word in cookie for word in ("HttpOnly", "SameSite=strict", COOKIE))
        assert client.get("/review").status_code == 200
        client.cookies.clear()
        again = client.get(f"/login?ticket={ticket}")
        assert (again.status_code, "set-cookie" in again.headers) == (401, False)
        assert "this link was used" in again.text
        client.cookies.set(COOKIE, "made up")
        assert client.get("/").status_code == 303


def test_the_key_lets_in_too_and_guessing_ends(service: Service) -> None:
    with TestClient(create_app(service), follow_redirects=False) as client:
        assert client.post("/login", data={"key": "guess"}).status_code == 401
        key = cast("LocalKey", service.tokens).key
        assert client.post("/login", data={"key": f" {key} "}).status_code == 303
        front = client.get("/")
        assert client.post("/logout", data={"form_token": "x"}).status_code == 403
        out = client.post("/logout", data={"form_token": form_token(front.text)})
        assert out.headers["location"] == "/login"
        assert client.get("/").status_code == 303
        answers = {client.post("/login", data={"key": "guess"}).status_code for _ in range(25)}
        assert answers == {401, 429}


def test_what_looks_like_markup_is_text(browser: TestClient) -> None:
    token = form_token(browser.get("/").text)
    pages = [
        browser.get("/review"),
        browser.get(f"/persons/{ANN}"),
        browser.get(f"/companies/{ACME}"),
        browser.post("/", data={"text": ATTACK, "form_token": token}),
        browser.post("/", data={"text": "script alert", "form_token": token}),
    ]
    for page in pages:
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "<img" not in page.text
        policy = page.headers["content-security-policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert " style=" not in page.text
        assert " onclick=" not in page.text
    assert "&lt;script&gt;" in pages[0].text


def test_a_name_is_searched(browser: TestClient) -> None:
    token = form_token(browser.get("/").text)
    found = browser.post("/", data={"text": "muller", "form_token": token})
    assert "Bob Müller-Ray" in found.text
    nobody = browser.post("/", data={"text": "zzz qqq", "form_token": token})
    assert "Nobody is called like that" in nobody.text


def test_an_entity_has_all_its_sides(browser: TestClient) -> None:
    page = browser.get(f"/persons/{ANN}").text
    for shown in (ANN_1, ANN_2, "born", f"/companies/{ACME}"):
        assert shown in page
    assert f"/persons/{ANN}" in browser.get(f"/companies/{ACME}").text
    retired = browser.get(f"/persons/{WAS_ANN}")
    assert retired.url.path == f"/persons/{ANN}"
    assert f"{WAS_ANN} is retired" in retired.text
    assert browser.get(f"/companies/{WAS_ANN}").status_code == 404
    for unknown in (GONE, "nobody"):
        missing = browser.get(f"/persons/{unknown}")
        assert (missing.status_code, missing.headers["content-type"][:9]) == (404, "text/html")


def test_a_question_shows_what_differs(browser: TestClient) -> None:
    page = browser.get("/review").text
    assert "<mark>Ann</mark> Lee" in page
    assert "<mark>Anne</mark> Lee" in page
    assert "+3.2 bits in all" in page or "+3.3 bits in all" in page
    assert "3 of 3 questions" in page
    # What was decided before is there to be changed.
    assert "the night before" in page
    blind = browser.get("/review?blind=1").text
    assert "bits in all" not in blind
    assert 'value="same"' in blind
    later = browser.get("/review?skip=1").text
    assert f"{ANN_1}2" in later
    assert "No question is open" in browser.get("/review?entity=company").text
    assert browser.get("/review?entity=dog").status_code == 422


def test_a_decision_by_hand(browser: TestClient, service: Service) -> None:
    form = fields(browser.get("/review?blind=1").text, "/decide")
    answer = browser.post("/decide", data={**form, "verdict": "same", "reason": "one voice"})
    assert "Decided: same" in answer.text
    assert "2 of 3 questions" in answer.text
    assert answer.url.query == b"entity=person&blind=1"
    (kept,) = service.outbox.all()
    assert (kept.decision.left_id, kept.decision.right_id) == (ANN_1, ANN_2)
    assert (kept.decision.decided_by, kept.decision.reason) == ("local", "one voice")
    # Sent twice by a nervous hand, it is one decision.
    browser.post("/decide", data={**form, "verdict": "same", "reason": "one voice"})
    assert len(service.outbox.all()) == 1
    # It can be changed, and says what it takes the place of.
    change = fields(answer.text.partition('id="latest"')[2], "/decide")
    changed = browser.post("/decide", data={**change, "verdict": "unsure"})
    assert "It takes the place of dec_" in changed.text
    assert [one.decision.verdict for one in service.outbox.all()] == ["unsure", "same"]


def test_two_records_of_one_entity_are_told_apart(browser: TestClient, service: Service) -> None:
    form = fields(browser.get(f"/persons/{ANN}").text, "/decide")
    sides = {"left_id": ANN_1, "right_id": ANN_2, "verdict": "different"}
    assert "Decided: different" in browser.post("/decide", data={**form, **sides}).text
    assert len(service.outbox.all()) == 1
    same = browser.post("/decide", data={**form, **sides, "right_id": ANN_1, "key": "another-1"})
    assert (same.status_code, "both sides are the same" in same.text) == (422, True)


@pytest.mark.parametrize(
    ("headers", "changes"),
    [
        ({"Origin": "https://evil.example"}, {}),
        ({"Origin": "null"}, {}),
        ({"Origin": "http://["}, {}),
        ({"Sec-Fetch-Site": "cross-site"}, {}),
        ({"Sec-Fetch-Site": "same-site"}, {}),
        ({}, {"form_token": "guess"}),
        ({}, {"form_token": ""}),
    ],
)
def test_forms_of_other_sites_decide_nothing(
    browser: TestClient, service: Service, headers: dict[str, str], changes: dict[str, str]
) -> None:
    form = {**fields(browser.get("/review").text, "/decide"), "verdict": "same", **changes}
    refused = browser.post("/decide", data=form, headers=headers)
    assert refused.status_code == 403
    assert service.outbox.all() == []


def test_a_browser_says_that_our_forms_are_ours(browser: TestClient, service: Service) -> None:
    """With the policy no-referrer, browsers send `Origin: null` with a form of the same site."""
    page = browser.get("/review")
    assert page.headers["referrer-policy"] == "same-origin"
    form = {**fields(page.text, "/decide"), "verdict": "same"}
    ours = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}
    assert "Decided: same" in browser.post("/decide", data=form, headers=ours).text
    assert len(service.outbox.all()) == 1


def test_a_form_leads_to_no_other_site(browser: TestClient) -> None:
    form = {**fields(browser.get("/review").text, "/decide"), "verdict": "same"}
    for back in ("https://evil.example/", "//evil.example/", "/\\evil.example"):
        answer = browser.post("/decide", data={**form, "back": back}, follow_redirects=False)
        assert answer.headers["location"] == "/review"


def test_what_is_refused_is_shown_in_place_of_the_page(browser: TestClient) -> None:
    """By itself, htmx drops an answer that says no."""
    (config,) = re.findall(r"name=\"htmx-config\" content='([^']+)'", browser.get("/").text)
    assert {"code": "...", "swap": True} in json.loads(config)["responseHandling"]


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/review?entity=dog", 422, "query.entity: String should match"),
        ("/nowhere", 404, "To the search"),
        ("/persons/nobody", 404, "no entry in persons has this id"),
    ],
)
def test_people_get_a_page_and_programs_a_document(
    browser: TestClient, path: str, status: int, said: str
) -> None:
    for headers in ({"Accept": "text/html,*/*"}, {"HX-Request": "true"}):
        page = browser.get(path, headers=headers)
        assert (page.status_code, page.headers["content-type"][:9]) == (status, "text/html")
        assert said in page.text
    program = browser.get(f"/v1{path}", headers={"Accept": "text/html"})
    assert program.headers["content-type"] == "application/problem+json"


def test_without_a_snapshot_a_page_says_so(browser: TestClient, service: Service) -> None:
    service.holder._snapshot = None
    page = browser.get("/", headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["content-type"][:9]) == (503, "text/html")
    assert "concord snapshot" in page.text
    assert browser.get("/").headers["content-type"] == "application/problem+json"


def test_runs_and_model(browser: TestClient) -> None:
    runs = browser.get("/runs").text
    assert "r1" in runs
    assert "success" in runs
    assert "+13.0" in browser.get("/model").text
    assert "No model is in the snapshot" in browser.get("/model?entity=company").text


def test_static_files_and_what_is_not_there(browser: TestClient) -> None:
    for name in ("concord.css", "keys.js", "htmx.min.js", "htmx.LICENSE.txt"):
        assert browser.get(f"/static/{name}").status_code == 200
    assert browser.get("/static/../pages.py").status_code == 404


def test_without_a_key_of_this_machine_there_are_no_pages(service: Service) -> None:
    service.tokens = cast("Any", None)
    with TestClient(create_app(service)) as client:
        assert client.get("/review").status_code == 404


def test_differences_by_word() -> None:
    left, right = marked_differences("1 High St, Leeds", "1 high Street, Leeds")
    assert [piece.text for piece in left if piece.is_different] == ["St"]
    assert [piece.text for piece in right if piece.is_different] == ["Street"]
    assert "".join(piece.text for piece in right) == "1 high Street, Leeds"
    assert marked_differences(None, "x")[0] == []


def test_bars() -> None:
    rows = with_bars([{"w": 5.0}, {"w": -10.0}, {"w": None}], "w")
    assert [(row["bar_start"], row["bar_length"]) for row in rows] == [
        (100.0, 50.0),
        (0.0, 100.0),
        (100.0, 0.0),
    ]
    assert with_bars([], "w") == []


def test_the_link_of_the_command_opens_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from orchestrator.api import start
    from orchestrator.cli import execute

    class Server:
        def __init__(self, service: Service) -> None:
            self.service = service

        def run(self) -> None:
            """End at once."""

    made: list[Server] = []

    def make_server(service: Service) -> Server:
        made.append(Server(service))
        return made[0]

    monkeypatch.setenv("CONCORD_STATE_FOLDER", str(tmp_path))
    monkeypatch.setattr(start, "make_server", make_server)
    assert execute(["serve", "--port", "0"]) == 0
    (ticket,) = re.findall(r"login\?ticket=(\S+)", capsys.readouterr().out)
    with TestClient(create_app(made[0].service), follow_redirects=False) as client:
        assert client.get(f"/login?ticket={ticket}").headers["location"] == "/"
