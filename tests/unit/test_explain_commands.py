"""`concord show` and `concord explain`: what is found is told in words, or as JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import MagicMock

import pytest

from orchestrator.cli import execute
from orchestrator.explain.entity import Entity, bridge_of
from orchestrator.explain.find import Hit
from orchestrator.explain.statements import Statements
from tests.unit.test_explain_entity import MEMBERS, THEN
from tests.unit.test_explain_pair import pair

if TYPE_CHECKING:
    from orchestrator.explain.find import Meant

LEFT: Final = Hit("record", "person", "crm:contact:1", "per_1", None, None)
RIGHT: Final = replace(LEFT, record_id="web:lead:2", entity_id="per_2")
# What is known by which reference.
KNOWN: Final = {
    "left": LEFT,
    "right": RIGHT,
    "firm": Hit("entity", "company", None, "com_1", None, None),
    "old": Hit("retired", "person", None, "per_1", "merged", THEN),
}


@pytest.fixture(autouse=True)
def warehouse(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let references be found, and what they mean be one entity and one pair."""

    def rows(self: Statements, analysis: str, **values: str) -> list[dict[str, Any]]:
        assert analysis == "find_reference"
        hit = KNOWN.get(values["reference"])
        return [] if hit is None else [{name: getattr(hit, name) for name in Hit.__slots__}]

    def entity(_: Statements, meant: Meant) -> Entity:
        golden = {"person_id": meant.entity_id, "display_name": "Ann Lee"}
        return Entity(
            meant.entity, meant.entity_id, meant.notice, golden, MEMBERS, bridge_of(MEMBERS), ()
        )

    monkeypatch.setattr("orchestrator.bigquery.connect.connect", MagicMock())
    monkeypatch.setattr("orchestrator.explain.statements._texts", lambda _: {})
    monkeypatch.setattr(Statements, "rows", rows)
    monkeypatch.setattr("orchestrator.explain.entity.read_entity", entity)
    monkeypatch.setattr("orchestrator.explain.pair.read_pair", lambda *_: pair())


def test_an_entity_is_shown_by_any_reference(capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["show", "old"]) == 0
    told = capsys.readouterr().out
    assert "person per_1" in told
    assert "Ann Lee" in told
    assert "old was merged into per_1 on 2026-03-01" in told


def test_an_entity_is_shown_to_a_program(capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["show", "left", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["golden"]["person_id"] == "per_1"
    assert [one["record_id"] for one in document["members"]] == ["a", "b", "c"]


def test_a_pair_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["explain", "left", "right"]) == 0
    told = capsys.readouterr().out
    for words in ("crm:contact:1", "web:lead:2", "given_name", "against it"):
        assert words in told


def test_a_pair_is_explained_to_a_program(capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["explain", "old", "right", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["is_joined"] is False
    assert [one["code"] for one in document["reasons"]] == ["evidence_against"]
    assert document["notices"] == ["old was merged into per_1 on 2026-03-01"]


@pytest.mark.parametrize(
    ("references", "problem", "what_to_do"),
    [
        (("left", "firm"), "'left' is a person and 'firm' a company", "name two people"),
        (("left", "left"), "'left' and 'left' are both crm:contact:1", "concord show per_1"),
        (("left", "nobody"), "nothing is known as 'nobody'", "a phone number"),
    ],
)
def test_what_is_no_pair_says_why(
    references: tuple[str, str],
    problem: str,
    what_to_do: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert execute(["explain", *references]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert problem in told.err
    assert what_to_do in told.err
