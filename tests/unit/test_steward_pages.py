"""Pages of stewards: what surrounds a question, what follows, batches, second opinions, links."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, cast

import pytest
from fastapi.testclient import TestClient

from orchestrator.api.agreement import (
    cohens_kappa,
    is_sampled,
    judged_by,
    second_opinions_wanted,
    stewards_agreements,
)
from orchestrator.api.app import create_app
from orchestrator.api.callers import READER, STEWARD, Caller
from orchestrator.api.held_decisions import contradicted_by
from orchestrator.api.problems import Refusal
from orchestrator.api.start import open_service
from orchestrator.api.web.consequences import text_of_verdict
from orchestrator.api.web.link_graph import MOST_RECORDS, link_graph
from orchestrator.api.web.questions import question_about
from orchestrator.api.web.timeline import timeline
from orchestrator.decisions.decision import StewardDecision
from orchestrator.serving.build import build_snapshot
from orchestrator.settings.values import Settings
from orchestrator.steps import StepClock
from tests.serving_sample import (
    ACME,
    ANN,
    ANN_1,
    ANN_2,
    BOB,
    BOB_3,
    NOW,
    ROWS,
    PublishedSample,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from orchestrator.api.callers import LocalKey
    from orchestrator.api.service import Service
    from orchestrator.bigquery.connect import Connection

CYD: Final = "per_01ffffffffffffffffffffffff"
CYD_4: Final = "salesforce:contact:4"
FURTHER: Final = tuple(f"hubspot:contact:{number}" for number in range(50, 58))


def _decided(left: str, right: str, verdict: str, by: str, number: int) -> dict[str, Any]:
    return {
        "decision_id": f"dec_{number}",
        "entity": "person",
        "left_id": left,
        "right_id": right,
        "verdict": verdict,
        "decided_at": NOW + timedelta(minutes=number),
        "decided_by": by,
        "state": "applied",
    }


def _question(priority: int, **values: Any) -> dict[str, Any]:  # noqa: ANN401 - of a row
    return {
        "entity": "person",
        "priority": priority,
        "question": "merge",
        "entity_id_l": ANN,
        "entity_id_r": BOB,
        "record_id_l": ANN_1,
        "record_id_r": BOB_3,
        "n_records_l": 2,
        "n_records_r": 1,
        "match_weight": 3.3,
        "worth": 1.0,
        **values,
    }


WORLD: Final[dict[str, list[dict[str, Any]]]] = {
    **ROWS,
    "dim_persons": [
        {**ROWS["dim_persons"][0], "company_id": ACME, "company_name": "Acme"},
        ROWS["dim_persons"][1],
        {"person_id": CYD, "display_name": "Cyd Lee", "n_records": 1},
    ],
    "bridge_person_records": [
        *ROWS["bridge_person_records"],
        {"record_id": CYD_4, "person_id": CYD},
        *({"record_id": one, "person_id": ANN} for one in FURTHER),
    ],
    "int_record_texts": [
        *ROWS["int_record_texts"],
        {"entity": "person", "record_id": CYD_4, "record_name": "cyd", "record_contacts": "x"},
        *({"entity": "person", "record_id": one, "record_name": "a. lee"} for one in FURTHER),
    ],
    "bridge_household_persons": [
        {"household_id": "h1", "person_id": one, "confidence": 0.9} for one in (ANN, CYD)
    ],
    "match_review_queue": [
        _question(1),
        _question(2, entity_id_r=CYD, record_id_r=CYD_4),
        _question(3, question="split", entity_id_r=ANN, record_id_r=ANN_2, n_records_moved=1),
        _question(4, entity_id_l=BOB, record_id_l=BOB_3, entity_id_r=CYD, record_id_r=CYD_4),
    ],
    "match_explanations": [
        {
            "entity": "person",
            "entity_id": ANN,
            "record_id_l": ANN_2,
            "record_id_r": ANN_1,
            "match_weight": 12.5,
            "step": step,
            "comparison": comparison,
            "weight": 6.25,
        }
        for step, comparison in enumerate(("prior", "email"))
    ],
    "decision_audit": [
        _decided(ANN_1, BOB_3, "different", "dora", 1),
        _decided(BOB_3, CYD_4, "same", "dora", 2),
    ],
    "match_model_parameters": [
        {
            "entity": "person",
            "model_version": version,
            "comparison": "email",
            "level": 1,
            "match_weight": weight,
            "m_probability": 0.9,
            "u_probability": 0.001,
            "trained_at": NOW + timedelta(days=days),
        }
        for days, (version, weight) in enumerate((("m1", 13.0), ("m2", 11.5)))
    ],
    "blocking_rule_yield": [{"entity": "person", "rule_bit": 0, "rule": "email", "n_pairs": 1234}],
    "fct_runs": [
        {
            "run_id": f"r{number}",
            "status": "success" if number else "failed",
            "is_success": bool(number),
            "started_at": NOW + timedelta(days=number),
            "ended_at": NOW + timedelta(days=number, minutes=4),
            "duration_seconds": 240.0,
            "bytes_billed": 1 << 30,
        }
        for number in range(3)
    ],
    "match_quality": [
        {
            "entity": "person",
            "run_started_at": NOW + timedelta(days=number),
            "expected_precision": 0.9,
            "expected_recall": 0.8,
        }
        for number in range(3)
    ],
    "run_anomalies": [
        {"metric": "n_records", "scope": "person", "value": 5.0, "usual_value": 9.0}
        | {"is_anomalous": is_odd, "score": -4.0, "what_to_do": f"look: {is_odd}"}
        for is_odd in (True, False)
    ],
    "alert_events": [
        {"fingerprint": "f1", "stage": "new", "subject": "dim_persons", "text": "too few rows"}
        | {"happened_at": NOW, "first_seen_at": NOW, "severity": "error", "what_to_do": "look"},
        {"fingerprint": "f2", "stage": "new", "subject": "healed", "happened_at": NOW},
        {"fingerprint": "f2", "stage": "resolved", "subject": "healed"}
        | {"happened_at": NOW + timedelta(hours=1)},
    ],
}


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Service:
    """Return a service over the world above, whose warehouse takes everything."""
    monkeypatch.setattr("orchestrator.api.outbox.append", lambda connection, decisions: None)
    monkeypatch.setattr("orchestrator.api.outbox.ensure_own_tables", lambda connection: None)
    settings = Settings(state_folder=tmp_path / "state")
    build_snapshot(cast("Connection", PublishedSample(settings, WORLD)), "r2", StepClock())
    opened = open_service(settings)
    opened.outbox._connect = lambda: cast("Connection", None)
    return opened


@pytest.fixture
def browser(service: Service) -> Iterator[TestClient]:
    """Open the pages as a steward."""
    with TestClient(create_app(service)) as client:
        sign_in(client, service, Caller("erin", STEWARD))
        yield client


def sign_in(client: TestClient, service: Service, caller: Caller) -> None:
    """Sign somebody in."""
    client.cookies.clear()
    assert client.get(f"/login?ticket={service.sessions.ticket(caller)}").status_code == 200


def forms(text: str, action: str) -> list[dict[str, str]]:
    """Return the hidden fields of each form that goes to an address."""
    found = re.findall(rf'<form[^>]* action="{re.escape(action)}".*?</form>', text, re.DOTALL)
    return [
        {
            name: html.unescape(value)
            for name, value in re.findall(
                r'<input type="hidden" name="(\w+)" value="([^"]*)"', form
            )
        }
        for form in found
    ]


def test_a_question_stands_among_its_surroundings(browser: TestClient) -> None:
    page = browser.get("/review").text
    around = page.partition('id="around"')[2]
    assert "a. lee" in around
    assert "and 3 more" in around
    assert f'<a href="/persons/{CYD}">Cyd Lee</a>' in around
    assert f'<a href="/companies/{ACME}">Acme</a>' in around
    # The two that are asked about are not shown a second time.
    assert ANN_1 not in around.partition("</form>")[0].partition("<form")[0]


def test_a_reader_sees_the_surroundings_masked(browser: TestClient, service: Service) -> None:
    sign_in(browser, service, Caller("ray", READER))
    page = browser.get("/review").text
    assert "ann.lee@lee.example" not in page
    assert 'name="verdict"' not in page
    assert browser.get("/second-opinion").status_code == 403


def test_a_verdict_says_what_it_will_change(browser: TestClient) -> None:
    page = browser.get("/review").text
    assert "2 + 1 records at most." in page
    assert "They stay two, whatever joins either of them." in page
    split = browser.get("/review?skip=2").text
    assert "1 of its 3 records leaves it." in split
    # The run binds no more than the two that are named.
    assert "The two stay together, the others of its 3 records by their weights." in split
    assert "One, or two in one?" in split


def test_blind_hides_whose_the_records_are(browser: TestClient) -> None:
    page = browser.get("/review?skip=2&blind=1").text.partition('id="latest"')[0]
    for hidden in (ANN, BOB, "Around them", "leaves it", "aria-describedby", "two in one"):
        assert hidden not in page


def test_what_a_verdict_contradicts_is_named_before_and_after(
    browser: TestClient, service: Service
) -> None:
    """Ann is not Bob, and Bob is Cyd: so Ann cannot be Cyd."""
    page = browser.get("/review?skip=1").text
    same, different = (
        page.partition(f'id="will-{verdict}"')[2].partition("</dd>")[0]
        for verdict in ("same", "different")
    )
    assert "Contradicts" in same
    assert "dec_1" in same
    assert "Contradicts" not in different
    form = next(one for one in forms(page, "/decide") if one["right_id"] == CYD_4)
    answer = browser.post("/decide", data={**form, "verdict": "same"})
    assert "It contradicts dec_1 by way of others" in answer.text
    assert len(service.outbox.all()) == 1


def test_decisions_that_do_not_meet_contradict_nothing(service: Service) -> None:
    service.holder.refresh()
    snapshot = service.snapshot
    new = StewardDecision("person", ANN_1, CYD_4, "same", "erin", NOW + timedelta(days=1), "")
    assert [one.decision_id for one in contradicted_by(snapshot, [], new.named())] == ["dec_1"]
    undone = StewardDecision("person", BOB_3, CYD_4, "unsure", "erin", NOW + timedelta(days=1), "")
    assert contradicted_by(snapshot, [undone.named()], new.named()) == []
    apart = StewardDecision("person", BOB, CYD, "different", "erin", NOW + timedelta(days=1), "")
    assert [one.decision_id for one in contradicted_by(snapshot, [], apart.named())] == ["dec_2"]


def test_the_questions_about_one_are_decided_together(
    browser: TestClient, service: Service
) -> None:
    assert f'href="/review/persons/{ANN}"' in browser.get("/review").text
    page = browser.get(f"/review/persons/{ANN}").text
    assert page.count('name="priority"') == 3
    (form,) = forms(page, f"/review/persons/{ANN}")
    data = {**form, "verdict": "different", "priority": ["1", "3"], "reason": "two voices"}
    answer = browser.post(f"/review/persons/{ANN}", data=data)
    assert "Decided: different, 2 times" in answer.text
    assert answer.text.count('name="priority"') == 1
    kept = {one.decision.references for one in service.outbox.all()}
    assert kept == {tuple(sorted((ANN_1, BOB_3))), tuple(sorted((ANN_1, ANN_2)))}
    # Sent again, and with nothing ticked, it changes nothing.
    again = browser.post(f"/review/persons/{ANN}", data=data)
    assert "had been decided before" in again.text
    nothing = browser.post(f"/review/persons/{ANN}", data={**form, "verdict": "same"})
    assert "Nothing was ticked" in nothing.text
    assert len(service.outbox.all()) == 2


def test_a_batch_is_no_longer_than_can_be_decided(
    browser: TestClient, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orchestrator.api.web.batch_pages.MOST_AT_ONCE", 2)
    page = browser.get(f"/review/persons/{ANN}").text
    assert page.count('name="priority"') == 2
    assert "The first 2 of 3" in page
    (form,) = forms(page, f"/review/persons/{ANN}")
    data = {**form, "verdict": "unsure", "priority": ["1", "2", "4"]}
    answer = browser.post(f"/review/persons/{ANN}", data=data)
    # The fourth question is about others.
    assert "Decided: unsure, 2 times" in answer.text
    assert len(service.outbox.all()) == 2


def test_both_sides_of_all_questions_are_audited(
    browser: TestClient, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, ...]] = []
    monkeypatch.setattr(service, "audit", lambda caller, action, *ids: seen.append(ids))
    browser.get(f"/review/persons/{CYD}")
    key = cast("LocalKey", service.tokens).key
    browser.get("/v1/review", headers={"Authorization": f"Bearer {key}"})
    assert [set(ids) for ids in seen] == [{ANN, BOB, CYD}] * 2


def test_the_front_counts_what_is_open(browser: TestClient) -> None:
    assert "4 questions about" in browser.get("/").text
    form = next(one for one in forms(browser.get("/review").text, "/decide") if "left_id" in one)
    browser.post("/decide", data={**form, "verdict": "unsure"})
    assert "3 questions about" in browser.get("/").text


def test_a_batch_of_older_data_decides_nothing(browser: TestClient, service: Service) -> None:
    page = browser.get(f"/review/persons/{ANN}").text
    (form,) = forms(page, f"/review/persons/{ANN}")
    data = {**form, "snapshot_name": "an older one", "verdict": "same", "priority": ["1"]}
    answer = browser.post(f"/review/persons/{ANN}", data=data)
    assert "nothing was decided" in answer.text
    foreign = browser.post(f"/review/persons/{ANN}", data={**data, "form_token": "guess"})
    assert foreign.status_code == 403
    assert service.outbox.all() == []


def test_a_reader_decides_no_batch(browser: TestClient, service: Service) -> None:
    sign_in(browser, service, Caller("ray", READER))
    page = browser.get(f"/review/persons/{ANN}").text
    (form,) = forms(page, f"/review/persons/{ANN}")
    data = {**form, "verdict": "same", "priority": ["1"]}
    assert browser.post(f"/review/persons/{ANN}", data=data).status_code == 403
    assert service.outbox.all() == []


def test_the_missing_one_is_searched_and_merged(browser: TestClient, service: Service) -> None:
    for start in ("/review", f"/persons/{ANN}"):
        (form,) = (one for one in forms(browser.get(start).text, "/") if "sought_for" in one)
        found = browser.post("/", data={**form, "text": "cyd"})
        (hit,) = forms(found.text, "/decide")
        assert (hit["left_id"], hit["right_id"]) == (form["sought_for"], CYD)
        assert "Decided: same" in browser.post("/decide", data={**hit, "verdict": "same"}).text
    assert {one.decision.left_id for one in service.outbox.all()} == {ANN_1, ANN}


def test_an_entity_is_merged_by_its_id(browser: TestClient, service: Service) -> None:
    (form,) = (
        one
        for one in forms(browser.get(f"/persons/{ANN}").text, "/decide")
        if one["key"].endswith("-merge")
    )
    data = {**form, "right_id": f" {CYD} ", "verdict": "same"}
    assert "Decided: same" in browser.post("/decide", data=data).text
    assert service.outbox.all()[0].decision.right_id == CYD
    unknown = browser.post("/decide", data={**data, "right_id": "per_nobody", "key": "k" * 9})
    assert unknown.status_code == 404


def test_a_second_opinion_is_blind(
    browser: TestClient, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orchestrator.api.agreement.SAMPLED_OF", 1)
    assert "2 wait for you" in browser.get("/agreement").text
    page = browser.get("/second-opinion").text
    main = page.partition("<main")[2]
    for hidden in ("dora", "dec_1", "dec_2", "Contradicts", "bits", ANN, "Around them"):
        assert hidden not in main
    (form,) = forms(page, "/decide")
    assert {form["left_id"], form["right_id"]} == {ANN_1, BOB_3}
    answer = browser.post("/decide", data={**form, "verdict": "same"})
    assert answer.url.path == "/second-opinion"
    assert "wait for one: 1." in answer.text
    told = browser.get("/agreement").text
    assert "dora: different, erin: same" in html.unescape(told)
    assert "0%" in told
    # Nobody is asked about what they have decided themselves.
    sign_in(browser, service, Caller("dora", STEWARD))
    assert "None is left" in browser.get("/second-opinion").text


def test_a_record_is_not_asked_about_beside_itself(service: Service) -> None:
    service.holder.refresh()
    for pair in ((ANN_1, ANN), (ANN, ANN_1), (FURTHER[0], ANN), (ANN, BOB)):
        asked = question_about(service.snapshot, _said(*pair))
        assert asked is not None
        assert asked["record_id_l"] != asked["record_id_r"]
        assert {asked["entity_id_l"], asked["entity_id_r"]} <= {ANN, BOB}
    # Of somebody with one record nothing else is left; of others nothing at all.
    assert question_about(service.snapshot, _said(BOB, BOB_3)) is None
    assert question_about(service.snapshot, _said(ANN_1, "per_gone")) is None


def _said(left: str, right: str) -> StewardDecision:
    return StewardDecision("person", left, right, "same", "dora", NOW, "")


def test_later_is_kept_when_the_next_one_is_decided(
    browser: TestClient, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orchestrator.api.agreement.SAMPLED_OF", 1)
    (form,) = forms(browser.get("/second-opinion?skip=1").text, "/decide")
    assert {form["left_id"], form["right_id"]} == {BOB_3, CYD_4}
    answer = browser.post("/decide", data={**form, "verdict": "same"})
    assert "That was the last one" in answer.text
    (form,) = forms(browser.get("/second-opinion").text, "/decide")
    assert {form["left_id"], form["right_id"]} == {ANN_1, BOB_3}


def test_kappa() -> None:
    # Cohen's own kind of table: 20 and 15 agreed, 5 and 10 not; chance agrees on half of them.
    table = [("same", "same")] * 20 + [("same", "different")] * 5
    table += [("different", "same")] * 10 + [("different", "different")] * 15
    assert cohens_kappa(table) == pytest.approx(0.4)
    assert cohens_kappa([("same", "same")] * 3) is None
    assert cohens_kappa([("same", "different"), ("different", "same")]) == -1.0


def test_the_last_word_of_each_steward_counts() -> None:
    said = [
        StewardDecision("person", "a", "b", verdict, who, datetime(2026, 1, day, tzinfo=UTC), "")
        for day, who, verdict in ((1, "x", "same"), (2, "x", "different"), (3, "y", "different"))
    ]
    judged = judged_by(reversed(said))
    (found,) = stewards_agreements(judged)
    assert (found.first, found.second, found.n_pairs, found.n_agreed) == ("x", "y", 1, 1)
    assert second_opinions_wanted(judged, "z") == []


def test_the_sample_is_a_fifth_and_always_the_same() -> None:
    pairs = [("person", f"a{number}", f"b{number}") for number in range(2000)]
    sampled = [pair for pair in pairs if is_sampled(pair)]
    assert 300 < len(sampled) < 500
    assert sampled == [pair for pair in pairs if is_sampled(pair)]


def test_links_are_drawn(browser: TestClient, service: Service) -> None:
    page = browser.get(f"/persons/{ANN}").text
    drawing = page.partition('class="links"')[2].partition("</svg>")[0]
    assert drawing.count("<circle") == 10
    assert drawing.count("<line") == 1
    assert "+12.5 bits" in drawing
    assert " style=" not in page
    assert 'class="links"' not in browser.get(f"/persons/{BOB}").text
    many = [{"record_id": f"r{number}"} for number in range(MOST_RECORDS + 5)]
    graph = link_graph(service.snapshot, "person", many, many, 500)
    assert graph is not None
    assert (len(graph.spots), graph.links) == (MOST_RECORDS, [])
    # Also those that the table of the page has no room for.
    assert graph.n_left_out == 500 - MOST_RECORDS


def test_a_reader_sees_no_contact_in_the_links(tmp_path: Path) -> None:
    mailboxes = [f"gmail:person:{name}@lee.example" for name in ("ann", "ann.lee")]
    of_ann = [{"record_id": one, "person_id": ANN} for one in mailboxes]
    link = {"entity": "person", "record_id_l": mailboxes[0], "record_id_r": mailboxes[1]}
    links = [{**link, "match_weight": 9.0}, {**link, "entity": "company", "match_weight": 1.0}]
    settings = Settings(state_folder=tmp_path / "state")
    rows = {**ROWS, "bridge_person_records": of_ann, "match_explanations": links}
    build_snapshot(cast("Connection", PublishedSample(settings, rows)), "r2", StepClock())
    service = open_service(settings)
    with TestClient(create_app(service)) as client:
        sign_in(client, service, Caller("ray", READER))
        page = client.get(f"/persons/{ANN}").text
    assert "+9.0 bits" in page
    # Of a company there may be records of the same names.
    assert "+1.0 bits" not in page
    assert "@lee.example" not in page


def test_messages_and_calls_stand_in_the_timeline(
    browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = [
        {
            "occurred_at": "2026-12-01T08:00:00Z",
            "direction": "inbound",
            "channel": "call",
            "subject": "about <b>it</b>",
            "participant_role": "caller",
            "duration_seconds": 61,
        }
    ]
    monkeypatch.setattr(
        "orchestrator.api.web.entity_pages.latest_interactions", lambda *asked: calls
    )
    path = f"/persons/{ANN}/timeline"
    (form,) = forms(browser.get(f"/persons/{ANN}").text, path)
    page = browser.post(path, data=form).text
    listed = page.partition('class="timeline"')[2]
    assert listed.index("inbound call") < listed.index("born")
    assert "about &lt;b&gt;it&lt;/b&gt;, as caller, 61 seconds" in listed
    assert browser.post(path, data={"form_token": "guess"}).status_code == 403
    assert browser.post("/persons/nobody/timeline", data=form).status_code == 404

    def away(*asked: object) -> None:
        raise Refusal("too_slow", "ask again later")

    monkeypatch.setattr("orchestrator.api.web.entity_pages.latest_interactions", away)
    assert browser.post(path, data=form).status_code == 504


def test_what_has_no_time_comes_last() -> None:
    row = {"event": "born", "cause": None, "n_records": 1, "entity_id_before": None}
    row["entity_id"] = "a"
    rows = [{**row, "happened_at": None}, {**row, "happened_at": "2026-11-30T02:15:00Z"}]
    found = timeline("a", rows, [])
    assert [one.at for one in found] == ["2026-11-30T02:15:00Z", ""]
    assert {one.more for one in found} == {"1 record"}


def test_what_came_and_what_went_is_told_apart() -> None:
    row = {"happened_at": "2026-11-30T02:15:00Z", "cause": "decision", "n_records": 1}
    history = [
        {**row, "event": "split", "entity_id_before": "a", "entity_id": "new"},
        {**row, "event": "merged", "entity_id_before": "old", "entity_id": "a"},
        {**row, "event": "updated", "entity_id_before": "a", "entity_id": "a"},
        {**row, "event": "shrank", "entity_id_before": "a", "entity_id": None},
    ]
    found = {one.what: (one.came_from, one.went_to) for one in timeline("a", history, [])}
    nowhere = ("", "")
    assert found == {
        "split": ("", "new"),
        "merged": ("old", ""),
        "updated": nowhere,
        "shrank": nowhere,
    }


def test_runs_are_drawn_and_told(browser: TestClient) -> None:
    page = browser.get("/runs").text
    assert page.count('class="chart"') == 3
    assert "too few rows" in page
    assert "healed" not in page
    assert "look: True" in page
    assert "look: False" not in page
    # Colours come from the style sheet of the page: nothing of a chart needs a style of its own.
    assert " style=" not in page
    assert "var(--accent)" in browser.get("/charts.css").text
    one = browser.get("/runs/r1").text
    assert "dim_persons" in one
    assert browser.get("/runs/none").status_code == 404


def test_versions_of_the_model_stand_beside_each_other(browser: TestClient) -> None:
    newest = browser.get("/model").text
    assert "+11.5" in newest
    assert "1,234" in newest
    beside = browser.get("/model?version=m2&beside=m1").text
    assert "+13.0" in beside
    assert "<strong>-1.5</strong>" in beside
    assert "+13.0" in browser.get("/model?version=m1").text
    assert "+11.5" in browser.get("/model?version=unknown&beside=unknown").text


@pytest.mark.parametrize("verdict", ["same", "different", "unsure"])
def test_consequences_have_words(verdict: str) -> None:
    merge = {"entity_id_l": "a", "entity_id_r": "b", "n_records_l": None, "n_records_r": 2}
    split = {"entity_id_l": "a", "entity_id_r": "a", "n_records_l": 3, "n_records_r": 3}
    assert text_of_verdict(merge, verdict).endswith(".")
    assert text_of_verdict({**split, "n_records_moved": None}, verdict).endswith(".")
    assert text_of_verdict(merge, verdict) != text_of_verdict(split, verdict)


def test_ids_and_names_made_of_contacts_are_masked_for_a_reader(tmp_path: Path) -> None:
    """A mailbox's record has its address in its id; a steward may be known by an address."""
    mailbox, steward = "gmail:mailbox:ann.lee@lee.example", "dora@corp.example"
    world = {
        **WORLD,
        "bridge_person_records": [
            *WORLD["bridge_person_records"],
            {"record_id": mailbox, "person_id": ANN},
        ],
        "match_explanations": [
            {**row, "record_id_l": mailbox} for row in WORLD["match_explanations"]
        ],
        "decision_audit": [
            _decided(ANN_1, BOB_3, "different", steward, 1),
            _decided(BOB_3, CYD_4, "same", steward, 2),
            _decided(BOB_3, CYD_4, "different", "eve@corp.example", 0),
        ],
    }
    settings = Settings(state_folder=tmp_path / "state")
    build_snapshot(cast("Connection", PublishedSample(settings, world)), "r2", StepClock())
    service = open_service(settings)
    service.outbox._connect = lambda: cast("Connection", None)
    service.holder.refresh()
    shown = ("/review?skip=1", "/agreement", f"/persons/{ANN}", f"/review/persons/{ANN}")
    client = TestClient(create_app(service))
    sign_in(client, service, Caller("ray", READER))
    for address in shown:
        text = client.get(address).text
        assert re.findall(r"[\w.]+@[\w.]+", text) == [], address
    assert "+12.5 bits" in client.get(f"/persons/{ANN}").text
    sign_in(client, service, Caller("erin", STEWARD))
    for address, word in zip(shown, (steward, steward, mailbox), strict=False):
        assert word in client.get(address).text


def test_a_batch_decides_what_was_shown_and_nothing_else(
    browser: TestClient, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Newer data may come while it is decided: what a number names is then another question."""
    older = service.snapshot
    (form,) = forms(browser.get(f"/review/persons/{ANN}").text, f"/review/persons/{ANN}")
    queue = [{**row, "priority": 5 - row["priority"]} for row in WORLD["match_review_queue"]]
    world = {**WORLD, "match_review_queue": queue}
    build_snapshot(cast("Connection", PublishedSample(service.settings, world)), "r3", StepClock())
    assert service.holder.refresh()
    newer = service.snapshot
    reads = iter([older])
    monkeypatch.setattr(type(service.holder), "snapshot", property(lambda _: next(reads, newer)))
    data = {**form, "verdict": "different", "priority": ["1", "4"]}
    assert "1 times" in browser.post(f"/review/persons/{ANN}", data=data).text
    (kept,) = service.outbox.all()
    assert kept.decision.references == tuple(sorted((ANN_1, BOB_3)))


def test_charts_are_drawn_once_for_all(
    browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[int] = []

    def draw(runs: list[Any]) -> str:
        drawn.append(len(runs))
        return "<svg>of three</svg>"

    monkeypatch.setattr("orchestrator.report.run_charts.run_duration_chart", draw)
    for _ in range(3):
        assert "<svg>of three</svg>" in browser.get("/runs").text
    assert drawn == [3]
