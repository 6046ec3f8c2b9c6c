"""What somebody means by a reference, and how an entity is shown."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from orchestrator.errors import InputError
from orchestrator.explain import statements
from orchestrator.explain.entity import Entity, Event, Member, bridge_of
from orchestrator.explain.find import Hit, meant_by
from orchestrator.explain.words import entity_lines
from orchestrator.settings.values import Settings

if TYPE_CHECKING:
    from pathlib import Path

THEN = datetime(2026, 3, 1, tzinfo=UTC)
RECORD = Hit("record", "person", "crm:contact:1", "per_1", None, None)
RETIRED = Hit("retired", "person", None, "per_1", "merged", THEN)
GONE = Hit("retired", "person", None, None, "retired", THEN)
MAIL = Hit("contact", "person", "crm:contact:1", "per_1", "a@example.org", None)
SAME_MAIL = Hit("contact", "person", "web:lead:2", "per_2", "a@example.org", None)
ASIDE = Hit("quarantine", "", "crm:contact:9", None, "the e-mail address is broken", THEN)
ALIKE = Hit("alike", "person", "crm:contact:1", "per_1", None, None)


def test_an_id_of_a_record_goes_before_everything_else() -> None:
    meant = meant_by("crm:contact:1", [ALIKE, SAME_MAIL, RECORD], as_record=True)
    assert (meant.id, meant.entity_id, meant.notice) == ("crm:contact:1", "per_1", "")


def test_a_retired_id_leads_to_the_one_that_is() -> None:
    meant = meant_by("per_0", [RETIRED], as_record=True)
    assert meant.id == "per_1"
    assert meant.notice == "per_0 was merged into per_1 on 2026-03-01"


@pytest.mark.parametrize(("as_record", "meant"), [(True, "crm:contact:1"), (False, "per_1")])
def test_an_address_is_that_of_its_record_or_entity(as_record: bool, meant: str) -> None:
    assert meant_by("a@example.org", [MAIL], as_record=as_record).id == meant


@pytest.mark.parametrize(
    ("hits", "words"),
    [
        ([MAIL, SAME_MAIL], "that of 2 entities: per_1 (person), per_2 (person)"),
        ([GONE], "is no more: it retired on 2026-03-01"),
        ([ASIDE, ALIKE], "crm:contact:9 lies in the quarantine, and is no record: the e-mail"),
        ([ALIKE], "nothing is known as 'what'; did you mean 'crm:contact:1'?"),
        ([], "nothing is known as 'what'"),
    ],
)
def test_a_reference_that_is_not_one_says_why(hits: list[Hit], words: str) -> None:
    with pytest.raises(InputError) as raised:
        meant_by("what", hits, as_record=False)
    assert words in raised.value.message
    if not hits:
        assert "a phone number" in raised.value.what_to_do


def member(
    record_id: str,
    part_key: int | None,
    *,
    same_as: str | None = None,
    linked: str | None = None,
    strongest: str | None = None,
) -> Member:
    return Member(
        record_id=record_id,
        source_system="crm",
        updated_at=THEN,
        record_name="ann lee",
        record_address=None,
        record_contacts="a@example.org",
        same_as_record_id=same_as,
        strongest_record_id=strongest,
        strongest_weight=7.25 if strongest else None,
        linked_record_id=linked,
        part_key=part_key,
        bridge_weight=None if part_key is None else 0.5,
    )


MEMBERS = (
    member("a", 1, strongest="b"),
    member("b", 1, linked="a", strongest="a"),
    member("c", 2, same_as="a"),
)


def test_the_smaller_side_of_the_weakest_bridge_is_named() -> None:
    bridge = bridge_of(MEMBERS)
    assert bridge is not None
    assert (bridge.mean_weight, bridge.record_ids_of_one_side) == (0.5, ("c",))
    assert bridge_of((member("a", None),)) is None


def test_an_entity_says_why_each_record_is_in_and_what_happened() -> None:
    born = Event(THEN, "born", "new_record", None, "per_1", 3)
    golden = {"person_id": "per_1", "display_name": "Ann Lee", "emails": ["a@example.org", "b@x"]}
    found = Entity("person", "per_1", "", golden, MEMBERS, bridge_of(MEMBERS), (born,))
    text = "\n".join(entity_lines(found))
    for words in (
        *("person per_1\n", "a@example.org, b@x", "Records (3)", "+7.2 bits with b"),
        *("its source links it to a", "says the same as a", "a mean of +0.5 bits holds these\n  c"),
        "2026-03-01 00:00 born: 3 records, from nothing to per_1 (new_record)",
    ):
        assert words in text


def test_a_text_to_fill_in_becomes_a_parameter() -> None:
    sql = "select 'fill in: left' as l, 'fill in: right' as r, 'other' as o"
    assert statements.with_parameters(sql) == "select @left as l, @right as r, 'other' as o"


def test_compiled_statements_are_kept_until_the_project_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "dbt_project.yml").write_text("name: concord", encoding="utf-8")
    (tmp_path / "analyses").mkdir()
    (tmp_path / "analyses" / "a.sql").write_text("select 1", encoding="utf-8")
    settings = Settings(project_dir=tmp_path)
    kept = settings.state_dir / "explain" / f"{statements._fingerprint(settings)}.json"
    kept.parent.mkdir(parents=True)
    kept.write_text(json.dumps({"a": "select 1 as a"}), encoding="utf-8")
    monkeypatch.setattr(statements, "project_manifest", lambda *_: {})
    assert statements._texts(settings) == {"a": "select 1 as a"}
    (tmp_path / "analyses" / "a.sql").write_text("select 2, 3", encoding="utf-8")
    assert statements._texts(settings) == {}
    assert not kept.exists()
